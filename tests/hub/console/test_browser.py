# SPDX-License-Identifier: Apache-2.0
"""The pages in a real browser: read without scripts, obeying their policy, led by the keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hub.console import importing
from hub.console.importing import beside
from hub.console.views import imports
from hub.ledger.acts import NewCustomer, create_gift_card, register_customers
from hub.ledger.imports import work
from hub.merchants.models import Person
from loyalty.basket import Use
from tests.hub.console.browsing import next_code
from tests.hub.console.world import PASSWORD, World, baguette

MAIN_PAGES = (
    "/tableau/",
    "/caisse/",
    "/boutiques/",
    "/boutiques/ajouter/",
    "/clients/",
    "/clients/ajouter/",
    "/clients/cartes/imprimer/",
    "/programmes/",
    "/programmes/ajouter/",
    "/programmes/page/",
    "/statuts/",
    "/statuts/ajouter/",
    "/programmes/gains/",
    "/programmes/produit/",
    "/cartes-cadeaux/lots/",
    "/cartes-cadeaux/lots/faire/",
    "/cartes-cadeaux/par-mois/",
    "/cartes-cadeaux/regles/",
    "/cartes-cadeaux/points/",
    "/rapports/provision/",
    "/programmes/versions/",
    "/programmes/versions/1/",
    "/p/maison-lucet/fidelite/",
    "/cartes-cadeaux/",
    "/cartes-cadeaux/creer/",
    "/transactions/",
    "/rendez-vous/",
    "/rendez-vous/liste/",
    "/rendez-vous/prendre/",
    "/rendez-vous/prestations/",
    "/rendez-vous/prestations/ajouter/",
    "/rapports/points/",
    "/rapports/points/ajouter/",
    "/rapports/clients/",
    "/rapports/expiration/",
    "/catalogue/importer/",
    "/clients/importer/",
    "/terminaux/",
    "/a-voir/",
    "/nulle-part/",
)
MOST_STOPS = 20
"""Of the Tab key, from the content to the first customer."""
RING = "getComputedStyle(document.activeElement).outlineStyle"


@pytest.fixture
def site(transactional_db: None, world: World, live_server) -> str:
    world.till.visit(world.elodie)
    world.till.sell(baguette(7000), customer=world.elodie, staff=world.marius)
    world.till.send()
    world.till.sell(baguette(500), customer=world.elodie, uses=[Use(world.croissant.pk)], held=70)
    world.till.send()
    create_gift_card(
        world.denis, cents=4000, buyer="Anne", recipient="Théo", email="theo@client.example"
    )
    return live_server.url


def signed_in(context: BrowserContext, site: str, person: Person) -> Page:
    """Sign in as a person does, by keyboard."""
    page = context.new_page()
    page.goto(f"{site}/connexion/")
    expect(page.locator("[type=email]")).to_be_focused()
    page.keyboard.type(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/connexion/" not in url)
    return page


def test_every_page_is_read_without_scripts(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = signed_in(context, site, world.isabelle)
    for path in MAIN_PAGES:
        page.goto(site + path)
        expect(page.locator("h1")).not_to_be_empty()
    page.goto(f"{site}/clients/")
    page.get_by_role("searchbox").fill("marchand")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Élodie Marchand", exact=True).click()
    expect(page.locator("body")).to_contain_text("Croissant offert")
    page.goto(f"{site}/programmes/ajouter/")
    page.get_by_role("radio", name="Cadeau").check()
    page.get_by_label("Titre lu par le client").fill("Café offert")
    page.get_by_label("Coût").fill("60")
    page.locator("[name=gift_title]").fill("Café")
    page.get_by_role("button", name="Recalculer l’exemple").click()
    expect(page.locator("#example")).to_contain_text("50 points")
    page.get_by_role("button", name="Publier la version 2").click()
    expect(page.locator("h1")).to_have_text("Ce que change la version 2")
    page.get_by_role("button", name="Publier la version 2").click()
    expect(page.locator("body")).to_contain_text("La version 2 est publiée")
    context.close()


def test_a_sale_appears_on_an_open_dashboard_by_itself(
    browser: Browser, site: str, world: World
) -> None:
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, site, world.isabelle)
    expect(page.locator(".figures")).to_contain_text("75,00")
    world.till.sell(baguette(1234))
    world.till.send()
    expect(page.locator(".figures")).to_contain_text("87,34")
    page.reload()
    expect(page.locator(".figures")).to_contain_text("87,34")
    context.close()


@pytest.mark.row("D5")
def test_a_long_file_is_sent_checked_and_followed_to_its_end(
    browser: Browser, site: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "WAITED_S", -1.0)
    monkeypatch.setattr(importing, "WAITED_S", 0.0)
    monkeypatch.setattr(importing, "beside", beside)
    file = tmp_path / "epicerie.csv"
    file.write_text("Nom;Rayon;Prix\n" + "".join(f"Article {n};Épicerie;1\n" for n in range(100)))
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, site, world.isabelle)
    page.goto(f"{site}/catalogue/")
    page.get_by_role("link", name="Importer").click()
    page.get_by_label("Fichier CSV ou Excel").set_input_files(file)
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_role("button", name="Importer 100 lignes").click()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    work.apply_due(rest=lambda _seconds: None)
    expect(page.get_by_role("status")).to_contain_text("L’import est terminé")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    context.close()


def test_typing_narrows_the_list_and_the_address_keeps_it(
    browser: Browser, site: str, world: World
) -> None:
    register_customers(world.denis, [NewCustomer(first_name="Théo", last_name="Maillot")])
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, site, world.isabelle)
    page.goto(f"{site}/clients/")
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    page.get_by_role("searchbox").press_sequentially("mail")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert "q=mail" in page.url
    page.reload()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    context.close()


def test_the_example_follows_what_is_typed(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, site, world.isabelle)
    page.goto(f"{site}/programmes/{world.discount.pk}/")
    expect(page.locator("#example")).to_contain_text("45,00")
    page.get_by_label("Pourcentage").fill("20")
    expect(page.locator("#example")).to_contain_text("40,00")
    page.get_by_label("Commande", exact=True).fill("100")
    expect(page.locator("#example")).to_contain_text("80,00")
    expect(page.get_by_label("Commande", exact=True)).to_have_value("100")
    page.get_by_role("radio", name="Cadeau").check()
    expect(page.get_by_label("Pourcentage")).to_be_hidden()
    expect(page.locator("[name=gift_title]")).to_be_visible()
    page.get_by_role("radio", name="Carte à tampons").check()
    expect(page.locator("[name=gift_title]")).to_be_hidden()
    expect(page.get_by_label("Coût")).to_be_hidden()
    page.get_by_label("Tampons pour un article offert").fill("10")
    expect(page.locator("#example")).to_contain_text("10 tampons")
    context.close()


def test_the_keyboard_reaches_everything_and_is_seen(
    browser: Browser, site: str, world: World
) -> None:
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, site, world.isabelle)
    page.goto(f"{site}/clients/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    rings, reached = set(), []
    while "Élodie Marchand" not in reached and len(reached) < MOST_STOPS:
        rings.add(page.evaluate(RING))
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        page.keyboard.press("Tab")
    assert rings == {"solid"}
    assert reached[-1] == "Élodie Marchand"
    context.close()


def test_english_is_one_press_away(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, site, world.isabelle)
    page.goto(f"{site}/clients/")
    page.locator(".me summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Customers")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    context.close()


def test_an_operator_goes_in_with_a_reason_and_is_told_so_until_they_leave(
    browser: Browser, site: str, world: World
) -> None:
    with browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site}/connexion/")
        page.fill("[name=username]", world.odile.email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/code/")
        page.fill("[name=code]", next_code())
        page.press("[name=code]", "Enter")
        page.get_by_role("link", name="Entrer Maison Lucet").click()
        page.get_by_role("button", name="Entrer pour une heure").click()
        expect(page.get_by_text("Dites pourquoi, en quelques mots.")).to_be_visible()
        page.get_by_label("Raison").fill("Sa caisse est muette")
        page.get_by_role("button", name="Entrer pour une heure").click()
        banner = page.get_by_role("complementary", name="Vous êtes chez un commerce")
        expect(banner).to_contain_text("Sa caisse est muette")
        page.goto(f"{site}/clients/")
        expect(banner).to_contain_text("encore 60 min")
        banner.get_by_role("button", name="Quitter cet espace").click()
        page.wait_for_url("**/commerces/")
        expect(banner).to_have_count(0)
