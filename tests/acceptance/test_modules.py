# SPDX-License-Identifier: Apache-2.0
"""A module that is closed or off is nowhere at the till; what was promised stands (A7, A8)."""

import re
from dataclasses import replace

import pytest

from firmware.store import replica
from loyalty.basket import GiftUse
from loyalty.entry import Sold
from loyalty.feed import ProgrammeIs
from loyalty.module import Module, without
from loyalty.tier import Tier
from tests.acceptance.glass import Glass
from tests.acceptance.test_at_the_terminal import sell_gift
from tests.firmware.till.conftest import ELODIE

CARD = ELODIE.codes[0]


def switch_off(glass: Glass, *gone: Module) -> None:
    """The hub publishes the rules without these."""
    now = replica.programme(glass.bakery.db)
    assert now is not None
    left = without(replace(now, version=now.version + 1), gone)
    glass.bakery.hub_says(ProgrammeIs(left))
    glass.wait(0.01)


@pytest.mark.row("A7")
@pytest.mark.row("A8")
def test_without_loyalty_a_card_names_its_customer_and_no_point_is_spoken_of(glass: Glass) -> None:
    switch_off(glass, Module.LOYALTY)
    assert not glass.reads("point")
    glass.scan(CARD)
    assert glass.reads("Bonjour Élodie")
    assert not glass.reads("point")
    glass.tap("Terminé")
    glass.unlock()
    glass.scan(CARD)
    glass.line("1960")
    assert glass.reads("Élodie M.", "La vente sera à son nom.")
    assert not glass.reads("point")
    assert not glass.reads("Croissant")
    glass.tap("Enregistrer")
    assert glass.reads("C’est enregistré", "payés par Élodie")
    assert not glass.reads("point")
    (sold,) = glass.bakery.facts(Sold)
    assert isinstance(sold, Sold)
    assert (sold.customer, sold.points, sold.carry_cents, sold.due_cents) == (
        *(ELODIE.id, 0, 0, 1960),
    )


@pytest.mark.row("A7")
@pytest.mark.row("A8")
def test_without_gift_cards_none_is_sold_and_one_that_was_still_pays(glass: Glass) -> None:
    glass.unlock()
    made = sell_gift(glass)
    shown = (str(w["label"]) for w in glass.display.widgets())
    number = next(words for words in shown if re.fullmatch(r"(\w{4} ){3}\w", words))
    glass.tap("Client suivant")
    switch_off(glass, Module.GIFT_CARDS)
    glass.line("3000")
    assert not glass.can_touch("Carte cadeau")
    glass.tap("Chercher")
    glass.answer(number)
    glass.tap("Le plus possible")
    glass.tap("Payer 30,00 €")
    glass.tap("Enregistrer")
    sold = glass.bakery.facts(Sold)[-1]
    assert isinstance(sold, Sold)
    assert sold.gifts == (GiftUse(made.fingerprint, 3000),)


@pytest.mark.row("A7")
def test_without_tiers_nobody_has_one_at_the_till(glass: Glass) -> None:
    now = replica.programme(glass.bakery.db)
    assert now is not None
    gold = Tier(id="gold", name="Or", threshold=100_00, factor_bp=20_000)
    glass.bakery.hub_says(ProgrammeIs(replace(now, tiers=(gold,))))
    glass.bakery.hub_says(replace(ELODIE, tier="gold"))
    glass.scan(CARD)
    assert glass.reads("Or")
    glass.tap("Terminé")
    switch_off(glass, Module.TIERS)
    glass.unlock()
    glass.scan(CARD)
    glass.line("1000")
    assert not glass.reads("· Or")
    assert glass.reads("gagne 10 points")
