# SPDX-License-Identifier: Apache-2.0
"""A module that is closed or off is nowhere: no menu, no page, no interface (SPEC A7, A8)."""

import pytest
from django.test import Client

from hub.ledger.acts import create_gift_card
from hub.merchants import tokens
from hub.merchants.tokens import May
from hub.programmes.modules import open_to, switch_on
from hub.programmes.publish import published
from loyalty.module import Module
from tests.hub.console.world import ENTERING, World, appointment, baguette

EVERY = frozenset(Module)
ADDRESS = "/modules/"
PAGES = {
    Module.LOYALTY: ("Programmes", "/programmes/", "/rapports/points/"),
    Module.TIERS: ("Statuts", "/statuts/"),
    Module.GIFT_CARDS: ("Cartes cadeaux", "/cartes-cadeaux/", "/cartes-cadeaux/points/"),
    Module.BOOKINGS: ("Rendez-vous", "/rendez-vous/", "/rendez-vous/prestations/"),
}
ASKED = {
    Module.LOYALTY: "/api/1/programme",
    Module.BOOKINGS: "/api/1/services",
}


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.row("A8")
@pytest.mark.parametrize("module", PAGES)
def test_what_the_merchant_switches_off_is_gone_and_comes_back(
    world: World, isabelle: Client, module: Module
) -> None:
    name, *pages = PAGES[module]
    assert f">{name}</a>" in read(isabelle, "/boutiques/").replace("</svg>", ">")
    left = [one.value for one in Module if one is not module]
    answer = isabelle.post(ADDRESS, {"modules": left}, follow=True)
    assert "Les modules sont enregistrés" in answer.content.decode()
    assert f"{name}</a>" not in read(isabelle, "/boutiques/")
    assert {isabelle.get(page).status_code for page in pages} == {404}
    isabelle.post(ADDRESS, {"modules": [*Module]})
    assert {isabelle.get(page).status_code for page in pages} == {200}


@pytest.mark.row("A7")
@pytest.mark.parametrize("module", PAGES)
def test_what_the_operator_closed_can_not_even_be_switched_on(
    world: World, isabelle: Client, bruno: Client, odile: Client, module: Module
) -> None:
    plan = {"modules": [one.value for one in Module if one is not module]}
    said = odile.post(f"/commerces/{world.lucet.pk}/fiche/", plan, follow=True).content.decode()
    assert "Le forfait de Maison Lucet est enregistré" in said
    name, *pages = PAGES[module]
    assert name not in read(isabelle, ADDRESS)
    isabelle.post(ADDRESS, {"modules": [*Module]})
    for client in (isabelle, bruno):
        assert {client.get(page).status_code for page in pages} <= {404, 403}
    assert isabelle.get(pages[0]).status_code == 404


@pytest.mark.row("A7")
@pytest.mark.parametrize("module", ASKED)
def test_a_closed_module_is_not_in_the_interface_either(world: World, module: Module) -> None:
    secret = tokens.make(world.lucet.pk, "Agenda", [*May], by_id=world.isabelle.pk)[1]
    asked = {"Authorization": f"Bearer {secret}"}
    assert Client().get(ASKED[module], headers=asked).status_code == 200
    open_to(world.lucet.pk, EVERY - {module})
    assert Client().get(ASKED[module], headers=asked).status_code == 404


def test_the_pages_that_stay_say_nothing_of_points(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(), customer=world.elodie)
    world.till.send()
    pages = ("/tableau/", "/clients/", f"/clients/{world.elodie.pk}/")
    before = [read(isabelle, page) for page in pages]
    switch_on(world.lucet.pk, EVERY - {Module.LOYALTY})
    for page, was in zip(pages, before, strict=True):
        now = read(isabelle, page)
        for words in ("Points en circulation", "points en tout", "utilisables", "Cagnotte"):
            assert words not in now, page
        assert now != was
    assert '"/programmes/' not in read(isabelle, "/tableau/")


def test_the_public_page_of_the_programme_goes_with_it(world: World, isabelle: Client) -> None:
    page = f"/p/{world.lucet.pk}/fidelite/"
    assert Client().get(page).status_code == 200
    switch_on(world.lucet.pk, EVERY - {Module.LOYALTY})
    assert Client().get(page).status_code == 404


def test_what_was_promised_stands(world: World, isabelle: Client) -> None:
    """A card that was sold keeps its money, an appointment its place; both are seen again."""
    card = create_gift_card(
        world.denis, cents=4000, buyer="Anne", recipient="Paul", email="paul@client.example"
    )
    meeting = appointment(world.denis, world.elodie)
    switch_on(world.lucet.pk, ())
    switch_on(world.lucet.pk, EVERY)
    assert "40,00" in read(isabelle, f"/cartes-cadeaux/{card.pk}/")
    assert isabelle.get(f"/rendez-vous/{meeting.pk}/").status_code == 200


def test_rules_of_gift_cards_are_published_without_the_loyalty_module(
    world: World, isabelle: Client
) -> None:
    switch_on(world.lucet.pk, EVERY - {Module.LOYALTY})
    isabelle.post("/cartes-cadeaux/regles/", {"months": "12", "purpose": "multi", "vat": ""})
    preview = isabelle.get("/programmes/publier/")
    assert "12 mois" in preview.content.decode()
    answer = isabelle.post("/programmes/publier/", {"read": preview.context["read"]})
    assert answer.url == "/statuts/"
    programme = published(world.lucet.pk)
    assert programme is not None
    assert (programme.giftcards.months, programme.rewards) == (12, ())


def test_an_operator_reads_what_a_merchant_switched(world: World, odile: Client) -> None:
    switch_on(world.lucet.pk, EVERY - {Module.TIERS})
    odile.post(f"/commerces/{world.lucet.pk}/entrer/", ENTERING)
    page = read(odile, ADDRESS)
    assert "Statuts" in page
    assert "Enregistrer" not in page
