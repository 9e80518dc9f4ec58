# SPDX-License-Identifier: Apache-2.0
"""Points as payment, and a stock that ends, at the terminal’s screens."""

from dataclasses import replace

import pytest

from loyalty.account import Account, points_of, stock_of
from loyalty.entry import Sold
from loyalty.feed import BalanceIs, ProgrammeIs
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
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
