# SPDX-License-Identifier: Apache-2.0
"""A customer's points become a gift card at the terminal, inside the rights that it has (SPEC H4)."""

from dataclasses import replace

import pytest

from loyalty.account import gift_of, points_of
from loyalty.entry import GiftSold
from loyalty.feed import BalanceIs, GiftOffer, GiftOffersAre
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE, THEO

CARD = ELODIE.codes[0]
OFFERS = GiftOffersAre((GiftOffer(1000, 240), GiftOffer(2000, 450)))


def offers(glass: Glass) -> None:
    """Unlock, scan Élodie's card, and look at what is offered for points."""
    glass.bakery.hub_says(OFFERS)
    glass.unlock()
    glass.scan(CARD)
    look(glass)


def look(glass: Glass) -> None:
    glass.tap("Carte cadeau", "Échanger des points")


def name_and_take(glass: Glass, points: int) -> None:
    """It is for Élodie, as is written there already; her address; yes."""
    assert glass.reads("Élodie")
    glass.tap("Suivant")
    glass.answer("elodie@exemple.re")
    assert glass.reads(f"Échanger {points} points", "contre une carte cadeau de 10 €")
    assert not glass.bakery.facts(GiftSold)
    glass.tap(f"Échanger {points} points")


def made(glass: Glass) -> GiftSold:
    (found,) = glass.bakery.facts(GiftSold)
    assert isinstance(found, GiftSold)
    return found


@pytest.mark.row("H4")
def test_points_become_a_card_whose_number_and_price_are_said(glass: Glass) -> None:
    offers(glass)
    assert glass.reads("10 €", "240 points", "Prêt", "20 €", "encore 205 points")
    assert not glass.can_touch("20 €")
    glass.tap("10 €")
    glass.bakery.grants()
    glass.wait(0.01)
    name_and_take(glass, 240)
    assert glass.reads("C’est enregistré", "pour Élodie", "−240", "Nouveau solde", "5")
    card = made(glass)
    assert (card.cents, card.points, card.virtual, card.customer) == (1000, 240, True, "elodie")
    assert glass.bakery.shown(points_of("elodie")) == 5
    assert glass.bakery.shown(gift_of(card.fingerprint)) == 1000
    glass.tap("Imprimer")
    paper = glass.paper()
    assert "Points utilisés : −240" in paper
    assert "Nouveau solde 5" in paper


@pytest.mark.row("H4")
def test_offline_a_card_is_given_for_points_that_were_earned_here(glass: Glass) -> None:
    glass.bakery.online(up=False)
    offers(glass)
    assert glass.reads("avec le réseau")
    assert not glass.can_touch("10 €"), "its points can't be promised here now"
    glass.tap("Retour")
    glass.line("25000")
    glass.tap("Enregistrer", "Client suivant")
    glass.scan(CARD)
    look(glass)
    glass.tap("10 €")
    name_and_take(glass, 240)
    assert made(glass).points == 240
    assert glass.bakery.shown(points_of("elodie")) == 245 + 250 - 240


@pytest.mark.row("H4")
def test_what_the_hub_can_t_grant_in_full_takes_no_points_and_says_how_many_are_here(
    glass: Glass,
) -> None:
    offers(glass)
    glass.tap("10 €")
    glass.bakery.grants(0.5)
    glass.wait(0.01)
    assert glass.reads("120 points sur 240")
    glass.tap("Réessayer")
    glass.bakery.grants()
    glass.wait(0.01)
    name_and_take(glass, 240)
    assert made(glass).points == 240


def test_both_cards_of_one_person_pay_for_it(glass: Glass) -> None:
    glass.bakery.hub_says(replace(THEO, of="elodie"))
    glass.bakery.hub_says(BalanceIs(points_of("elodie"), 200), BalanceIs(points_of("theo"), 50))
    offers(glass)
    glass.tap("10 €")
    glass.bakery.grants()
    glass.wait(0.01)
    name_and_take(glass, 240)
    paid = {hold.account.owner: hold.amount for hold in made(glass).spent}
    assert paid == {"elodie": 200, "theo": 40}
    assert glass.bakery.shown(points_of("theo")) == 10


def test_nothing_is_offered_to_nobody_nor_where_the_merchant_offers_nothing(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.tap("Carte cadeau")
    assert not glass.can_touch("Échanger des points")
    glass.tap("Retour", "Retirer le client")
    glass.bakery.hub_says(OFFERS)
    glass.tap("Carte cadeau")
    assert not glass.can_touch("Échanger des points")


def test_who_leaves_before_the_end_keeps_the_points(glass: Glass) -> None:
    offers(glass)
    glass.tap("10 €")
    glass.bakery.grants()
    glass.wait(0.01)
    glass.tap("Retour")
    assert not glass.bakery.facts(GiftSold)
    assert glass.bakery.shown(points_of("elodie")) == 245
