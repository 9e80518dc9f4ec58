# SPDX-License-Identifier: Apache-2.0
"""Shops, what they sell and what that came to, in a browser (SPEC B2 to D5, F3)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.ledger import counting, purchasing
from loyalty.basket import Line
from tests.hub.console.tilling import bread, code, gained
from tests.hub.console.web.conftest import Reads
from tests.hub.console.world import World, baguette

EAN = "3270190000013"
SALE_CENTS = 1234


def row(tab: Page, words: str):
    """The line of a list that says this."""
    return tab.get_by_role("row", name=re.compile(re.escape(words)))


@pytest.mark.row("B2", "F3")
def test_a_shops_account_sells_to_a_card_and_finds_the_sale_again(
    reads: Reads, world: World
) -> None:
    bread(world)
    gained(world, 70)
    me = reads(world.bruno)
    me.open("Caisse")
    for scan in (code(world.elodie), EAN):
        me.tab.get_by_role("searchbox").fill(scan)
        me.tab.keyboard.press("Enter")
        expect(me.tab.get_by_role("searchbox")).to_have_value("")
    expect(me.tab.get_by_role("main")).to_contain_text("Élodie")
    me.press("Enregistrer la vente")
    me.wait("C’est enregistré")
    me.open("Transactions")
    row(me.tab, "Élodie").first.get_by_role("link").first.click()
    me.follow("Ticket")
    expect(me.tab.get_by_role("main")).to_contain_text("Baguette tradition")


@pytest.mark.row("B3")
def test_a_shop_is_found_on_the_dashboard_and_managed_where_shops_are(
    reads: Reads, world: World
) -> None:
    for till, cents in ((world.till, SALE_CENTS), (world.till_of_paul, 900)):
        till.sell(baguette(cents))
        till.send()
    me = reads(world.isabelle)
    me.open("Tableau de bord")
    figures = me.tab.get_by_role("main")
    expect(figures).to_contain_text(re.compile(r"21[.,]34"))
    shop = me.tab.get_by_role("combobox", name=me.said("Boutique"))
    shop.select_option(label="Saint-Paul")
    expect(me.tab).to_have_url(re.compile(world.paul.pk))
    expect(figures).to_contain_text(re.compile(r"9[.,]00"))
    expect(figures).not_to_contain_text(re.compile(r"21[.,]34"))
    me.tab.get_by_role("link", name=me.said("Aide")).first.click()
    expect(me.tab.get_by_role("dialog")).to_be_visible()
    me.press("J’ai compris")
    me.open("Boutiques")
    me.follow("Saint-Paul")
    me.type("Adresse", "3 chaussée Royale")
    me.type("Téléphone", "02 62 45 00 00")
    me.type("Adresse e-mail", "saint-paul@lucet.example")
    me.type("Ville", "Saint-Paul-les-Bains")
    me.press("Enregistrer")
    expect(row(me.tab, "Saint-Paul-les-Bains")).to_be_visible()


@pytest.mark.row("B4")
def test_a_shop_and_a_period_are_chosen_and_taken_away_as_a_file(
    reads: Reads, world: World, tmp_path: Path
) -> None:
    world.till.sell(baguette(SALE_CENTS), customer=world.elodie)
    world.till.send()
    counting.count_due()
    me = reads(world.isabelle)
    me.panel.get_by_role("link", name=me.said("Rapports")).click()
    sales = me.tab.locator("dl.tiles div", has_text=re.compile("^" + me.said("Ventes")))
    expect(sales).to_contain_text(re.compile(r"12[.,]34"))
    expect(me.tab.get_by_role("img").first).to_be_visible()
    me.tab.get_by_text(me.said("Les mêmes chiffres en tableau")).click()
    expect(me.tab.get_by_role("table").first).to_be_visible()
    me.tab.get_by_role("combobox", name=me.said("Boutique")).select_option(label="Saint-Paul")
    expect(sales).to_contain_text(re.compile(r"0[.,]00"))
    with me.tab.expect_download() as sent:
        me.tab.get_by_role("link", name="CSV").click()
    sent.value.save_as(file := tmp_path / "figures.csv")
    assert me.said("Ventes") in file.read_text("utf-8-sig")


@pytest.mark.row("D1", "D2")
def test_a_category_and_its_product_are_made_by_their_forms(reads: Reads, world: World) -> None:
    me = reads(world.isabelle)
    me.open("Catalogue")
    me.type("Nom du rayon", "Pains")
    me.press("Ajouter le rayon")
    me.follow("Ajouter un article")
    me.press("Enregistrer")
    expect(me.tab.get_by_text(me.said("Donnez-lui un nom."))).to_be_visible()
    me.type("Nom", "Baguette tradition")
    me.type("Prix, TVA comprise", "1,35")
    me.type("TVA", "5,5", hint="facultatif")
    me.type("Code-barres", EAN, hint="facultatif")
    me.tab.get_by_role("checkbox", name=me.said("Donne des points")).uncheck()
    me.press("Enregistrer")
    made = row(me.tab, "Baguette tradition")
    for words in ("Pains", EAN, me.words.gettext("sans points")):
        expect(made).to_contain_text(words)
    expect(made).to_contain_text(re.compile(r"1[.,]35"))


@pytest.mark.row("D4", "K1")
def test_who_bought_a_product_is_found_as_a_segment(reads: Reads, world: World) -> None:
    sold = bread(world)
    line = Line(label=sold.name, unit_cents=135, category=sold.category_id, product=sold.pk)
    world.till.sell(line, customer=world.elodie)
    world.till.send()
    purchasing.keep_due()
    me = reads(world.isabelle)
    me.open("Segments")
    me.follow("Ajouter")
    me.type("Nom", "Habitués du pain")
    me.tab.locator("[name=b0-new]").select_option(label=me.said("Article acheté"))
    me.press("Ajouter")
    me.tab.locator("[name=b0-0-article-q]").press_sequentially("tradi")
    me.tab.get_by_label("Baguette tradition · ").check()
    me.tab.get_by_role("button", name=me.said("Enregistrer")).last.click()
    expect(me.tab.locator("h1")).to_have_text("Habitués du pain")
    expect(row(me.tab, "Élodie Marchand")).to_be_visible()


@pytest.mark.row("D5")
def test_a_file_of_products_shows_its_errors_by_line_before_anything_counts(
    reads: Reads, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "epicerie.csv"
    me = reads(world.isabelle)
    heads = ";".join(me.said(head) for head in ("Nom", "Rayon", "Prix"))
    file.write_text(f"{heads}\nThé vert;Épicerie;4,50\nCafé;Épicerie;beaucoup\n")
    me.open("Catalogue")
    me.follow("Importer")
    me.tab.get_by_label(me.said("Fichier CSV ou Excel")).set_input_files(file)
    me.press("Lire ce fichier")
    wrong = me.tab.get_by_role("row").filter(has=me.tab.get_by_role("cell", name="3", exact=True))
    expect(wrong).to_contain_text("Café")
    expect(wrong).to_contain_text(me.said("Prix"))
    one = me.words.ngettext(
        "Importer %(lines)s ligne, sans les autres", "Importer %(lines)s lignes, sans les autres", 1
    )
    me.tab.get_by_role("button", name=one % {"lines": 1}).click()
    me.wait("L’import est terminé ; les caisses l’apprennent.")
    me.open("Catalogue")
    expect(row(me.tab, "Thé vert")).to_be_visible()
    expect(row(me.tab, "Café")).to_have_count(0)
