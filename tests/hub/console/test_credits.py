# SPDX-License-Identifier: Apache-2.0
"""Credits of messages: a book that only grows, its sum at the top of every page (A4)."""

import pytest
from django.test import Client
from django.urls import reverse

from hub.billing import book
from hub.billing.models import CreditLine, Kind
from tests.hub.console.world import ENTERING, World

GIFT = {"kind": "sms", "amount": "250", "reason": "Bienvenue"}


def give(client: Client, world: World, **changes: str) -> None:
    client.post(reverse("console:merchant-enter", args=[world.lucet.pk]), ENTERING)
    client.post("/credits/", GIFT | changes)


@pytest.mark.row("A4")
def test_every_page_says_which_credits_are_left(
    world: World, isabelle: Client, bruno: Client, odile: Client
) -> None:
    give(odile, world)
    give(odile, world, amount="1000", reason="Un geste")
    give(odile, world, kind="email", amount="40")
    for client in (isabelle, bruno):
        page = client.get("/clients/").text
        assert "<b>1\N{NO-BREAK SPACE}250</b> SMS" in page
        assert "<b>40</b> e-mails" in page


def test_a_merchants_credits_are_nobody_elses(
    world: World, charlotte: Client, odile: Client
) -> None:
    give(odile, world)
    assert book.left(world.iles.pk) == {Kind.SMS: 0, Kind.EMAIL: 0}
    assert "<b>0</b> SMS" in charlotte.get("/clients/").text


def test_the_book_says_who_gave_and_why(world: World, isabelle: Client, odile: Client) -> None:
    give(odile, world)
    page = isabelle.get("/credits/").text
    assert "Bienvenue" in page
    assert "Odile Payet" in page
    assert "+250" in page


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": "-5"}, {"amount": "1000001"}, {"kind": "fax"},
              {"reason": ""}],
)  # fmt: skip
def test_a_gift_that_makes_no_sense_is_refused(
    world: World, odile: Client, wrong: dict[str, str]
) -> None:
    give(odile, world, **wrong)
    assert not CreditLine.objects.exists()


def test_nobody_gives_credits_to_themselves(isabelle: Client, bruno: Client) -> None:
    for client in (isabelle, bruno):
        assert client.post("/credits/", GIFT).status_code == 403
    assert not CreditLine.objects.exists()


def test_a_line_is_never_changed_nor_removed(world: World) -> None:
    line = book.give(world.lucet.pk, Kind.SMS, amount=5, reason="", person_id=world.odile.pk)
    line.amount = 500
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()
    assert book.left(world.lucet.pk)[Kind.SMS] == 5
