# SPDX-License-Identifier: Apache-2.0
"""The rules of the game as staff and customers meet them at the terminal's screens."""

from dataclasses import replace

import pytest

from loyalty.account import (
    Account,
    Kind,
    birthday_of,
    points_of,
    stock_of,
    visits_of,
    welcome_of,
)
from loyalty.calendar import Window
from loyalty.entry import Sold
from loyalty.feed import BalanceIs, ProgrammeIs
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.tier import Tier
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE

CARD = ELODIE.codes[0]
COFFEE = Reward(id="coffee", kind="gift", title="Café", cost=0)
POINTS = Reward(
    id="points",
    kind="points",
    title="Points fidélité",
    cost=0,
    terms=(("most_points", 100), ("least_cents", 1000)),
)


def rules(glass: Glass, *rewards: Reward, **said) -> None:
    """What the merchant has published."""
    programme = LoyaltyProgramme(version=4, earn=EarnRule(), rewards=rewards, **said)
    glass.bakery.hub_says(ProgrammeIs(programme))


def has(glass: Glass, account: Account, amount: int) -> None:
    glass.bakery.hub_says(BalanceIs(account, amount))


def serve(glass: Glass, cents: str) -> None:
    """Unlock, scan the card, type a line."""
    glass.unlock()
    glass.scan(CARD)
    glass.line(cents)


def save(glass: Glass) -> Sold:
    """Save, the hub granting what is asked; gives the sale."""
    glass.tap("Enregistrer")
    glass.bakery.grants()
    glass.wait(0.01)
    assert glass.reads("C’est enregistré")
    found = glass.bakery.facts(Sold)[-1]
    assert isinstance(found, Sold)
    return found


@pytest.mark.row("C6")
def test_a_welcome_is_for_the_very_first_order_and_costs_no_points(glass: Glass) -> None:
    rules(glass, replace(COFFEE, options=Options(welcome=True)))
    has(glass, welcome_of("elodie"), 1)
    serve(glass, "500")
    glass.tap("Café")
    sold = save(glass)
    assert sold.points == 5
    assert [use.points for use in sold.applied] == [0]
    glass.tap("Client suivant")
    glass.scan(CARD)
    assert glass.reads("Café", "première vente")
    assert not glass.can_touch("Café")


@pytest.mark.row("C7")
def test_the_third_visit_brings_its_coffee_by_itself(glass: Glass) -> None:
    rules(glass, replace(COFFEE, cost=3, options=Options(per_visit=True)))
    has(glass, visits_of("elodie"), 1)
    serve(glass, "200")
    assert glass.reads("Café", "encore 1 visite")
    save(glass)
    glass.tap("Client suivant")
    glass.wait(3600)
    if glass.can_touch("Déverrouiller"):
        glass.unlock()
    glass.scan(CARD)
    glass.line("200")
    sold = save(glass)
    assert [use.title for use in sold.applied] == ["Café"]
    assert glass.bakery.shown(visits_of("elodie")) == 0


@pytest.mark.row("C8")
def test_what_is_for_professionals_is_for_whom_the_merchant_says(glass: Glass) -> None:
    rules(glass, replace(COFFEE, options=Options(pro=True)))
    serve(glass, "500")
    assert glass.reads("Café", "pour les pros")
    assert not glass.can_touch("Café")
    glass.bakery.hub_says(replace(ELODIE, pro=True))
    glass.tap("Ligne")
    glass.keys("100")
    glass.tap("Ajouter", "Café")
    assert [use.title for use in save(glass).applied] == ["Café"]


@pytest.mark.row("C10")
@pytest.mark.row("C12")
@pytest.mark.row("C13")
@pytest.mark.row("C20")
@pytest.mark.row("G4")
def test_points_pay_as_many_as_the_customer_wants_up_to_what_the_merchant_allows(
    glass: Glass,
) -> None:
    rules(glass, POINTS, point_value_cents=2)
    serve(glass, "999")
    assert glass.reads("Points fidélité", "encore 0,01 € d’achat")
    assert not glass.can_touch("Points fidélité"), "below the least order"
    glass.line("1001")
    glass.tap("Points fidélité")
    assert glass.reads("245 points", "Le plus possible : 100")
    glass.keys("101")
    glass.tap("Utiliser 101 points")
    assert glass.can_touch("Utiliser"), "more than the merchant allows: still asked"
    glass.tap("Effacer", "Effacer", "Effacer")
    glass.keys("10")
    glass.tap("Utiliser 10 points")
    assert glass.reads("Points fidélité", "−0,20 €", "19,80 €", "gagne 19 points")
    sold = save(glass)
    assert [(use.title, use.points, use.cents_off) for use in sold.applied] == [
        ("Points fidélité", 10, 20)
    ]
    assert glass.bakery.shown(points_of("elodie")) == 245 - 10 + 19


@pytest.mark.row("C21")
def test_the_last_mug_is_given_once_and_then_said_to_be_gone(glass: Glass) -> None:
    rules(glass, replace(COFFEE, title="Mug", options=Options(stock=True)))
    has(glass, stock_of("coffee"), 1)
    serve(glass, "500")
    glass.tap("Mug")
    save(glass)
    assert glass.bakery.shown(stock_of("coffee")) == 0
    glass.tap("Client suivant")
    glass.scan(CARD)
    assert glass.reads("Mug", "épuisée")
    assert not glass.can_touch("Mug")


@pytest.mark.row("C21")
def test_double_points_and_what_earns_nothing_are_on_the_screen_before_the_order_is_saved(
    glass: Glass,
) -> None:
    rules(glass, windows=(Window(factor_bp=20_000),))
    serve(glass, "500")
    assert glass.reads("gagne 10 points")


@pytest.mark.row("C22")
def test_a_birthday_lights_its_reward_once(glass: Glass) -> None:
    rules(glass, replace(COFFEE, title="Gâteau", options=Options(birthday=True)))
    serve(glass, "500")
    assert glass.reads("Gâteau", "à l’anniversaire")
    has(glass, birthday_of("elodie", 2026), 1)
    glass.line("100")
    glass.tap("Gâteau")
    save(glass)
    glass.tap("Client suivant")
    glass.scan(CARD)
    assert not glass.can_touch("Gâteau")


@pytest.mark.row("C18")
def test_points_that_wait_are_not_there_yet(glass: Glass) -> None:
    rules(glass, pending_days=14)
    serve(glass, "500")
    assert save(glass).matures == "2026-12-06"
    assert glass.bakery.shown(points_of("elodie")) == 245
    waiting = Account(Kind.PENDING, "elodie", "2026-12-06")
    assert glass.bakery.shown(waiting) == 5


@pytest.mark.row("J11")
def test_a_tier_multiplies_points_and_opens_its_own_reward(glass: Glass) -> None:
    gold = Tier(id="gold", name="Or", factor_bp=15_000)
    rules(glass, replace(COFFEE, options=Options(tiers=("gold",))), tiers=(gold,))
    serve(glass, "1000")
    assert glass.reads("gagne 10 points", "selon le statut")
    glass.bakery.hub_says(replace(ELODIE, tier="gold"))
    glass.line("1000")
    glass.tap("Café")
    assert glass.reads("gagne 30 points")
    assert save(glass).points == 30
