# SPDX-License-Identifier: Apache-2.0
"""The merchant names who works at the tills and who allows refunds; tills hear of it (SPEC A10)."""

import pytest
from django.test import Client

from hub.ledger import snapshot
from hub.merchants import registry
from hub.merchants.models import FeedItem, Staff
from loyalty import card
from loyalty.feed import StaffIs
from loyalty.pin import matches
from loyalty.wire import decode_item
from tests.hub.console.world import ENTERING, World

ADDRESS, ADD = "/equipe/", "/equipe/ajouter/"
NADIA = {"name": "Nadia", "pin": "1357", "badge": "", "manager": "on"}
BADGE = "EQUIPE-0042"


def told(world: World, staff: Staff) -> StaffIs:
    """What tills last heard of somebody."""
    items = FeedItem.objects.filter(merchant=world.lucet).order_by("-position")
    every = (decode_item(bytes(item.body)) for item in items)
    return next(item for item in every if isinstance(item, StaffIs) and item.id == staff.pk)


def read(client: Client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode()


@pytest.mark.row("A10", "F7")
def test_who_may_allow_refunds_is_added_and_tills_hear_of_it(
    world: World, isabelle: Client
) -> None:
    answer = isabelle.post(ADD, NADIA, follow=True).content.decode()
    assert "Nadia peut ouvrir les caisses." in answer
    nadia = Staff.objects.get(merchant=world.lucet, name="Nadia")
    heard = told(world, nadia)
    assert (heard.name, heard.manager, heard.badge) == ("Nadia", True, "")
    assert matches("1357", heard.pin)
    assert "1357" not in read(isabelle)
    assert "Responsable" in read(isabelle)


@pytest.mark.row("A10")
def test_a_badge_is_kept_as_tills_look_it_up_and_its_end_is_shown(
    world: World, isabelle: Client
) -> None:
    isabelle.post(ADD, {"name": "Théo", "badge": f" {BADGE} "})
    theo = Staff.objects.get(name="Théo", merchant=world.lucet)
    assert told(world, theo) == StaffIs(
        id=theo.pk, name="Théo", badge=registry.hash_badge(world.lucet, BADGE)
    )
    page = read(isabelle)
    assert "…0042" in page
    assert BADGE not in page + read(isabelle, f"{ADDRESS}{theo.pk}/")


def test_whose_pin_changes_keeps_their_badge_and_their_name(world: World, isabelle: Client) -> None:
    isabelle.post(ADD, NADIA | {"badge": BADGE})
    nadia = Staff.objects.get(name="Nadia", merchant=world.lucet)
    isabelle.post(f"{ADDRESS}{nadia.pk}/", {"name": "Nadia B.", "pin": "8642"})
    heard = told(world, nadia)
    assert matches("8642", heard.pin)
    assert not matches("1357", heard.pin)
    assert (heard.name, heard.manager, bool(heard.badge)) == ("Nadia B.", False, True)
    isabelle.post(f"{ADDRESS}{nadia.pk}/", {"name": "Nadia", "manager": "on"})
    heard = told(world, nadia)
    assert matches("8642", heard.pin)
    assert heard.manager


def test_who_stops_opens_no_till_and_may_come_back(world: World, isabelle: Client) -> None:
    isabelle.post(ADD, NADIA | {"badge": BADGE})
    nadia = Staff.objects.get(name="Nadia", merchant=world.lucet)
    answer = isabelle.post(f"{ADDRESS}{nadia.pk}/arreter/", follow=True).content.decode()
    assert "Nadia n’ouvre plus aucune caisse." in answer
    assert "N’ouvre plus les caisses" in answer
    assert told(world, nadia) == StaffIs(id=nadia.pk, name="Nadia", manager=True)
    made = snapshot.make(world.till.terminal)
    _, lines = snapshot.part(world.till.terminal, made.pk, 1)
    people = [item for item in map(decode_item, lines) if isinstance(item, StaffIs)]
    assert nadia.pk not in {one.id for one in people}, "nor does a till that starts afresh know her"
    isabelle.post(f"{ADDRESS}{nadia.pk}/", NADIA)
    assert matches("1357", told(world, nadia).pin)


def test_a_merchant_without_managers_is_told_that_nobody_can_refund(
    world: World, isabelle: Client
) -> None:
    isabelle.post(ADD, NADIA | {"manager": ""})
    warning = "Aucune caisse ne peut rembourser ni annuler une vente."
    assert warning in read(isabelle)
    isabelle.post(ADD, {"name": "Théo", "pin": "9753", "manager": "on"})
    assert warning not in read(isabelle)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Donnez-lui un nom"),
        ({"name": "nadia"}, "Quelqu’un de l’équipe a déjà ce nom."),
        ({"pin": "12"}, "Quatre chiffres."),
        ({"pin": "12a4"}, "Quatre chiffres."),
        ({"pin": "1357"}, "Quelqu’un a déjà ce code"),
        ({"pin": ""}, "Donnez un code ou un badge."),
        ({"badge": "AB"}, "Ce n’est pas le code d’un badge."),
        ({"badge": BADGE}, "Quelqu’un de l’équipe a déjà ce badge."),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(
    world: World, isabelle: Client, given: dict[str, str], said: str
) -> None:
    isabelle.post(ADD, NADIA | {"badge": BADGE})
    before = Staff.objects.count()
    page = isabelle.post(ADD, {"name": "Théo", "pin": "8642"} | given).content.decode()
    assert said in page
    assert Staff.objects.count() == before


def test_a_customer_s_card_is_no_badge(world: World, isabelle: Client) -> None:
    code = world.elodie.cards.get().code
    assert isinstance(card.read(code), card.CardCode)
    page = isabelle.post(ADD, {"name": "Théo", "badge": code}).content.decode()
    assert "C’est la carte d’un client." in page


def test_an_operator_reads_the_team(world: World, odile: Client) -> None:
    registry.hire(world.lucet.pk, "Nadia", pin="1357", manager=True)
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    page = read(odile)
    assert "Nadia" in page
    assert "Ajouter" not in page
