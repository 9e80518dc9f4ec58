# SPDX-License-Identifier: Apache-2.0
"""A terminal becomes ours: it stands in one shop, and has card numbers to give."""

import pytest

from hub.merchants import enrolment, feed, registry
from hub.merchants.models import CardBlock, FeedItem, Terminal
from loyalty import card
from loyalty.feed import CardNumbers, ShopIs, StaffIs
from loyalty.pin import matches
from loyalty.wire import decode_item


def said(kind) -> list:
    items = [decode_item(bytes(i.body)) for i in FeedItem.objects.order_by("position")]
    return [item for item in items if isinstance(item, kind)]


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
