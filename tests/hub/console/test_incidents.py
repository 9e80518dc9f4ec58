# SPDX-License-Identifier: Apache-2.0
"""Each incident is explained, leads to what settles it, and is closed with a note."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from hub.console.explained import KINDS
from hub.ledger import incidents
from hub.ledger.models import Incident, IncidentKind
from tests.hub.console.world import ENTERING, World, baguette


def noted(world: World, kind: IncidentKind, subject: str = "", **facts: object) -> Incident:
    incidents.note(
        kind,
        at=timezone.now(),
        merchant_id=world.lucet.pk,
        terminal_id=world.till.terminal.pk,
        subject=subject,
        **facts,
    )
    return Incident.objects.latest("pk")


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("kind", IncidentKind)
def test_every_kind_has_its_words_and_its_page(
    world: World, isabelle: Client, kind: IncidentKind
) -> None:
    assert kind in KINDS
    incident = noted(world, kind)
    page = read(isabelle, f"/a-voir/{incident.pk}/")
    for words in (KINDS[kind].title, KINDS[kind].happened, KINDS[kind].means, KINDS[kind].todo):
        assert words in page
    assert "Voir le journal de la caisse" in page


def test_a_kind_that_was_given_up_is_still_shown_and_closed(world: World, isabelle: Client) -> None:
    incident = noted(world, IncidentKind.UNSOUND)
    Incident.objects.update(kind="of-yesterday")
    assert "Point à voir" in read(isabelle, "/a-voir/")
    isabelle.post(f"/a-voir/{incident.pk}/", {"reason": "vu"})
    assert Incident.objects.get().closed_at


def test_they_are_listed_with_how_often_and_since_when(world: World, isabelle: Client) -> None:
    for _ in range(3):
        noted(world, IncidentKind.UNSOUND, "segment")
    page = read(isabelle, "/a-voir/")
    assert "Journal d’une caisse qui ne suit pas le précédent" in page
    assert 'data-name="Fois">3</td>' in page
    assert "1 point<" in page
    assert "<b>1<span" in page, "the panel counts it"


def test_none_says_that_everything_adds_up(isabelle: Client) -> None:
    assert "Tout ce que les caisses ont envoyé s’additionne." in read(isabelle, "/a-voir/")


def test_they_are_filtered_by_kind_terminal_and_state(world: World, isabelle: Client) -> None:
    noted(world, IncidentKind.UNSOUND)
    closed = noted(world, IncidentKind.FORK)
    incidents.close(closed, "réglé", person_id=world.isabelle.pk)
    unsound, fork = (f"{KINDS[kind].title}</a>" for kind in ("unsound", "fork"))
    for query, shown in (
        ("", {unsound}),
        ("state=closed", {fork}),
        ("state=all", {unsound, fork}),
        ("state=all&kind=fork", {fork}),
        ("state=all&terminal=saint-paul-1", set()),
        ("terminal=saint-denis-1", {unsound}),
        ("kind=nonsense&terminal=le-port-1", {unsound}),
    ):
        page = read(isabelle, f"/a-voir/?{query}")
        assert {words for words in (unsound, fork) if words in page} == shown, query


def test_a_customer_a_card_and_a_sale_are_one_press_away(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(), customer=world.elodie)
    world.till.send()
    world.till.sell_gift_card(2000, fingerprint="f" * 32, last4="04Q2")
    world.till.send()
    sale = world.lucet.journalentry_set.get(kind="sold")
    card = world.lucet.gift_cards.get()
    incident = noted(
        world, IncidentKind.OVERHELD, world.elodie.uuid, account="points", entry=sale.event_id
    )
    page = read(isabelle, f"/a-voir/{incident.pk}/")
    assert f'href="/clients/{world.elodie.pk}/">Élodie Marchand' in page
    assert f'href="/transactions/{sale.pk}/">0001' in page
    by_hash = noted(world, IncidentKind.OVERHELD, world.elodie.uuid, entry=sale.hash)
    assert f'href="/transactions/{sale.pk}/">0001' in read(isabelle, f"/a-voir/{by_hash.pk}/")
    about_card = noted(world, IncidentKind.GIFT_UNTOLD, card.fingerprint)
    page = read(isabelle, f"/a-voir/{about_card.pk}/")
    assert f'href="/cartes-cadeaux/{card.pk}/">n° …04Q2' in page


def test_a_card_given_twice_offline_names_who_needs_another_and_its_number(
    world: World, isabelle: Client
) -> None:
    first = world.till.join("Ana", "Payet", serial=800)
    second = world.till.join("Bob", "Hoarau", serial=800)
    page = read(isabelle, f"/a-voir/{Incident.objects.get(kind='card_taken').pk}/")
    assert "Deux caisses ont donné le même numéro de carte" in page
    assert f'href="/clients/{second.pk}/">Bob Hoarau' in page
    assert str(first) not in page
    given, instead = (who.cards.get().code for who in (first, second))
    assert f"…{given[-4:]}" in page
    assert instead in page.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert "Donnez au second client une carte avec son nouveau numéro." in page


def test_another_merchants_customer_is_not_named(world: World, isabelle: Client) -> None:
    incident = noted(world, IncidentKind.OVERHELD, world.chloe.uuid)
    assert "Chloé" not in read(isabelle, f"/a-voir/{incident.pk}/")


def test_it_is_closed_with_a_note_and_a_name(world: World, isabelle: Client) -> None:
    incident = noted(world, IncidentKind.UNSOUND)
    address = f"/a-voir/{incident.pk}/"
    page = isabelle.post(address, {"reason": " "}).content.decode()
    assert "Dites en quelques mots ce que vous avez vu ou fait." in page
    assert not Incident.objects.get().closed_at
    answer = isabelle.post(address, {"reason": "La carte a été changée"}, follow=True)
    assert "C’est classé, avec votre note." in answer.content.decode()
    page = read(isabelle, address)
    assert "Classé, Isabelle Lucet" in page
    assert "La carte a été changée" in page
    assert "Classer avec cette note" not in page


def test_who_comes_second_changes_nothing(world: World, isabelle: Client, odile: Client) -> None:
    incident = noted(world, IncidentKind.UNSOUND)
    odile.post(f"/commerces/{world.lucet.pk}/entrer/", ENTERING)
    odile.post(f"/a-voir/{incident.pk}/", {"reason": "première"})
    answer = isabelle.post(f"/a-voir/{incident.pk}/", {"reason": "seconde"}, follow=True)
    assert "Quelqu’un l’avait classé entre-temps" in answer.content.decode()
    assert Incident.objects.get().ruling.reason == "première"


def test_the_same_again_after_closing_is_another(world: World) -> None:
    first = noted(world, IncidentKind.UNSOUND, "segment")
    incidents.close(first, "vu", person_id=world.isabelle.pk)
    assert noted(world, IncidentKind.UNSOUND, "segment").pk != first.pk


def test_an_operator_sees_those_of_all_and_steps_into_one(world: World, odile: Client) -> None:
    incident = noted(world, IncidentKind.UNSOUND)
    incidents.note(IncidentKind.FORK, at=timezone.now(), merchant_id=None)
    page = read(odile, "/commerces/a-voir/")
    assert "Maison Lucet" in page
    assert "Deux suites différentes d’un même journal" in page
    assert "<b>2<span" in page
    there = f"/a-voir/{incident.pk}/"
    answer = odile.post("/commerces/maison-lucet/entrer/", ENTERING | {"next": there}, follow=True)
    assert answer.redirect_chain[-1][0] == there
    assert "votre nom est gardé avec la décision" in answer.content.decode()


def test_stepping_in_leads_to_no_other_site(world: World, odile: Client) -> None:
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = odile.post("/commerces/maison-lucet/entrer/", ENTERING | {"next": elsewhere})
        assert answer.url == "/tableau/"


def test_every_kind_is_in_the_operators_book() -> None:
    book = (Path(__file__).parent.parent.parent.parent / "docs" / "operating.md").read_text()
    told = dict(re.findall(r"^### `(\w+)` · (.+)$", book, re.MULTILINE))
    assert set(told) == set(KINDS) >= set(IncidentKind.values)
    assert {kind: words.title.replace("’", "'") for kind, words in KINDS.items()} == told
