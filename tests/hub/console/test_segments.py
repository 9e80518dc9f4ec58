# SPDX-License-Identifier: Apache-2.0
"""Segments are described, counted, named and used on their pages, by keyboard and on a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from hub.campaigns import audiences
from hub.campaigns.models import Audience
from hub.ledger import forgetting, purchasing
from hub.ledger.models import Customer
from hub.programmes.models import Product
from hub.programmes.modules import switch_on
from hub.programmes.publish import keep_category, keep_product
from loyalty.basket import Line
from loyalty.module import Module
from tests.hub.console.test_browser import signed_in
from tests.hub.console.test_every_page import NO_SCROLL
from tests.hub.console.things import segment
from tests.hub.console.world import World

PATIENCE_MS = 30_000
WOMEN = {
    "name": "Dames",
    "join": "all",
    "b0-join": "all",
    "b0-0-kind": "gender",
    "b0-0-gender": "f",
}


@pytest.fixture
def shelf(world: World) -> dict[str, str]:
    """Ids of what is sold, of which Élodie bought a tart, and Marie bread long ago."""
    bread = keep_category(world.lucet.pk, name="Pains", rank=1)
    cakes = keep_category(world.lucet.pk, name="Gâteaux", rank=2)
    tart = keep_product(world.lucet.pk, name="Tarte au citron", category=cakes, cents=480)
    marie = world.till.join("Marie", "Hoarau", serial=600, at=timezone.now() - timedelta(days=400))
    loaf = Line(label="Pain", unit_cents=200, category=bread.pk)
    world.till.sell(loaf, customer=marie, at=timezone.now() - timedelta(days=300))
    slice_ = Line(label="Tarte", unit_cents=480, category=cakes.pk, product=tart.pk)
    world.till.sell(slice_, customer=world.elodie)
    world.till.send()
    purchasing.keep_due()
    Customer.objects.filter(pk=world.elodie.pk).update(gender="f", postcode="97460")
    return {"bread": bread.pk, "cakes": cakes.pk, "tart": tart.pk}


@pytest.fixture
def phone(
    transactional_db: None, world: World, shelf: dict[str, str], live_server, browser: Browser
) -> Iterator[Page]:
    """Isabelle's browser, as narrow as a phone; a script that fails fails the test."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 800})
    page = signed_in(context, live_server.url, world.isabelle)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/campagnes/segments/")
    yield page
    context.close()
    assert not wrong


def add(page: Page, kind: str, *, block: int = 0) -> None:
    """Add a condition with the keyboard alone."""
    page.locator(f"[name=b{block}-new]").focus()
    page.keyboard.type(kind[:6])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def number(page: Page, count: str) -> None:
    """What the page counts, a moment after somebody stopped typing; a busy machine takes longer."""
    expect(page.locator("#counted .say")).to_have_text(count, timeout=PATIENCE_MS)


@pytest.mark.row("D4")
def test_who_bought_of_a_category_or_a_product_is_a_segment(
    phone: Page, shelf: dict[str, str]
) -> None:
    phone.get_by_role("link", name="Ajouter").click()
    phone.get_by_label("Nom").fill("Amateurs de tartes")
    number(phone, "–")
    add(phone, "Rayon acheté")
    expect(phone.locator("[name=b0-0-did]")).to_be_focused()
    phone.locator("[name=b0-0-article]").select_option(label="Gâteaux")
    number(phone, "1 client")
    add(phone, "Article acheté")
    phone.locator("[name=b0-1-article-q]").press_sequentially("tarte citr")
    phone.get_by_label("Tarte au citron · Gâteaux").check()
    phone.locator("[name=b0-1-months]").fill("3")
    within = "« Tarte au citron » ces 3 derniers mois"
    expect(phone.locator("#counted")).to_contain_text(within, timeout=PATIENCE_MS)
    number(phone, "1 client")
    assert phone.evaluate(NO_SCROLL)
    phone.get_by_role("button", name="Enregistrer").last.click()
    expect(phone.locator("h1")).to_have_text("Amateurs de tartes")
    expect(phone.locator("tbody")).to_contain_text("Élodie Marchand")
    expect(phone.locator("tbody")).not_to_contain_text("Marie")


@pytest.mark.row("K1")
def test_a_segment_is_made_counted_saved_renamed_duplicated_and_deleted(phone: Page) -> None:
    expect(phone.locator(".empty")).to_contain_text("Aucun segment encore")
    phone.get_by_role("link", name="Ajouter").click()
    add(phone, "Genre")
    phone.locator("[name=b0-0-gender]").select_option(label="Femme")
    number(phone, "1 client")
    add(phone, "Aucun achat depuis")
    phone.locator("[name=b0-1-months]").fill("6")
    number(phone, "0 client")
    phone.locator("[name=b0-join]").select_option("any")
    number(phone, "2 clients")
    phone.get_by_role("button", name="Ajouter un bloc").click()
    add(phone, "Code postal", block=1)
    phone.locator("[name=b1-0-begins]").fill("974")
    number(phone, "1 client")
    whole = "(est une femme ou n’a rien acheté depuis 6 mois) et a un code postal"
    expect(phone.locator("#counted")).to_contain_text(whole, timeout=PATIENCE_MS)
    # Enter in a field saves, and presses nothing else
    phone.get_by_label("Nom").press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("corrigez ce qui est marqué")
    assert phone.evaluate(NO_SCROLL)
    phone.get_by_label("Nom").fill("Femmes de l’Ouest")
    phone.get_by_label("Nom").press("Enter")
    expect(phone.locator("h1")).to_have_text("Femmes de l’Ouest")
    phone.get_by_role("link", name="Modifier").click()
    phone.get_by_role("button", name="Retirer : Code postal").click()
    number(phone, "2 clients")
    phone.get_by_label("Nom").fill("À relancer")
    phone.get_by_role("button", name="Enregistrer").last.click()
    expect(phone.locator("h1")).to_have_text("À relancer")
    phone.get_by_role("link", name="Modifier").click()
    phone.get_by_role("button", name="Dupliquer").click()
    expect(phone.locator("h1")).to_have_text("À relancer (copie)")
    phone.get_by_role("button", name="Supprimer").click()
    expect(phone.locator("tbody tr")).to_have_count(1)
    expect(phone.locator("tbody tr")).to_contain_text("2")
    phone.get_by_role("link", name="À relancer dans la liste").click()
    expect(phone.locator("[name=segment]")).to_have_value(re.compile(".+"))
    expect(phone.locator("#rows tbody tr")).to_have_count(2)


@pytest.mark.row("K1")
def test_without_scripts_conditions_come_and_go_by_their_buttons(
    transactional_db: None, world: World, shelf: dict[str, str], live_server, browser: Browser
) -> None:
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = signed_in(context, live_server.url, world.isabelle)
    page.goto(f"{live_server.url}/campagnes/segments/ajouter/")
    for kind in ("Genre", "Âge"):
        page.locator("[name=b0-new]").select_option(label=kind)
        page.get_by_role("button", name="Ajouter", exact=True).click()
    page.get_by_role("button", name="Retirer : Âge").click()
    page.get_by_label("Nom").fill("Dames")
    page.locator("[name=b0-0-gender]").select_option(label="Femme")
    page.get_by_role("button", name="Enregistrer").last.click()
    expect(page.locator("h1")).to_have_text("Dames")
    expect(page.locator("tbody")).to_contain_text("Élodie")
    context.close()


def test_a_segment_without_a_name_or_conditions_or_with_wrong_ones_is_refused_beside_them(
    world: World, isabelle: Client, shelf: dict[str, str]
) -> None:
    def refused(**typed: str) -> str:
        page = isabelle.post("/campagnes/segments/ajouter/", WOMEN | typed).content.decode()
        assert not Audience.objects.exists()
        return page

    nothing = {"name": "Tous", "join": "all", "b0-join": "all"}
    page = isabelle.post("/campagnes/segments/ajouter/", nothing).content.decode()
    assert "un segment sans condition serait tous vos clients" in page
    assert "Comment s’appelle ce segment" in refused(name=" ")
    assert "Choisissez dans la liste." in refused(**{"b0-0-gender": ""})
    theirs = keep_category(world.iles.pk, name="Romans", rank=1).pk
    kind = {"b0-0-kind": "category", "b0-0-did": "True", "b0-0-article": theirs}
    assert "Choisissez dans la liste." in refused(**kind)
    assert "Entre 1 et 120." in refused(**{"b0-0-kind": "age", "b0-0-years": "0"})
    assert "Un nombre entier." in refused(**{"b0-0-kind": "absent", "b0-0-months": "deux"})
    assert isabelle.post("/campagnes/segments/ajouter/", {"b99-join": "x"}).status_code == 200


def test_what_is_not_filled_in_yet_is_not_wrong_while_conditions_come_and_go(
    world: World, isabelle: Client
) -> None:
    half = {"name": "", "join": "all", "b0-join": "all", "b0-0-kind": "absent", "b0-new": "age"}
    page = isabelle.post("/campagnes/segments/ajouter/", half | {"act": "add-0"}).content.decode()
    assert "errorlist" not in page
    assert "aria-invalid" not in page
    page = isabelle.post("/campagnes/segments/ajouter/", half).content.decode()
    assert "Comment s’appelle ce segment" in page
    assert "Depuis combien de mois ?" in page


def test_a_name_is_given_once(world: World, isabelle: Client) -> None:
    for _ in range(2):
        page = isabelle.post("/campagnes/segments/ajouter/", WOMEN)
    assert "Un autre segment s’appelle déjà ainsi." in page.content.decode()
    assert Audience.objects.get().name == "Dames"
    long = segment(world.lucet, "x" * 60)
    copies = [audiences.duplicate(long).name for _ in range(2)]
    assert [len(name) for name in copies] == [60, 60]
    assert copies[0] != copies[1]


def test_there_are_no_more_segments_than_are_counted_together(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences, "MOST", 1)
    one = segment(world.lucet)
    for url, typed in (
        ("/campagnes/segments/ajouter/", WOMEN),
        (f"/campagnes/segments/{one.pk}/conditions/", {"act": "duplicate"}),
    ):
        page = isabelle.post(url, typed, follow=True).content.decode()
        assert "Il y a déjà 1 segments" in page
    assert Audience.objects.count() == 1


def test_what_is_sold_no_more_under_a_new_name_and_a_closed_shop_are_chosen_all_the_same(
    world: World, isabelle: Client, shelf: dict[str, str]
) -> None:
    Product.objects.filter(pk=shelf["tart"]).update(name="Tarte citron", gone=True)
    world.denis.closed_at = timezone.now()
    world.denis.save()
    typed = WOMEN | {
        "b0-0-kind": "product", "b0-0-did": "True", "b0-0-article": shelf["tart"],
        "b0-1-kind": "shop", "b0-1-tie": "joined", "b0-1-shop": world.denis.pk,
        "act": "block",
    }  # fmt: skip
    page = isabelle.post("/campagnes/segments/ajouter/", typed).content.decode()
    assert "Tarte citron (retiré) · Gâteaux" in page
    assert "Saint-Denis (fermée)" in page
    typed.pop("act")
    page = isabelle.post("/campagnes/segments/ajouter/", typed, follow=True).content.decode()
    assert "a acheté « Tarte citron » et s’est inscrit à Saint-Denis" in page
    assert "Élodie" in page


def test_who_was_anonymised_is_in_no_segment(
    world: World, isabelle: Client, shelf: dict[str, str]
) -> None:
    isabelle.post("/campagnes/segments/ajouter/", WOMEN)
    made = Audience.objects.get()
    assert "Élodie" in isabelle.get(f"/campagnes/segments/{made.pk}/").content.decode()
    forgetting.forget(world.elodie, reason="demandé", person_id=None)
    page = isabelle.get(f"/campagnes/segments/{made.pk}/").content.decode()
    assert "Personne aujourd’hui" in page
    world.elodie.refresh_from_db()
    gone = (world.elodie.gender, world.elodie.postcode, world.elodie.birth_year)
    assert gone == ("", "", None)


def test_segments_go_with_the_campaigns_module(world: World, isabelle: Client) -> None:
    one = segment(world.lucet)
    assert "/campagnes/segments/" in isabelle.get("/clients/").content.decode()
    switch_on(world.lucet.pk, set(Module) - {Module.CAMPAIGNS})
    page = isabelle.get(f"/clients/?segment={one.pk}").content.decode()
    assert "/campagnes/" not in page
    assert 'name="segment"' not in page
    assert "Élodie" in page
    assert isabelle.get("/campagnes/segments/").status_code == 404


def test_a_shop_and_another_merchant_narrow_by_no_segment_of_the_merchant(
    world: World, bruno: Client, charlotte: Client
) -> None:
    world.till.visit(world.elodie)
    world.till.send()
    one = segment(world.lucet)  # nobody fits
    assert "Élodie" in bruno.get(f"/clients/?segment={one.pk}").content.decode()
    assert "Chloé" in charlotte.get(f"/clients/?segment={one.pk}").content.decode()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"birth_year": "1980"}, "L’année va avec le jour et le mois."),
        ({"birth_year": "1981", "day": "29", "month": "2"}, "Cette année n’a pas de 29 février."),
        ({"birth_year": "2099", "day": "1", "month": "2"}, "Ce jour n’est pas encore venu."),
        ({"birth_year": "80", "day": "1", "month": "2"}, "Entre 1900 et 2099."),
        ({"postcode": "97 4_0"}, "Des chiffres, comme 97410."),
    ],
)
def test_what_makes_no_sense_of_somebody_is_refused(
    world: World, isabelle: Client, typed: dict[str, str], why: str
) -> None:
    url = f"/clients/{world.elodie.pk}/fiche/"
    assert why in isabelle.post(url, {"first_name": "Élodie"} | typed).content.decode()


def test_what_somebody_said_of_themselves_is_kept_shown_and_given_to_them(
    world: World, isabelle: Client
) -> None:
    typed = {"first_name": "Élodie", "day": "29", "month": "2", "birth_year": "1980",
             "gender": "f", "postcode": "97 410"}  # fmt: skip
    isabelle.post(f"/clients/{world.elodie.pk}/fiche/", typed)
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    for word in ("29 février 1980", "Femme", "97410"):
        assert word in page
    told = isabelle.get(f"/clients/{world.elodie.pk}/donnees/").json()
    (said,) = told["Identité"]
    assert (said["Année de naissance"], said["Genre"], said["Code postal"]) == (
        1980,
        "Femme",
        "97410",
    )


def test_many_segments_ask_the_database_as_often_as_one(world: World, isabelle: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert isabelle.get("/campagnes/segments/").status_code == 200
        return len(queries)

    segment(world.lucet, "une")
    isabelle.get("/campagnes/segments/")
    few = asked()
    for n in range(12):
        segment(world.lucet, f"une {n}")
    assert asked() == few
