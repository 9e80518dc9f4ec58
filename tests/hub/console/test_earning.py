# SPDX-License-Identifier: Apache-2.0
"""How points come, wait and go: edited on one page, tried on the example, published with the rest."""

import re

import pytest
from django.test import Client

from hub.console import rulebook
from hub.console.forms import earning
from hub.programmes.models import Product
from hub.programmes.publish import draft, keep_category, keep_product, rules_of
from loyalty.calendar import ExpiryKind, ExpiryRule, Window
from loyalty.programme import EarnRule, LoyaltyProgramme
from tests.hub.console.test_programmes import publish, text, version
from tests.hub.console.world import World

GAP = "\N{NO-BREAK SPACE}"


def form(**changes: object) -> dict[str, object]:
    """Fill in the rules as they are to begin with."""
    filled = {
        "earn_points": "1",
        "earn_per": "1,00",
        "point_value": "0,01",
        "pending_days": "0",
        "expiry": "never",
        "expiry_months": "",
        "birthday_days": "0",
        "order": "50,00",
        "act": "save",
    }
    return filled | changes


def tobacco(world: World) -> Product:
    shelf = keep_category(world.lucet.pk, name="Tabac")
    return keep_product(world.lucet.pk, category=shelf, name="Allumettes", cents=100)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'value="(\w+)" id="id_(?:not_earning|left_out)_\d+" checked', page))


def edited(world: World) -> LoyaltyProgramme:
    return draft(world.lucet.pk, version=0)


@pytest.mark.row("C14")
def test_the_example_says_what_an_order_of_50_euros_earns(isabelle: Client) -> None:
    page = text(isabelle.get("/programmes/gains/"))
    said = "Une commande de 50,00{g}€ rapporte 50 points, soit 0,50{g}€ à valoir."
    assert said.format(g=GAP) in page
    page = text(isabelle.post("/programmes/gains/exemple/", form(earn_points="3", earn_per="20")))
    assert "6 points" in page  # two steps of 20
    assert f"10,00{GAP}€" in page  # carried


@pytest.mark.row("C9")
def test_the_step_of_earning_is_changed_here_and_shown_in_the_list(
    world: World, isabelle: Client
) -> None:
    isabelle.post("/programmes/gains/", form(earn_points="5", earn_per="50"))
    assert edited(world).earn == EarnRule(5, 5000)
    assert f"5 points pour 50,00{GAP}€" in text(isabelle.get("/programmes/"))


@pytest.mark.row("C21")
def test_categories_and_products_that_do_not_earn_are_ticked(
    world: World, isabelle: Client
) -> None:
    matches = tobacco(world)
    page = text(isabelle.get("/programmes/gains/"))
    assert "Tabac" in page
    assert "Allumettes · Tabac" in page
    isabelle.post("/programmes/gains/", form(not_earning=[matches.category_id]))
    page = text(isabelle.get("/programmes/gains/"))
    assert ticked(page) == {matches.category_id}
    isabelle.post("/programmes/gains/", form(left_out=[matches.pk]))
    page = text(isabelle.get("/programmes/gains/"))
    assert ticked(page) == {matches.pk}
    publish(isabelle)
    assert version(world).not_earning == (matches.pk,)


def test_articles_beyond_those_that_the_page_has_room_for_stay_left_out(
    world: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earning, "MOST_SHOWN", 1)
    monkeypatch.setattr(rulebook, "MOST_NAMED", 1)
    first = tobacco(world)
    second = keep_product(world.lucet.pk, category=first.category, name="Timbres", cents=143)
    rules = rules_of(world.lucet.pk)
    rules.not_earning = [first.pk, second.pk]
    rules.save()
    assert "Et 1 autre, qui se règle sur sa fiche" in text(isabelle.get("/programmes/gains/"))
    assert "Allumettes, et 1 autre" in text(isabelle.get("/programmes/"))
    isabelle.post("/programmes/gains/", form())
    assert rules_of(world.lucet.pk).not_earning == [second.pk]


@pytest.mark.row("C21")
def test_double_points_have_days_hours_and_dates(world: World, isabelle: Client) -> None:
    double = form(
        **{
            "w0-factor": "2",
            "w0-weekdays": ["1", "3"],
            "w0-opens": "14:00",
            "w0-closes": "18:00",
            "w0-from_day": "2026-12-01",
            "w0-until_day": "2026-12-24",
        }
    )
    page = text(isabelle.post("/programmes/gains/exemple/", double))
    assert "mar, jeu · 14:00–18:00 · du mar. 1 déc. au jeu. 24 déc." in page
    assert "100 points" in page
    isabelle.post("/programmes/gains/", double)
    afternoon = Window(
        factor_bp=20_000,
        weekdays=(1, 3),
        from_minute=14 * 60,
        until_minute=18 * 60,
        from_day="2026-12-01",
        until_day="2026-12-24",
    )
    assert edited(world).windows == (afternoon,)
    page = text(isabelle.get("/programmes/gains/"))
    assert 'name="w0-factor" value="2"' in page
    assert 'name="w1-factor"' in page  # room for another
    isabelle.post("/programmes/gains/", form(**{"w0-factor": "1,5", "w1-factor": ""}))
    assert edited(world).windows == (Window(factor_bp=15_000),)
    isabelle.post("/programmes/gains/", form(**{"w0-factor": ""}))
    assert edited(world).windows == ()


def test_points_wait_and_expire_by_the_draft(world: World, isabelle: Client) -> None:
    waits = form(pending_days="7", expiry="purchase", expiry_months="12", birthday_days="14")
    page = text(isabelle.post("/programmes/gains/exemple/", waits))
    assert "sans nouvel achat" in page
    isabelle.post("/programmes/gains/", waits)
    offer = edited(world)
    assert offer.pending_days == 7
    assert offer.expiry == ExpiryRule(ExpiryKind.PURCHASE, 12)
    assert offer.birthday_days == 14
    isabelle.post("/programmes/gains/", form(expiry="never", expiry_months="12"))
    assert edited(world).expiry == ExpiryRule()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"earn_points": ""}, "Ce champ est obligatoire."),
        ({"pending_days": "91"}, "Entre 0 et 90."),
        ({"expiry": ""}, "Dites quand les points expirent, ou « jamais »."),
        ({"expiry": "award", "expiry_months": ""}, "Au bout de combien de mois ?"),
        ({"expiry": "award", "expiry_months": "0"}, "Entre 1 et 120."),
        ({"birthday_days": "x"}, "Un nombre entier."),
        ({"not_earning": ["gone"]}, "Ce rayon n’est plus au catalogue."),
        ({"left_out": ["gone"]}, "Cet article n’est plus au catalogue."),
        ({"left_out-q": "rien"}, "Choisissez dans la liste, ou effacez la recherche."),
        ({"w0-factor": "1"}, "Entre 1,01 et 10,00."),
        ({"w0-factor": "deux"}, "Un nombre, comme 2 ou 1,5."),
        ({"w0-weekdays": ["2"]}, "Par combien ? 2 double les points."),
        ({"w0-factor": "2", "w0-opens": "18:00", "w0-closes": "14:00"}, "Plus tard que le début"),
        ({"w0-factor": "2", "w0-opens": "25:00"}, "Une heure, comme 14:00."),
        (
            {"w0-factor": "2", "w0-from_day": "2026-12-24", "w0-until_day": "2026-12-01"},
            "Le dernier jour est avant le premier.",
        ),
    ],
)
def test_an_error_says_what_to_do_and_nothing_is_saved(
    world: World, isabelle: Client, wrong: dict[str, object], said: str
) -> None:
    tobacco(world)
    before = edited(world)
    page = text(isabelle.post("/programmes/gains/", form(earn_per="7", **wrong)))
    assert said in page
    assert "Rien n’est enregistré" in page
    assert 'value="7"' in page
    assert edited(world) == before
    assert isabelle.post("/programmes/gains/exemple/", form(**wrong)).status_code == 200


def test_trying_the_example_keeps_nothing(world: World, isabelle: Client) -> None:
    isabelle.post("/programmes/gains/exemple/", form(earn_points="9"))
    isabelle.post("/programmes/gains/", form(earn_points="9", act="example"))
    assert rules_of(world.lucet.pk).earn_points == 1
