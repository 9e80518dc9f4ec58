# SPDX-License-Identifier: Apache-2.0
"""A card that another till sold or gave a moment ago is asked for, before it is called unknown."""

import pytest

from loyalty import giftcard
from loyalty.account import gift_of
from loyalty.feed import BalanceIs, CustomerIs
from tests.acceptance.glass import Glass

NUMBER = giftcard.number(0x5EED_0000_1234_567)
SOLD = BalanceIs(gift_of(giftcard.fingerprint(bytes(32), NUMBER)), 4000)
ZOE = CustomerIs(id="zoe", first_name="Zoé", initial="P", codes=("BLANK-0007",))


@pytest.mark.row("H3", "H6")
def test_a_gift_card_that_another_till_sold_a_moment_ago_pays_here_at_once(glass: Glass) -> None:
    glass.unlock()
    glass.line("2500")
    glass.scan(NUMBER)
    assert glass.reads("On cherche la carte", "Deux secondes au plus.")
    glass.hears(SOLD)
    assert glass.reads("40,00 €")
    assert glass.can_touch("Payer")


@pytest.mark.row("H6")
def test_a_gift_card_that_the_hub_does_not_know_either_is_offered_to_nobody(glass: Glass) -> None:
    glass.unlock()
    glass.line("2500")
    glass.scan(NUMBER)
    glass.hears()
    assert glass.reads("Carte cadeau inconnue ou inutilisable")
    assert not glass.can_touch("Nouveau client")


@pytest.mark.row("H6", "T5")
def test_offline_a_gift_card_not_heard_of_waits_for_the_network(glass: Glass) -> None:
    glass.bakery.online(up=False)
    glass.unlock()
    glass.line("2500")
    glass.scan(NUMBER)
    assert glass.reads("À vérifier avec le réseau")
    assert not glass.can_touch("Nouveau client")


@pytest.mark.row("E1")
def test_a_customer_who_joined_elsewhere_a_moment_ago_is_served(glass: Glass) -> None:
    glass.unlock()
    glass.scan("BLANK-0007")
    glass.hears(ZOE)
    assert glass.reads("Zoé P.")


@pytest.mark.row("T1")
def test_a_customer_alone_is_greeted_by_a_till_that_hears_of_them_just_then(glass: Glass) -> None:
    glass.scan("BLANK-0007")
    glass.hears(ZOE)
    assert glass.reads("Zoé")
    assert not glass.can_touch("Créer ma carte")


@pytest.mark.row("T5")
@pytest.mark.parametrize("staff", [True, False])
def test_offline_an_unknown_card_may_be_one_that_this_till_has_not_heard_of(
    glass: Glass, staff: bool
) -> None:
    glass.bakery.online(up=False)
    if staff:
        glass.unlock()
    glass.scan("BLANK-0007")
    assert glass.reads("Sans le réseau, cette caisse n’en a peut-être pas encore entendu parler.")
    assert not glass.reads("elle n’est à personne")


def test_who_does_not_want_to_wait_is_told_what_is_known_here(glass: Glass) -> None:
    glass.unlock()
    glass.scan("BLANK-0007")
    glass.tap("Ne pas attendre")
    assert glass.reads("peut-être pas encore entendu parler")


def test_a_hub_that_does_not_answer_is_waited_for_two_seconds(glass: Glass) -> None:
    glass.scan("BLANK-0007")
    glass.wait(1.9)
    assert glass.reads("On cherche la carte")
    glass.wait(0.2)
    assert glass.reads("peut-être pas encore entendu parler")


def test_the_next_card_is_served_while_one_is_being_looked_for(glass: Glass) -> None:
    glass.bakery.hub_says(ZOE)
    glass.unlock()
    glass.scan("NEVER-SEEN-1")
    glass.scan("BLANK-0007")
    assert glass.reads("Zoé P.")


@pytest.mark.row("H3")
def test_a_gift_card_without_an_order_says_what_is_on_it(glass: Glass) -> None:
    glass.bakery.hub_says(SOLD)
    glass.unlock()
    glass.scan(NUMBER)
    assert glass.reads("C’est une carte cadeau", "Il y a 40,00 € dessus.")
    assert not glass.can_touch("Nouveau client")


def test_a_gift_card_shown_by_a_customer_alone_makes_no_customer_of_it(glass: Glass) -> None:
    glass.scan(NUMBER)
    assert glass.reads("C’est une carte cadeau", "Donnez-la au comptoir au moment de payer.")
    assert not glass.can_touch("Créer ma carte")
