# SPDX-License-Identifier: Apache-2.0
"""A terminal becomes ours: settings it can start from, numbers it may give."""

import pytest
from django.core.management import CommandError, call_command

from firmware import config
from firmware.till.pin import matches
from hub.merchants import enrolment, feed, registry
from hub.merchants.models import CardBlock, FeedItem, Terminal
from loyalty import card
from loyalty.feed import CardNumbers, ShopIs, StaffIs
from loyalty.wire import decode_item


def said(kind) -> list:
    items = [decode_item(bytes(i.body)) for i in FeedItem.objects.order_by("position")]
    return [item for item in items if isinstance(item, kind)]


def test_the_terminal_starts_from_what_the_command_writes(shop, tmp_path, capsys):
    path = tmp_path / "terminals" / "saint-denis-1.toml"
    told = ("--shop", shop.pk, "--terminal", "saint-denis-1", "--out", str(path))
    call_command("enrol", *told, "--screen", "720x1280", "--scanner", "hid://", "--port", "1999")
    read = config.load(path)
    assert (read.terminal, read.gen, read.merchant, read.shop) == (
        "saint-denis-1",
        1,
        "maison-lucet",
        shop.pk,
    )
    assert read.lookup_key.hex() == shop.merchant.lookup_key
    assert (read.host, read.port, read.width, read.height) == ("127.0.0.1", 1999, 720, 1280)
    assert (read.scanners, read.printer) == (("hid://",), "mock:")
    assert path.stat().st_mode & 0o077 == 0, "nobody else reads it"
    call_command("enrol", *told)
    assert config.load(path).gen == 2


def test_the_command_says_what_to_correct(shop):
    with pytest.raises(CommandError, match="saint-denis"):
        call_command("enrol", "--shop", "nowhere", "--terminal", "saint-denis-1")
    with pytest.raises(CommandError, match="minuscules"):
        call_command("enrol", "--shop", shop.pk, "--terminal", "Caisse 1")
    with pytest.raises(CommandError, match="800x480"):
        call_command("enrol", "--shop", shop.pk, "--terminal", "saint-denis-1", "--screen", "big")


def test_a_terminal_of_another_merchant_is_not_taken_over(shop, stranger):
    with pytest.raises(enrolment.BadTerminal):
        enrolment.enrol(shop, stranger.terminal.pk)
    assert Terminal.objects.get(pk=stranger.terminal.pk).merchant_id == "payet"


def test_every_terminal_gets_numbers_of_its_own(shop):
    for n in range(3):
        enrolment.enrol(shop, f"saint-denis-{n}")
    blocks = sorted(CardBlock.objects.values_list("first", "last"))
    assert blocks == [(0, 999), (1000, 1999), (2000, 2999)]
    assert said(CardNumbers) == [CardNumbers(first=a, last=b) for a, b in blocks]


def test_a_terminal_that_runs_low_is_given_more(till, merchant):
    till.joins("ana", code=card.issue(merchant.card_prefix, 750))
    till.send()
    assert CardBlock.objects.count() == 1
    till.joins("bob", code=card.issue(merchant.card_prefix, 850))
    till.joins("eve", code=card.issue(merchant.card_prefix, 851))
    till.send()
    assert said(CardNumbers)[-1] == CardNumbers(first=1000, last=1999)
    assert CardBlock.objects.count() == 2


def test_what_changes_is_told(merchant, shop):
    registry.change_merchant(merchant.pk, colour="#7A1F2B", pitch_fr="Bienvenue")
    registry.change_shop(shop, name="Saint-Denis centre")
    newest = said(ShopIs)[-1]
    assert (newest.colour, newest.pitch_fr, newest.name) == (
        "#7A1F2B",
        "Bienvenue",
        "Saint-Denis centre",
    )
    assert FeedItem.objects.latest("position").audience == feed.to_shop(shop.pk)


def test_staff_unlock_the_till_until_they_leave(merchant):
    camille = registry.hire(merchant.pk, "Camille", pin="4821")
    item = said(StaffIs)[-1]
    assert matches("4821", item.pin)
    assert not matches("4822", item.pin)
    registry.dismiss(camille)
    assert said(StaffIs)[-1] == StaffIs(id=camille.pk, name="Camille", pin="")
