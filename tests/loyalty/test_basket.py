# SPDX-License-Identifier: Apache-2.0
"""The price of an order: percentage, gifts, purse, gift card, in that order and no other."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import Account, Holding, Kind, gift_of, points_of, purse_of
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.money import LARGEST_CENTS
from loyalty.price import MOST_LINES, Priced, price
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.refusal import Reason, Refusal
from loyalty.situation import Situation
from tests.loyalty.strategies import OFTEN, orders, programmes

COFFEE = Reward(id="coffee", kind="gift", title="Café", cost=10, gift_title="Un café")
PURSE = Reward(id="purse", kind="cashback", title="Cagnotte", cost=3, rate_bp=500)
TEN_OFF = Reward(id="ten", kind="discount", title="-10 %", cost=5, rate_bp=1_000)
FREE = Reward(id="free", kind="discount", title="-100 %", cost=500, rate_bp=10_000)
RULES = LoyaltyProgramme(version=4, earn=EarnRule(), rewards=(COFFEE, PURSE, TEN_OFF, FREE))
RICH = {points_of("ana"): 1_000, purse_of("ana"): 5_000, gift_of("card"): 4_000}


def priced(order: Order, *, customer: str | None = "ana", shop: str = "centre", balances=RICH):
    return price(Situation(programme=RULES, shop=shop, customer=customer, balances=balances), order)


def of(*cents: int) -> Order:
    return Order(tuple(Line(label=f"{c}", unit_cents=c) for c in cents))


def test_the_order_of_application() -> None:
    order = Order(
        of(3_000, 2_000).lines,
        uses=(Use("purse", 500), Use("coffee"), Use("ten")),
        gifts=(GiftUse("card", 2_500),),
    )
    got = priced(order)
    assert isinstance(got, Priced)
    assert [a.kind for a in got.applied] == ["discount", "gift", "cashback"]
    assert [a.cents_off for a in got.applied] == [500, 0, 500]  # 10 % of 50 €, before the purse
    assert (got.total_cents, got.due_cents, got.to_pay_cents) == (5_000, 4_000, 1_500)
    assert got.line_cents == (2_400, 1_600)
    assert (got.points, got.carry_cents, got.purse_cents) == (40, 0, 200)
    assert got.spends == (
        Holding(points_of("ana"), 18),
        Holding(purse_of("ana"), 500),
        Holding(gift_of("card"), 2_500),
    )


def test_the_order_of_choosing_changes_nothing() -> None:
    uses = (Use("ten"), Use("coffee"), Use("purse", 500))
    one = priced(Order(of(999, 1).lines, uses=uses))
    assert isinstance(one, Priced)
    assert priced(Order(of(999, 1).lines, uses=uses[::-1])) == one


def test_paying_by_gift_card_earns_as_cash_does() -> None:
    cash, card = priced(of(4_000)), priced(of(4_000).paying(GiftUse("card", 4_000)))
    assert isinstance(cash, Priced)
    assert isinstance(card, Priced)
    assert (card.points, card.to_pay_cents) == (cash.points, 0)


def test_the_line_of_a_gift_bears_its_own_title() -> None:
    got = priced(of(100).using(Use("coffee")))
    assert isinstance(got, Priced)
    assert [a.title for a in got.applied] == ["Un café"]


def test_somebody_without_a_card_earns_nothing() -> None:
    got = priced(of(5_000), customer=None)
    assert isinstance(got, Priced)
    assert (got.points, got.carry_cents, got.purse_cents, got.spends) == (0, 0, 0, ())


def test_somebody_without_a_card_may_pay_with_a_gift_card() -> None:
    got = priced(of(5_000).paying(GiftUse("card", 4_000)), customer=None)
    assert isinstance(got, Priced)
    assert (got.to_pay_cents, got.spends) == (1_000, (Holding(gift_of("card"), 4_000),))


def test_a_free_order_earns_nothing_and_leaves_nothing_to_deduct() -> None:
    got = priced(of(5_000).using(Use("free")))
    assert isinstance(got, Priced)
    assert (got.due_cents, got.points, got.purse_cents) == (0, 0, 0)
    both = priced(of(5_000).using(Use("free")).using(Use("purse", 1)))
    assert both == Refusal(Reason.MORE_THAN_TOTAL, {"asked": 1, "most": 0})


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (Order(), Reason.TOTAL_MISSING),
        (of(0), Reason.TOTAL_MISSING),
        (of(-100), Reason.TOTAL_MISSING),
        (of(500, -100), Reason.ABSURD_AMOUNT),
        (of(500, 0), Reason.ABSURD_AMOUNT),
        (of(1_000_000_000), Reason.ABSURD_AMOUNT),  # 10 million euros
        (of(LARGEST_CENTS, 1), Reason.ABSURD_AMOUNT),
        (Order((Line(label="x", unit_cents=-5, quantity=-5),)), Reason.ABSURD_AMOUNT),
        (Order((Line(label="x", unit_cents=5, quantity=0), *of(5).lines)), Reason.ABSURD_AMOUNT),
        (of(*[1] * (MOST_LINES + 1)), Reason.TOO_MANY_LINES),
        (of(100).paying(GiftUse("card", -1)), Reason.ABSURD_AMOUNT),
        (of(100).paying(GiftUse("card", 101)), Reason.MORE_THAN_TOTAL),
        (of(5_000).paying(GiftUse("card", 4_001)), Reason.NOT_ENOUGH),
        (of(5_000).paying(GiftUse("unknown", 1)), Reason.NOT_ENOUGH),
        (of(100).using(Use("gone")), Reason.REWARD_UNKNOWN),
        (of(100).using(Use("ten")).using(Use("free")), Reason.ONE_DISCOUNT),
        (of(100).using(Use("purse", 101)), Reason.MORE_THAN_TOTAL),
        (of(100).using(Use("purse", 0)), Reason.MORE_THAN_TOTAL),
        (of(100).using(Use("purse", -1)), Reason.MORE_THAN_TOTAL),
        (of(9_000).using(Use("purse", 5_001)), Reason.NOT_ENOUGH),
    ],
)
def test_what_is_refused(order: Order, reason: Reason) -> None:
    got = priced(order)
    assert isinstance(got, Refusal)
    assert got.reason is reason


@pytest.mark.parametrize("order", [of(LARGEST_CENTS), of(*[1] * MOST_LINES), of(1)])
def test_what_is_just_allowed(order: Order) -> None:
    assert isinstance(priced(order), Priced)


def test_a_refusal_says_how_much_is_missing() -> None:
    poor = {points_of("ana"): 4}
    assert priced(of(300).using(Use("coffee")), balances=poor) == Refusal(
        Reason.NOT_ENOUGH, {"kind": "points", "needed": 10, "have": 4}
    )


def test_the_points_of_this_very_order_cannot_pay_its_own_reward() -> None:
    assert isinstance(priced(of(1_000).using(Use("coffee")), balances={}), Refusal)


def test_a_reward_of_other_shops_is_unknown_here() -> None:
    elsewhere = replace(RULES, rewards=(replace(COFFEE, not_in_shops=("centre",)),))
    there = Situation(programme=elsewhere, shop="centre", customer="ana", balances=RICH)
    got = price(there, of(100).using(Use("coffee")))
    assert got == Refusal(Reason.REWARD_UNKNOWN, {"reward": "coffee"})


def test_one_gift_card_named_twice_is_spent_within_its_money() -> None:
    twice = Order(of(8_000).lines, gifts=(GiftUse("card", 4_000), GiftUse("card", 4_000)))
    assert priced(twice) == Refusal(
        Reason.NOT_ENOUGH, {"kind": "gift", "needed": 8_000, "have": 4_000}
    )


# ── putting an order together ───────────────────────────────────────────────────────────────────


def test_the_same_product_at_the_same_price_is_counted_up() -> None:
    bread = Line(label="Pain", unit_cents=110, product="bread")
    order = Order().adding(bread).adding(bread).adding(replace(bread, unit_cents=90))
    assert [(line.quantity, line.unit_cents) for line in order.lines] == [(2, 110), (1, 90)]
    assert order.total_cents == 310


def test_two_amounts_typed_in_one_category_stay_two_lines() -> None:
    amount = Line(label="Épicerie", unit_cents=500, category="c")
    assert len(Order().adding(amount).adding(amount).lines) == 2


def test_a_line_a_reward_and_a_gift_card_go_in_and_out() -> None:
    order = of(100, 200).using(Use("coffee")).paying(GiftUse("card", 50))
    assert order.without_line(0).lines == of(200).lines
    assert order.without_use("coffee").uses == ()
    assert order.using(Use("coffee")).uses == (Use("coffee"),)
    assert order.paying(GiftUse("card", 70)).gifts == (GiftUse("card", 70),)
    assert order.paying(GiftUse("card", 0)).gifts == ()


# ── for any order ───────────────────────────────────────────────────────────────────────────────


def ana(programme: LoyaltyProgramme, balances) -> Situation:
    return Situation(programme=programme, shop="centre", customer="ana", balances=balances)


class Plenty(dict[Account, int]):
    """Nobody is ever short of anything."""

    def get(self, _account, _default=0):  # type: ignore[override]
        return 10**12


@OFTEN
@given(st.data(), programmes())
def test_the_figures_of_a_priced_order_add_up(
    data: st.DataObject, programme: LoyaltyProgramme
) -> None:
    order = data.draw(orders(programme))
    got = price(ana(programme, Plenty()), order)
    if isinstance(got, Refusal):
        assert got.reason in {*(Reason.ONE_DISCOUNT, Reason.MORE_THAN_TOTAL, Reason.REWARD_CLOSED)}
        return
    off = sum(a.cents_off for a in got.applied)
    assert got.total_cents == order.total_cents
    assert got.due_cents == got.total_cents - off >= 0
    assert got.to_pay_cents == got.due_cents - sum(g.cents for g in order.gifts) >= 0
    assert sum(got.line_cents) == got.due_cents
    assert all(0 <= c <= line.cents for c, line in zip(got.line_cents, order.lines, strict=True))
    assert (got.points, got.carry_cents) == programme.earn.earn(got.due_cents)
    spent = {h.account.kind: h.amount for h in got.spends if h.account.kind is not Kind.GIFT}
    assert spent.get(Kind.POINTS, 0) == sum(a.points for a in got.applied)
    assert spent.get(Kind.PURSE, 0) == sum(a.cents_off for a in got.applied if a.kind == "cashback")


@OFTEN
@given(st.data(), programmes(), st.integers(0, 600), st.integers(0, 3_000))
def test_nothing_is_spent_that_the_balance_does_not_hold(
    data: st.DataObject, programme: LoyaltyProgramme, points: int, cents: int
) -> None:
    order = data.draw(orders(programme))
    balances = {
        points_of("ana"): points,
        purse_of("ana"): cents,
        gift_of("gift-1"): cents,
    }
    got = price(ana(programme, balances), order)
    if isinstance(got, Priced):
        assert all(spend.amount <= balances.get(spend.account, 0) for spend in got.spends)
        assert len({spend.account for spend in got.spends}) == len(got.spends)
