# SPDX-License-Identifier: Apache-2.0
"""Customers and their cards in a browser (SPEC E4 to E12, M6)."""

import csv
import re
from pathlib import Path

import pytest
import zxingcpp
from playwright.sync_api import expect

from hub.ledger.cardbatches import CardBatch
from hub.ledger.models import Customer
from tests.hub.console.test_giftbatches import paint
from tests.hub.console.web.conftest import Reads
from tests.hub.console.web.test_shops import row
from tests.hub.console.world import World, baguette
from tests.reader import Reader

BLANK = "HA-113"


def search(me: Reader, words: str) -> None:
    """Type into the list of customers, until it is narrowed to that."""
    me.open("Clients")
    me.tab.get_by_role("searchbox").press_sequentially(words)
    expect(me.tab).to_have_url(re.compile(f"q={words}"))


def record(me: Reader, name: str) -> None:
    """Open somebody's page."""
    me.open("Clients")
    me.follow(name)


@pytest.mark.row("E4")
def test_cards_to_print_come_as_a_file_that_a_scanner_reads(
    reads: Reads, world: World, tmp_path: Path
) -> None:
    me = reads(world.isabelle)
    me.open("Clients")
    me.follow("Cartes à imprimer")
    me.tab.get_by_role("textbox").fill("10")
    me.press("Faire ces cartes")
    with me.tab.expect_download() as sent:
        me.tab.get_by_role("link", name="PDF").click()
    sent.value.save_as(file := tmp_path / "cards.pdf")
    (page,) = paint(file.read_bytes())
    read = {found.text for found in zxingcpp.read_barcodes(page)}
    assert read == set(CardBatch.objects.get().codes)


@pytest.mark.row("E5", "E6")
def test_a_new_customer_is_registered_with_a_card_that_is_nobody_elses(
    reads: Reads, world: World
) -> None:
    me = reads(world.isabelle)
    me.open("Clients")
    me.follow("Ajouter")
    me.type("Prénom", "Zoé")
    me.type("Nom", "Payet", hint="facultatif")
    me.tab.get_by_label(me.said("Code client")).fill(world.elodie.cards.get().code)
    me.press("Inscrire")
    expect(me.tab.get_by_text("Élodie Marchand")).to_be_visible()
    me.tab.get_by_label(me.said("Code client")).fill(BLANK)
    me.press("Inscrire")
    expect(me.tab.locator("h1")).to_have_text("Zoé Payet")
    expect(me.tab.get_by_role("main")).to_contain_text(BLANK)


@pytest.mark.row("E7", "E10")
def test_a_customer_is_found_with_their_points_and_changed(reads: Reads, world: World) -> None:
    world.till.sell(baguette(4200), customer=world.elodie)
    world.till.join("Théo", "Maillot", serial=900)
    world.till.send()
    me = reads(world.isabelle)
    search(me, "elodie")
    expect(row(me.tab, "Théo")).to_have_count(0)
    expect(row(me.tab, "Élodie Marchand")).to_contain_text("42")
    me.follow("Élodie Marchand")
    me.follow("Modifier sa fiche")
    me.type("Nom", "Técher", hint="facultatif")
    me.press("Enregistrer")
    expect(me.tab.locator("h1")).to_have_text("Élodie Técher")


@pytest.mark.row("E11")
def test_a_lost_card_is_blocked_a_new_one_given_and_the_points_stay(
    reads: Reads, world: World
) -> None:
    world.till.sell(baguette(4200), customer=world.elodie)
    world.till.send()
    me = reads(world.isabelle)
    record(me, "Élodie Marchand")
    me.follow("Donner une carte")
    me.tab.get_by_label(me.said("Code client")).fill(BLANK)
    me.tab.get_by_role("radio", name=re.compile(me.said("Perdue"))).check(force=True)
    me.type("Raison", "Perdue au marché")
    me.press("Donner cette carte")
    main = me.tab.get_by_role("main")
    expect(main).to_contain_text(BLANK)
    expect(main.get_by_role("link", name=me.said("Débloquer"))).to_be_visible()
    expect(me.tab.locator("dl.balances div").first).to_contain_text("42")


@pytest.mark.row("E12")
def test_two_records_become_one_and_are_parted_again(reads: Reads, world: World) -> None:
    theo = world.till.join("Théo", "Marchand", serial=700)
    for customer, cents in ((theo, 1200), (world.elodie, 3000)):
        world.till.sell(baguette(cents), customer=customer)
    world.till.send()
    me = reads(world.isabelle)
    points = me.tab.locator("dl.balances div").first
    record(me, "Élodie Marchand")
    me.follow("Réunir avec un autre")
    me.tab.get_by_role("searchbox").fill("marchand")
    me.press("Chercher")
    me.follow("Théo Marchand")
    me.type("Raison", "Même personne, deux cartes")
    me.press("Réunir ces deux clients")
    expect(points).to_contain_text("42")
    me.follow("Les séparer")
    me.type("Raison", "Deux sœurs")
    me.press("Séparer ces deux clients")
    expect(points).to_contain_text("30")


@pytest.mark.row("M6", "E2")
def test_members_are_taken_away_as_a_file_and_come_back_from_one(
    reads: Reads, world: World, tmp_path: Path
) -> None:
    me = reads(world.isabelle)
    me.open("Clients")
    with me.tab.expect_download() as sent:
        me.tab.get_by_role("link", name="CSV").click()
    sent.value.save_as(file := tmp_path / "members.csv")
    with file.open(encoding="utf-8-sig", newline="") as text:
        heads, *lines = csv.reader(text, delimiter=";")
    joined = heads.index(me.said("Adhésion au programme de fidélité"))
    assert [line[joined] for line in lines] == ["1"]
    first_name = heads.index(me.said("Prénom"))
    new = ["" for _ in heads]
    new[first_name], new[joined] = "Zoé", "1"
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text, delimiter=";").writerows([heads, *lines, new])
    me.follow("Importer un fichier de clients")
    me.tab.get_by_label(me.said("Fichier CSV ou Excel")).set_input_files(file)
    me.press("Lire ce fichier")
    expect(row(me.tab, "Zoé")).to_be_visible()
    assert not Customer.objects.filter(first_name="Zoé").exists()
    two = me.words.ngettext("Importer %(lines)s ligne", "Importer %(lines)s lignes", 2)
    me.tab.get_by_role("button", name=two % {"lines": 2}).click()
    me.wait("L’import est terminé ; les caisses l’apprennent.")
    assert Customer.objects.get(first_name="Zoé").joined_at
