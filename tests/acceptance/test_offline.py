# SPDX-License-Identifier: Apache-2.0
"""Without the network: everything goes on, and no screen promises what it can't keep (SPEC T5)."""

import re

import pytest

from firmware.store import rights
from loyalty.account import points_of
from loyalty.card import issue
from loyalty.entry import Sold
from loyalty.feed import BalanceIs, Elsewhere, Granted, TillMay
from loyalty.rights import Policy
from tests.acceptance.glass import Glass
from tests.acceptance.test_at_the_terminal import sell_gift
from tests.firmware.till.conftest import ELODIE, THEO, Bakery

CARD = ELODIE.codes[0]
WITH_NETWORK = "avec le réseau"


def badge(glass: Glass, reward: str) -> str:
    """What the badge of a reward says."""
    found = [w for w in glass.display.widgets() if w["kind"] == "badge"]
    return next(str(w["label"]) for w in found if str(w["label"]).startswith(reward))


def answer_less(bakery: Bakery, amount: int) -> None:
    """The hub grants so much of what is asked for: the rest is at Saint-Paul, heard 27 minutes ago."""
    (ask,) = rights.asked(bakery.db)
    now_ms = bakery.clock.wall_ms
    kept = Elsewhere(shop="Saint-Paul", heard_ms=now_ms - 27 * 60_000, said_ms=now_ms)
    bakery.hub_says(
        Granted(ask=ask.id, segment=ask.segment, account=ask.account, amount=amount, elsewhere=kept)
    )


def order_with_croissant(glass: Glass) -> None:
    """Élodie's order of 10 €, with a reward of 80 points in it."""
    glass.scan(CARD)
    glass.line("1000")
    glass.tap("Croissant")


@pytest.mark.row("T5")
def test_what_can_not_be_spent_here_is_said_with_who_keeps_the_rest(glass: Glass) -> None:
    bakery = glass.bakery
    glass.unlock()
    order_with_croissant(glass)
    glass.tap("Enregistrer")
    answer_less(bakery, 12)
    glass.wait(0.01)
    heard, said = "10:33", "11:00"
    assert glass.reads("12 points sur 80 utilisables ici maintenant", "68 points ailleurs")
    assert glass.reads(f"Le reste est gardé par la caisse de Saint-Paul, vue à {heard}.")
    glass.tap("Sans récompense", "Abandonner", "Abandonner la vente")

    bakery.online(up=False)
    glass.wait(200)
    order_with_croissant(glass)
    glass.tap("Enregistrer")
    assert glass.reads(f"Le reste était à {said} à la caisse de Saint-Paul, vue à {heard}.")
    glass.tap("Sans récompense", "Enregistrer")
    assert glass.reads("C’est enregistré")


@pytest.mark.row("T5")
def test_offline_without_news_the_sentence_says_no_more_than_is_known(glass: Glass) -> None:
    glass.bakery.online(up=False)
    glass.unlock()
    order_with_croissant(glass)
    glass.tap("Enregistrer")
    assert glass.reads("0 point sur 80 utilisable ici maintenant")
    assert glass.reads("Le reste est gardé ailleurs ; il revient avec le réseau.")


@pytest.mark.row("T5")
def test_offline_a_badge_lights_up_only_for_what_this_till_may_spend(glass: Glass) -> None:
    bakery = glass.bakery
    bakery.hub_says(BalanceIs(points_of("theo"), 0))
    bakery.online(up=False)
    glass.unlock()
    glass.scan(CARD)
    for reward in ("Croissant", "Remise", "Cagnotte"):
        assert badge(glass, reward).endswith(WITH_NETWORK)
    glass.tap("Retirer le client")
    glass.scan(THEO.codes[0])
    glass.line("16000")
    glass.tap("Enregistrer", "Client suivant")
    glass.scan(THEO.codes[0])
    glass.line("500")
    assert badge(glass, "Croissant") == "Croissant, 80 points", "earned here: its own right"
    glass.tap("Croissant")
    glass.tap("Enregistrer")
    assert glass.reads("C’est enregistré"), "what a screen promised is kept"
    glass.tap("Client suivant")
    bakery.online()
    glass.scan(CARD)
    assert badge(glass, "Croissant") == "Croissant, 80 points", "the hub can be asked"


@pytest.mark.row("T5")
def test_offline_no_badge_promises_more_than_may_be_handed_out_unheard(glass: Glass) -> None:
    bakery = glass.bakery
    bakery.online(up=False)
    glass.unlock()
    glass.scan(THEO.codes[0])
    glass.line("40000")
    glass.tap("Enregistrer", "Client suivant")
    bakery.hub_says(TillMay(Policy(card_cents=0, unheard_cents=150)))
    glass.scan(THEO.codes[0])
    glass.line("5000")
    assert badge(glass, "Croissant") == "Croissant, 80 points", "80 cents of 1,50 €"
    assert badge(glass, "Remise").endswith(WITH_NETWORK), "200 points are more"
    glass.tap("Croissant", "Enregistrer")
    assert glass.reads("C’est enregistré")
    glass.tap("Client suivant")
    glass.scan(THEO.codes[0])
    glass.line("500")
    assert badge(glass, "Croissant").endswith(WITH_NETWORK), "70 cents are left"
    glass.tap("Croissant", "Enregistrer")
    assert glass.reads("Trop de récompenses attendent le réseau")


@pytest.mark.row("T5")
def test_offline_a_customer_alone_reads_what_is_ready_here_and_what_with_the_network(
    glass: Glass,
) -> None:
    glass.scan(CARD)
    assert glass.reads("Prêt")
    assert not glass.reads(WITH_NETWORK)
    glass.tap("Terminé")
    glass.bakery.online(up=False)
    glass.scan(CARD)
    assert glass.reads("Hors ligne", "245", WITH_NETWORK)
    assert not glass.reads("Prêt")


@pytest.mark.row("T5")
def test_offline_people_join_buy_and_use_their_rewards_and_a_gift_card(glass: Glass) -> None:
    bakery = glass.bakery
    bakery.online(up=False)
    glass.unlock()
    glass.tap("Nouveau client")
    for text in ("Zoé", "", "", "", ""):
        glass.answer(text)
    assert glass.reads("Zoé", f"…{issue('2000417', 1000)[-4:]}"), "E: known by name, numbered"
    glass.line("9000")
    glass.tap("Enregistrer")
    assert glass.reads("points pour Zoé"), "F"
    glass.tap("Client suivant")
    glass.scan(issue("2000417", 1000))
    glass.line("1000")
    glass.tap("Croissant", "Enregistrer")
    spent = bakery.facts(Sold)[-1]
    assert isinstance(spent, Sold)
    assert spent.applied[0].points == 80, "G: what was earned here"
    glass.tap("Client suivant")
    made = sell_gift(glass)
    shown = (str(w["label"]) for w in glass.display.widgets())
    code = next(text for text in shown if re.fullmatch(r"(\w{4} ){3}\w", text))
    glass.tap("Client suivant")
    glass.line("2500")
    glass.tap("Carte cadeau", "Payer avec une carte cadeau")
    glass.scan(code)
    glass.tap("Le plus possible", "Payer 25,00 €")
    glass.tap("Enregistrer")
    paid = bakery.facts(Sold)[-1]
    assert isinstance(paid, Sold)
    assert paid.gifts[0].fingerprint == made.fingerprint, "H: a card that was sold here"
    assert glass.reads("C’est enregistré")
