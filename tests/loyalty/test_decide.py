# SPDX-License-Identifier: Apache-2.0
"""The one place where a command becomes facts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import Account, Holding, gift_of, points_of, purse_of
from loyalty.badge import Badge, BadgeState, badges
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.command import CountVisit, RecordSale, SellGiftCard
from loyalty.conditions import Lack, Need
from loyalty.decide import Decided, Short, decide
from loyalty.entry import GiftSold, Sold, Visited
from loyalty.money import LARGEST_CENTS
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.refusal import Reason, Refusal
from loyalty.rewards import TYPES
from loyalty.situation import Situation
from tests.loyalty.strategies import orders, programmes

COFFEE = Reward(id="coffee", kind="gift", title="Café", cost=10)
TEN_OFF = Reward(id="ten", kind="discount", title="-10 %", cost=5, rate_bp=1_000)
FIVE_OFF = Reward(id="five", kind="discount", title="-5 %", cost=2, rate_bp=500)
PURSE = Reward(id="purse", kind="cashback", title="Cagnotte", cost=0, rate_bp=200)
RULES = LoyaltyProgramme(
    version=7, earn=EarnRule(), rewards=(COFFEE, TEN_OFF, FIVE_OFF, PURSE), visit_delay_s=3_600
)
HERE = Situation(programme=RULES, shop="centre", customer="ana")


def holding(**amounts: int) -> Situation:
    """Ana with these balances, all of them spendable here."""
    accounts = {"points": points_of("ana"), "purse": purse_of("ana"), "card": gift_of("card")}
    balances = {accounts[name]: amount for name, amount in amounts.items()}
    return replace(HERE, balances=balances, rights=balances)


def sale(*uses: Use, cents: int = 2_000, gifts: tuple[GiftUse, ...] = ()) -> RecordSale:
    order = Order((Line(label="Panier", unit_cents=cents),), uses, gifts)
    return RecordSale(receipt="A-7", code="29", order=order)


def sold(situation: Situation, command: RecordSale) -> Sold:
    got = decide(situation, command)
    assert isinstance(got, Decided)
    assert isinstance(got.facts, Sold)
    return got.facts


# ── a sale ──────────────────────────────────────────────────────────────────────────────────────


def test_a_sale_writes_what_was_paid_and_earned_and_under_which_rules() -> None:
    facts = sold(HERE, sale(cents=2_099))
    assert (facts.receipt, facts.customer, facts.code) == ("A-7", "ana", "29")
    assert (facts.total_cents, facts.due_cents, facts.paid_cents) == (2_099, 2_099, 2_099)
    assert (facts.points, facts.carry_cents, facts.purse_cents) == (20, 99, 42)
    assert (facts.earn, facts.saw.programme) == (RULES.earn, 7)


def test_a_sale_says_what_it_was_decided_on() -> None:
    facts = sold(holding(points=12), sale(Use("coffee")))
    assert facts.saw.balances == facts.saw.rights == (Holding(points_of("ana"), 12),)


def test_enough_points_but_no_right_to_spend_them_here_is_short() -> None:
    balances = {points_of("ana"): 12}
    seen = replace(HERE, balances=balances, rights={points_of("ana"): 4})
    assert decide(seen, sale(Use("coffee"))) == Short((Holding(points_of("ana"), 6),))


def test_a_right_without_the_points_is_a_refusal_and_nothing_to_ask_for() -> None:
    seen = replace(HERE, balances={points_of("ana"): 9}, rights={points_of("ana"): 10})
    got = decide(seen, sale(Use("coffee")))
    assert got == Refusal(Reason.NOT_ENOUGH, {"kind": "points", "needed": 10, "have": 9})


def test_every_lack_is_asked_for_at_once() -> None:
    seen = replace(holding(points=10, purse=500, card=300), rights={})
    got = decide(seen, sale(Use("coffee"), Use("purse", 200), gifts=(GiftUse("card", 300),)))
    assert got == Short(
        (
            Holding(points_of("ana"), 10),
            Holding(purse_of("ana"), 200),
            Holding(gift_of("card"), 300),
        )
    )


def test_a_refused_reward_costs_nothing() -> None:
    assert isinstance(decide(holding(points=9), sale(Use("coffee"))), Refusal)


@given(st.data(), programmes(), st.integers(0, 400), st.integers(0, 400))
def test_what_is_decided_stays_within_the_rights(
    data: st.DataObject, programme: LoyaltyProgramme, balance: int, right: int
) -> None:
    accounts = [points_of("ana"), purse_of("ana"), gift_of("gift-1"), gift_of("gift-2")]
    rights: dict[Account, int] = dict.fromkeys(accounts, right)
    situation = Situation(
        programme=programme,
        shop="centre",
        customer="ana",
        balances=dict.fromkeys(accounts, balance),
        rights=rights,
    )
    command = RecordSale(receipt="", code="", order=data.draw(orders(programme)))
    match decide(situation, command):
        case Decided(facts=Sold() as facts):
            assert sum(a.points for a in facts.applied) <= min(right, balance)
            assert sum(g.cents for g in facts.gifts) <= 2 * min(right, balance)
        case Short(lacks=lacks):
            topped = dict(rights)
            for lack in lacks:
                topped[lack.account] += lack.amount
            assert isinstance(decide(replace(situation, rights=topped), command), Decided)


# ── a visit ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ago_s", "counts"),
    [(None, True), (0, False), (3_599.9, False), (3_600, True), (9_999, True), (-5, True)],
)
def test_a_scan_within_the_delay_is_the_same_visit(ago_s: float | None, counts: bool) -> None:
    got = decide(HERE, CountVisit(code="29", last_visit_s_ago=ago_s))
    assert got == (Decided(Visited(customer="ana", code="29")) if counts else None)


def test_nobody_s_scan_counts_no_visit() -> None:
    assert decide(replace(HERE, customer=None), CountVisit(code="x", last_visit_s_ago=None)) is None


# ── a gift card ─────────────────────────────────────────────────────────────────────────────────


def selling(cents: int) -> SellGiftCard:
    return SellGiftCard(
        receipt="A-8",
        fingerprint="card",
        last4="9F3K",
        cents=cents,
        virtual=True,
        send_on="2026-12-24",
        sealed="…",
    )


def test_a_gift_card_is_sold_to_whoever_is_at_the_till() -> None:
    got = decide(HERE, selling(4_000))
    assert isinstance(got, Decided)
    assert got.facts == GiftSold(
        receipt="A-8",
        fingerprint="card",
        last4="9F3K",
        cents=4_000,
        virtual=True,
        customer="ana",
        send_on="2026-12-24",
        sealed="…",
    )


@pytest.mark.parametrize("cents", [0, -1, LARGEST_CENTS + 1])
def test_an_absurd_gift_card_is_refused(cents: int) -> None:
    got = decide(HERE, selling(cents))
    assert got == Refusal(Reason.ABSURD_AMOUNT, {"cents": cents, "most": LARGEST_CENTS})


# ── badges ──────────────────────────────────────────────────────────────────────────────────────


def states(situation: Situation, *uses: Use) -> dict[str, BadgeState]:
    order = Order((Line(label="", unit_cents=2_000),), uses)
    return {badge.reward.id: badge.state for badge in badges(situation, order)}


def test_badges_light_up_with_the_points_and_say_what_is_missing() -> None:
    assert badges(holding(points=7), Order())[:2] == (
        Badge(
            reward=COFFEE,
            state=BadgeState.NOT_YET,
            lacks=(Lack(need=Need.POINTS, missing=3, whole=10),),
        ),
        Badge(reward=TEN_OFF, state=BadgeState.USABLE),
    )


@pytest.mark.parametrize(
    ("right", "uses", "here"),
    [
        (20, (), [True, True]),
        (9, (), [False, True]),
        (10, ("coffee",), [True, False]),
        (9, ("coffee",), [False, False]),
    ],
)
def test_a_badge_says_whether_this_till_may_spend_it_by_itself(
    right: int, uses: tuple[str, ...], here: list[bool]
) -> None:
    """Ana shows 40 points; a coffee is 10 of them and the discount 5."""
    cheap = replace(TEN_OFF, cost=5)
    rules = replace(RULES, rewards=(COFFEE, cheap))
    ana = replace(holding(points=40), programme=rules, rights={points_of("ana"): right})
    order = Order((Line(label="", unit_cents=2_000),), tuple(map(Use, uses)))
    assert [badge.here for badge in badges(ana, order)] == here


def test_a_purse_is_here_when_all_that_its_badge_shows_is() -> None:
    for right, here in ((300, True), (299, False)):
        ana = replace(holding(purse=300), rights={purse_of("ana"): right})
        found = {badge.reward.kind: badge for badge in badges(ana, Order())}
        assert (found["cashback"].available, found["cashback"].here) == (300, here)


def test_what_a_person_of_two_cards_may_spend_here_is_counted_together() -> None:
    ana, old = points_of("ana"), points_of("old")
    both = replace(holding(points=12), parts={ana: 4, old: 8}, rights={ana: 4, old: 6})
    (coffee,) = (badge for badge in badges(both, Order()) if badge.reward == COFFEE)
    assert coffee.here
    (coffee,) = (
        badge for badge in badges(replace(both, rights={old: 8}), Order()) if badge.reward == COFFEE
    )
    assert not coffee.here


def test_a_reward_in_the_order_leaves_less_for_the_others() -> None:
    got = states(holding(points=12), Use("coffee"))
    assert (got["coffee"], got["ten"]) == (BadgeState.IN_ORDER, BadgeState.NOT_YET)


def test_a_second_percentage_is_out_of_reach() -> None:
    assert states(holding(points=50), Use("ten"))["five"] is BadgeState.NOT_YET


def test_an_empty_purse_is_out_of_reach_and_a_full_one_is_not() -> None:
    assert states(HERE)["purse"] is BadgeState.NOT_YET
    assert states(holding(purse=1))["purse"] is BadgeState.USABLE


def test_nobody_has_badges() -> None:
    assert badges(replace(HERE, customer=None), Order()) == ()


@given(st.data(), programmes(), st.integers(0, 1_000))
def test_a_badge_that_is_lit_works(
    data: st.DataObject, programme: LoyaltyProgramme, points: int
) -> None:
    amounts = {points_of("ana"): points, purse_of("ana"): data.draw(st.integers(0, 500))}
    situation = Situation(
        programme=programme, shop="centre", customer="ana", balances=amounts, rights=amounts
    )
    order = Order((Line(label="", unit_cents=1_000),))
    for badge in badges(situation, order):
        using = Use(badge.reward.id, 1 if TYPES[badge.reward.kind].asks else 0)
        command = RecordSale(receipt="", code="", order=order.using(using))
        works = isinstance(decide(situation, command), Decided)
        assert works == (badge.state is BadgeState.USABLE)
