# SPDX-License-Identifier: Apache-2.0
"""The daily equation on its pages: 0, or where it is not (SPEC I7)."""

import pytest
from django.db.models import F
from django.test import Client

from hub.ledger import running
from hub.ledger.models import Account, Incident, Movement
from tests.hub.console.world import ENTERING, World, baguette

ADDRESS = "/a-voir/equation/"


def read(client: Client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def selling(world: World) -> World:
    """A day with points, cashback, a visit and a gift card."""
    world.till.visit(world.elodie)
    world.till.sell(baguette(650), baguette(700), customer=world.elodie)
    world.till.sell_gift_card(2500, fingerprint="f" * 32, last4="04Q2")
    world.till.send()
    return world


def test_nothing_sold_yet_is_said_kindly(world: World, isabelle: Client) -> None:
    assert "L’équation apparaîtra avec la première vente d’une caisse." in read(isabelle)


@pytest.mark.row("I7")
def test_each_unit_shows_its_terms_and_0(selling: World, isabelle: Client) -> None:
    page = read(isabelle)
    assert "Tout s’additionne : l’écart est de 0." in page
    for unit in ("Points", "Cartes cadeaux", "Cagnottes", "Visites", "Reports"):
        assert f"<b>{unit}</b>" in page
    assert 'data-name="Émis">13</td>' in page
    assert 'data-name="Soldes"><b>25,00\N{NO-BREAK SPACE}€</b>' in page
    assert "refait à partir des écritures d’origine" in page
    assert 'class="tag brick"' not in page


@pytest.mark.row("I7")
def test_a_balance_changed_behind_the_ledgers_back_is_shown(
    selling: World, isabelle: Client, odile: Client
) -> None:
    Account.objects.filter(kind="points", owner=selling.elodie.uuid).update(balance=1013)
    page = read(isabelle)
    assert "Quelque chose ne s’additionne pas." in page
    assert '<span class="tag brick">1\N{NO-BREAK SPACE}000</span>' in page
    assert "solde 1013, mouvements 13" in page
    page = read(odile, "/commerces/equation/")
    assert "1 commerce ne s’additionne pas." in page
    assert page.index("Maison Lucet") < page.index("Librairie des Îles"), "first what is wrong"
    assert "Points 1\N{NO-BREAK SPACE}000" in page


@pytest.mark.row("I7")
def test_a_day_that_its_entries_do_not_bear_out_is_shown(selling: World, isabelle: Client) -> None:
    of_points = {"account__kind": "points", "entry__kind": "sold"}
    Movement.objects.filter(**of_points).update(amount=F("amount") + 5)
    for owner, sign in ((selling.elodie.uuid, 1), ("merchant", -1)):
        mine = Account.objects.filter(merchant=selling.lucet, kind="points", owner=owner)
        mine.update(balance=F("balance") + sign * 5)
    page = read(isabelle)
    assert "Tout s’additionne : l’écart est de 0." in page, "the sums were changed together"
    assert '<span class="tag brick">5</span>' in page


@pytest.mark.row("I7")
def test_a_night_on_which_it_is_not_0_is_something_to_look_at(
    selling: World, isabelle: Client
) -> None:
    Account.objects.filter(kind="points", owner=selling.elodie.uuid).update(balance=1013)
    running.run(["équation"])
    assert "L’équation n’est pas à 0" in read(isabelle, "/tableau/")
    incident = Incident.objects.get(kind="unequal")
    page = read(isabelle, f"/a-voir/{incident.pk}/")
    assert "1\N{NO-BREAK SPACE}000 points" in page
    assert f'href="{ADDRESS}?unit=points"' in page
    assert "solde 1013, mouvements 13" in read(isabelle, f"{ADDRESS}?unit=points")


def test_more_entrusted_than_there_is_is_shown(selling: World, isabelle: Client) -> None:
    Account.objects.filter(kind="points", owner=selling.elodie.uuid).update(held_total=50)
    assert "Quelque chose ne s’additionne pas." in read(isabelle)


def test_another_week_and_another_unit_are_one_press_away(selling: World, isabelle: Client) -> None:
    page = read(isabelle, f"{ADDRESS}?unit=gift&until=2026-01-07")
    assert "?unit=gift&amp;until=2025-12-31" in page
    assert "?unit=gift&amp;until=2026-01-14" in page
    assert "Rien n’avait encore bougé." in page
    for nonsense in ("unit=nothing", "until=yesterday", "until=9999-12-31", "until=0001-01-01"):
        assert isabelle.get(f"{ADDRESS}?{nonsense}").status_code == 200


def test_an_operator_reads_all_and_steps_in(selling: World, odile: Client) -> None:
    page = read(odile, "/commerces/equation/")
    assert "Tous les commerces s’additionnent" in page
    assert "Librairie des Îles" in page
    answer = odile.post(
        "/commerces/maison-lucet/entrer/", ENTERING | {"next": ADDRESS}, follow=True
    )
    assert "Tout s’additionne : l’écart est de 0." in answer.content.decode()
