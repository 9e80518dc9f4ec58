# SPDX-License-Identifier: Apache-2.0
"""Points, gift cards and customers are the same at both shops, and nothing is spent twice."""

import pytest

from loyalty import giftcard
from tests.hands import Till, until
from tests.journeys.rewards import CROISSANT, CROISSANT_LATER, newcomer
from tests.journeys.test_to_look_at import sell_gift_card
from tests.journeys.world import World


def earn(world: World, till: Till, card: str, points: int) -> None:
    """See to it that the card has so many points, and that both tills know."""
    have = till.points(card)
    if have < points:
        till.sell((points - have) * 100, card=card)
    world.settled()

    def known() -> bool:
        first, second = (each.points(card) for each in world.tills)
        return first == second >= points

    until(known, "the points at both tills")


@pytest.mark.row("G1", "G2", "G3", "C3")
def test_points_earned_at_one_shop_buy_a_reward_at_the_other(world: World) -> None:
    first, second = world.tills
    card = newcomer(world, first, "Ysaline")  # nothing carried over from other tests' sales
    earn(world, first, card, 100)
    before = second.points(card)

    second.line(420)
    second.tap(CROISSANT)
    assert "Croissant offert, dans la vente" in second.words
    second.save()

    assert second.outcome == "Saved"
    world.settled()
    until(lambda: first.points(card) == before - 80 + 4, "the balance at the other shop")


@pytest.mark.row("G2")
def test_a_reward_is_taken_out_of_the_order_again(world: World) -> None:
    first, _ = world.tills
    card = world.card("Élodie")
    earn(world, first, card, 80)
    first.open()
    first.scan(card)
    first.line(500)
    first.tap(CROISSANT, "Retirer Croissant")
    assert CROISSANT in first.words


def test_offline_a_reward_without_a_right_is_refused_in_words(world: World) -> None:
    first, second = world.tills
    card = world.card("Marie-Françoise")
    earn(world, first, card, 90)
    count, cents = world.sales_at_hub()
    second.network(up=False)
    second.open()
    second.scan(card)
    second.line(600)
    second.tap(CROISSANT_LATER)
    second.save()

    assert second.outcome == "Refused"
    assert "80 points ailleurs" in second.words
    assert "Le reste est gardé ailleurs" in second.words
    second.tap("Sans récompense")
    second.save()
    assert second.outcome == "Saved"
    second.network(up=True)
    until(lambda: world.sales_at_hub() == (count + 1, cents + 600), "the sale without the reward")
    world.settled()
    until(lambda: first.points(card) >= 96, "nothing was spent")


def test_two_tills_can_t_spend_the_same_points(world: World) -> None:
    first, second = world.tills
    card = world.card("Boulangerie-traiteur")
    earn(world, first, card, 80)
    spare = first.points(card) - 80
    for till in (first, second):
        till.open()
        till.scan(card)
        till.line(100)
        till.tap(CROISSANT)
    first.save()
    second.save()
    outcomes = [first.outcome, second.outcome]
    if spare < 80:
        assert sorted(outcomes) == ["Refused", "Saved"]
    world.settled()
    lowest = world.at_hub(
        "SELECT min(balance) FROM ledger_account"
        " WHERE owner NOT IN ('merchant', 'loss') AND kind = 'points'"
    )
    assert lowest >= 0


@pytest.mark.row("H1", "H2", "H3", "H5")
def test_a_gift_card_sold_at_one_shop_is_used_in_part_at_the_other(world: World) -> None:
    first, second = world.tills
    number = giftcard.number(0x5EED_0000_1234_567)
    sell_gift_card(first, number, 4000, "Bo")
    world.settled()

    second.open()
    second.line(2500)
    second.scan(number)
    assert "40,00 €" in second.words
    second.tap(*"2500")
    second.tap_first("Payer", "Util")
    second.save()
    assert second.outcome == "Saved"
    world.settled()

    first.open()
    first.line(3000)
    until(lambda: left_on_card(first, number) == "15,00 €", "15 € left of 40 €")
    first.open()
    first.tap("Ventes", "Cadeaux")
    assert "40,00 €" in first.words


@pytest.mark.row("H3", "H6")
def test_a_gift_card_is_used_at_once_at_a_till_that_has_not_heard_of_it(world: World) -> None:
    first, second = world.tills
    number = giftcard.number(0x5EED_0000_7654_321)
    second.network(up=False)
    sell_gift_card(first, number, 4000, "Bo")
    until(lambda: first.state["waiting"] == 0, "the gift card at the hub")
    second.line(2500)
    second.scan(number)
    assert "À vérifier avec le réseau" in second.words
    second.tap_first("Retour")

    second.network(up=True)
    second.scan(number)
    assert second.outcome == "AmountAsked"
    assert "40,00 €" in second.words
    second.tap("Retour")


def left_on_card(till: Till, number: str) -> str:
    """What the screen that asks for an amount says is on the card."""
    till.scan(number)
    assert till.outcome == "AmountAsked"
    words = till.words
    till.tap("Retour")
    return "15,00 €" if "15,00 €" in words else words


@pytest.mark.row("E2", "E6")
def test_a_customer_who_joins_at_one_till_is_found_at_the_other(world: World) -> None:
    first, second = world.tills
    first.open()
    first.tap("Nouveau client")
    for text in ("Zelie", "Quint", "0639987654", "", ""):
        first.answer(text)
    assert first.outcome == "AtTill"
    assert "Zelie Q." in first.words
    world.settled()

    def found() -> bool:
        second.open()
        second.tap("Chercher")
        second.type("0639987654")
        second.tap("Chercher")
        return "Zelie Q." in second.words

    until(found, "the customer at the other till")


@pytest.mark.row("E1")
@pytest.mark.parametrize("typed", ["elodie", "marchand", "0639981000", "2000417004415"])
def test_one_bar_finds_a_customer_by_first_name_last_name_phone_or_card(
    world: World, typed: str
) -> None:
    till, _ = world.tills
    till.tap("Chercher un client")
    till.type(typed)
    till.tap("Chercher")
    until(lambda: "Élodie M." in till.words, "the customer")


@pytest.mark.row("F4")
def test_a_staff_scan_counts_one_visit_and_the_next_minute_s_none(world: World) -> None:
    till, _ = world.tills
    card = world.card("Jean-Baptiste")

    def visits() -> int:
        world.settled()
        return world.at_hub(
            "SELECT count(*) FROM ledger_journalentry j JOIN ledger_card c ON c.code = ?"
            " JOIN ledger_customer u ON u.id = c.customer_id"
            " WHERE j.kind = 'visited' AND j.customer = u.uuid",
            card,
        )

    before = visits()
    till.open()
    till.scan(card)
    assert visits() == before + 1
    till.open()
    till.scan(card)
    assert visits() == before + 1


@pytest.mark.row("C9", "C14")
def test_fifty_euros_earn_fifty_points_and_what_two_sales_leave_makes_one_more(
    world: World,
) -> None:
    till, other = world.tills
    card = newcomer(world, till, "Honorine")
    before = till.points(card)
    till.sell(5000, card=card)
    assert "+50" in till.words
    world.settled()
    until(lambda: till.points(card) == before + 50, "fifty points")

    till.sell(130, card=card)
    other.sell(170, card=card)
    world.settled()
    until(lambda: till.points(card) == before + 53, "1 + 1 points, and one of the carry")
