# SPDX-License-Identifier: Apache-2.0
"""Rows of the specification at the terminal's screens: touched, scanned and read."""

import re

import pytest

from loyalty.account import Kind, gift_of, points_of, purse_of
from loyalty.basket import GiftUse
from loyalty.card import issue
from loyalty.entry import GiftSold, Sold, Visited
from loyalty.feed import BalanceIs, CardNumbers, ProgrammeIs
from loyalty.movements import carry_of
from loyalty.programme import EarnRule, LoyaltyProgramme
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE, REWARDS

CARD = ELODIE.codes[0]


def sold(glass: Glass) -> Sold:
    """The last sale in the journal."""
    found = glass.bakery.facts(Sold)[-1]
    assert isinstance(found, Sold)
    return found


@pytest.mark.row("C2")
def test_a_discount_lowers_the_order_by_its_percentage_and_costs_points(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.line("5000")
    glass.tap("Remise de 10 %")
    assert glass.reads("45,00 €", "gagne 45 points")
    glass.tap("Enregistrer")
    glass.bakery.grants()
    glass.wait(0.01)
    assert glass.reads("C’est enregistré", "45,00 €", "−200")
    assert sold(glass).due_cents == 4500
    assert glass.bakery.shown(points_of("elodie")) == 245 - 200 + 45


@pytest.mark.row("C3")
@pytest.mark.row("F2")
def test_a_gift_needs_the_total_all_the_same(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.tap("Croissant")
    assert not glass.can_touch("Enregistrer"), "there is no total yet: the order comes first"
    glass.line("1960")
    assert glass.reads("Croissant offert", "0,00 €", "19,60 €")
    glass.tap("Enregistrer")
    glass.bakery.grants()
    glass.wait(0.01)
    assert glass.reads("C’est enregistré", "Croissant offert", "−80", "19,60 €")


@pytest.mark.row("C4")
def test_cashback_fills_the_purse_at_each_sale_and_is_deducted_as_typed(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.line("1000")
    glass.tap("Cagnotte")
    assert glass.reads("3,40 €")
    glass.keys("341")
    glass.tap("Déduire")
    assert glass.can_touch("Déduire"), "more than the purse: still asked"
    glass.tap("Le plus possible", "Déduire 3,40 €")
    assert glass.reads("6,60 €")
    glass.tap("Enregistrer")
    glass.bakery.grants()
    glass.wait(0.01)
    assert glass.bakery.shown(purse_of("elodie")) == 13, "2 % of what was left to pay"


@pytest.mark.row("C5")
def test_a_reward_of_other_shops_is_not_shown_here(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    assert glass.reads("Croissant", "Remise de 10 %", "Cagnotte")
    assert not glass.reads("Tarte"), "it is unticked for this shop"


@pytest.mark.row("C9")
def test_what_does_not_make_a_whole_step_is_carried(glass: Glass) -> None:
    rule = EarnRule(points=1, per_cents=5000)
    glass.bakery.hub_says(ProgrammeIs(LoyaltyProgramme(version=4, earn=rule, rewards=REWARDS)))
    glass.unlock()
    for cents in ("3000", "2000"):
        glass.scan(CARD)
        glass.line(cents)
        assert not glass.reads("gagne")
        glass.tap("Enregistrer", "Client suivant")
    carry = carry_of("elodie", rule)
    assert carry.kind is Kind.CARRY
    assert glass.bakery.shown(carry) == 5000, "30 € + 20 €: the hub makes one step of them"


@pytest.mark.row("C14")
def test_an_order_of_50_euros_earns_50_points(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.line("5000")
    assert glass.reads("gagne 50 points")
    glass.tap("Enregistrer")
    assert glass.reads("+50", "50,00 €", "295")


@pytest.mark.row("E1")
@pytest.mark.parametrize("typed", ["élodie", "2000417004415"])
def test_the_entry_bar_takes_a_name_or_a_number(glass: Glass, typed: str) -> None:
    glass.bakery.online(up=False)
    glass.unlock()
    glass.tap("Chercher un client")
    glass.answer(typed)
    glass.tap("Élodie M.")
    assert glass.reads("Élodie M.", "245")


@pytest.mark.row("E1")
def test_the_entry_bar_takes_a_phone_an_e_mail_and_a_blank_card(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Nouveau client")
    glass.answer("Zoé")
    glass.answer("")
    glass.answer("0692123456")
    glass.answer("zoe@exemple.re")
    glass.scan("BLANK-0007")
    glass.hears()
    assert glass.reads("Zoé")
    for text in ("0692123456", "zoe@exemple.re"):
        glass.tap("Retirer le client", "Chercher un client")
        glass.answer(text)
        glass.tap("Zoé")
        assert glass.reads("Zoé", "…0007")
    glass.tap("Retirer le client")
    glass.scan("BLANK-0007")
    assert glass.reads("Zoé")


@pytest.mark.row("E2")
def test_a_customer_without_card_gets_a_number_and_goes_on_to_the_order(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Nouveau client")
    glass.answer("Zoé")
    for _ in range(4):
        glass.answer("")
    assert glass.reads("Zoé", f"…{issue('2000417', 1000)[-4:]}")
    glass.line("500")
    glass.tap("Enregistrer")
    assert glass.reads("points pour Zoé")


def test_a_terminal_without_card_numbers_says_so_and_gives_them_again_when_more_arrive(
    glass: Glass,
) -> None:
    def joins(name: str) -> None:
        glass.tap("Nouveau client")
        glass.answer(name)
        for _ in range(4):
            glass.answer("")

    glass.unlock()
    for name in ("Ana", "Bob"):
        joins(name)
        glass.tap("Retirer le client")
    joins("Zoé")
    assert glass.reads("Plus de numéros de carte", "d’autres numéros arrivent")
    glass.bakery.hub_says(CardNumbers(first=5000, last=5999))
    glass.tap("Retour")
    joins("Zoé")
    assert glass.reads("Zoé", f"…{issue('2000417', 5000)[-4:]}")


@pytest.mark.row("E8")
@pytest.mark.row("G1")
def test_a_scan_adds_the_customer_and_the_badges_light_up_or_say_what_is_missing(
    glass: Glass,
) -> None:
    glass.bakery.hub_says(BalanceIs(points_of("elodie"), 165))
    glass.unlock()
    glass.line("500")
    glass.scan(CARD)
    assert glass.reads("Élodie M.", "165", "5,00 €")
    assert glass.can_touch("Croissant")
    assert glass.reads("encore 35 points")
    assert not glass.can_touch("Remise de 10 %")


@pytest.mark.row("F1")
def test_a_sale_by_category_and_amount_is_durable_before_the_screen_says_so(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Commande")
    glass.keys("1280")
    glass.tap("Pâtisserie", "Ajouter 12,80 €")
    assert glass.reads("Pâtisserie", "12,80 €")
    glass.tap("Enregistrer")
    assert glass.reads("C’est enregistré")
    again = type(glass.bakery.db)(
        glass.bakery.db.path.parent, role=type(glass.bakery.db.role)("tech")
    )
    assert again.row("SELECT count(*) FROM entry WHERE kind = 'sold'") == (1,)
    again.close()


@pytest.mark.row("F3")
@pytest.mark.row("H2")
def test_the_list_holds_sales_and_gift_cards_searches_and_prints_again(glass: Glass) -> None:
    glass.unlock()
    sell_gift(glass)
    glass.tap("Client suivant")
    glass.scan(CARD)
    glass.line("1250")
    glass.tap("Enregistrer", "Client suivant")
    glass.tap("Ventes")
    assert glass.reads("Élodie M", "12,50 €", "Carte cadeau", "40,00 €")
    glass.tap("Cadeaux")
    assert not glass.reads("12,50 €")
    glass.tap("Tout", "Chercher")
    glass.keys("elodie")
    glass.tap("Chercher" if glass.can_touch("Chercher") else "Suivant")
    row = next(w for w in glass.display.widgets() if w["kind"] == "row")
    glass.tap(str(row["label"]))
    glass.tap("Imprimer")
    printed = glass.paper()
    assert "DUPLICATA" in printed.upper()
    assert "12,50" in printed


@pytest.mark.row("F4")
def test_a_staff_scan_counts_one_visit_and_a_customers_own_look_none(glass: Glass) -> None:
    glass.scan(CARD)
    glass.tap("Terminé")
    glass.unlock()
    for _ in range(2):
        glass.scan(CARD)
        glass.tap("Retirer le client")
    assert len(glass.bakery.facts(Visited)) == 1
    glass.wait(299)
    glass.bakery.clock.pass_s(3600)
    glass.scan(CARD)
    assert len(glass.bakery.facts(Visited)) == 2


@pytest.mark.row("G2")
def test_a_tap_puts_a_reward_in_and_its_cross_takes_it_out(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.line("1960")
    glass.tap("Croissant")
    assert glass.reads("dans la vente")
    glass.tap("Retirer Croissant offert")
    assert not glass.reads("dans la vente")
    assert glass.can_touch("Croissant")


@pytest.mark.row("G3")
def test_two_steps_continue_to_the_order_then_save_it(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.tap("Croissant")
    assert glass.can_touch("Commande")
    glass.line("1960")
    assert glass.can_touch("Enregistrer")
    assert not glass.bakery.facts(Sold)
    glass.tap("Enregistrer")
    glass.bakery.grants()
    glass.wait(0.01)
    assert sold(glass).applied[0].points == 80


def sell_gift(glass: Glass) -> GiftSold:
    """A virtual gift card of 40 €."""
    glass.tap("Carte cadeau", "Vendre une carte cadeau")
    glass.tap(next(str(w["label"]) for w in glass.display.widgets() if w["kind"] == "button"))
    glass.keys("4000")
    glass.tap(next(str(w["label"]) for w in glass.display.widgets() if w["kind"] == "button"))
    for text in ("Paul Hoarau", "Anaïs", "anais@exemple.re", "Joyeux Noël"):
        glass.answer(text)
    glass.tap(next(str(w["label"]) for w in glass.display.widgets() if w["kind"] == "button"))
    found = glass.bakery.facts(GiftSold)[-1]
    assert isinstance(found, GiftSold)
    return found


@pytest.mark.row("H1")
def test_a_gift_card_is_created_at_the_shop_with_all_that_is_required(glass: Glass) -> None:
    glass.unlock()
    made = sell_gift(glass)
    assert (made.cents, made.virtual) == (4000, True)
    assert glass.reads("C’est enregistré", "40", "Anaïs")


@pytest.mark.row("H3")
def test_25_of_40_euros_leaves_15_on_the_gift_card(glass: Glass) -> None:
    glass.unlock()
    made = sell_gift(glass)
    shown = (str(w["label"]) for w in glass.display.widgets())
    code = next(s for s in shown if re.fullmatch(r"(\w{4} ){3}\w", s))
    glass.tap("Client suivant")
    glass.line("2500")
    glass.tap("Carte cadeau", "Payer avec une carte cadeau")
    glass.scan(code)
    glass.tap("Le plus possible")
    glass.tap(
        next(
            str(w["label"])
            for w in glass.display.widgets()
            if "25,00" in str(w["label"])
            and w["kind"] == "button"
            and "possible" not in str(w["label"])
        )
    )
    assert glass.reads("0,00 €")
    glass.tap("Enregistrer")
    assert sold(glass).gifts == (GiftUse(made.fingerprint, 2500),)
    assert glass.bakery.shown(gift_of(made.fingerprint)) == 1500
