# SPDX-License-Identifier: Apache-2.0
"""From an entry to its movements: the one way to a balance."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from loyalty.account import (
    Account,
    Kind,
    Movement,
    fold,
    gift_of,
    points_of,
    purse_of,
    visits_of,
)
from loyalty.basket import Applied, GiftUse, Line
from loyalty.entry import KINDS, CarryConverted, Facts, GiftSold, Saw, Sold, Visited, customer_of
from loyalty.movements import carry_of, movements
from loyalty.programme import EarnRule
from tests.loyalty.strategies import CENTS, ENTRIES, FACTS, RULES

EVERYTHING = Sold(
    receipt="A-1",
    customer="ana",
    lines=(Line(label="Panier", unit_cents=5_000),),
    applied=(
        Applied(reward="ten", kind="discount", title="", points=5, cents_off=500),
        Applied(reward="coffee", kind="gift", title="", points=10, cents_off=0),
        Applied(reward="purse", kind="cashback", title="", points=3, cents_off=450),
    ),
    gifts=(GiftUse("card", 2_500),),
    total_cents=5_000,
    due_cents=4_050,
    paid_cents=1_550,
    points=40,
    earn=EarnRule(),
    carry_cents=50,
    purse_cents=203,
    saw=Saw(programme=1),
)


def test_a_sale_moves_what_it_used_and_what_it_earned() -> None:
    balances = fold(movements(EVERYTHING))
    assert {a: b for a, b in balances.items() if a.owner != "merchant"} == {
        points_of("ana"): 40 - 18,
        purse_of("ana"): 203 - 450,
        carry_of("ana", EarnRule()): 50,
        gift_of("card"): -2_500,
    }


def test_a_visit_counts_one() -> None:
    assert movements(Visited(customer="ana", code="29")) == (Movement(visits_of("ana"), 1),)


def test_selling_a_gift_card_loads_it_and_earns_nothing() -> None:
    sold = GiftSold(
        receipt="A-2",
        fingerprint="card",
        last4="1234",
        cents=4_000,
        virtual=False,
        customer="ana",
        sealed="",
    )
    assert movements(sold) == (Movement(gift_of("card"), 4_000),)


def test_a_conversion_gives_points_for_full_steps_of_carry() -> None:
    rule = EarnRule(5, 5_000)
    assert fold(movements(CarryConverted(customer="ana", earn=rule, steps=2))) == {
        carry_of("ana", rule): -10_000,
        carry_of("ana", rule).contra: 10_000,
        points_of("ana"): 10,
        points_of("ana").contra: -10,
    }


@given(FACTS)
def test_every_entry_conserves_each_unit(facts: Facts) -> None:
    sums: Counter[tuple[Kind, str]] = Counter()
    for account, balance in fold(movements(facts)).items():
        sums[account.kind, account.key] += balance
    assert not any(sums.values())


@given(FACTS)
def test_an_entry_moves_nobody_else_s_money(facts: Facts) -> None:
    cards = {g.fingerprint for g in facts.gifts} if isinstance(facts, Sold) else set()
    if isinstance(facts, GiftSold):
        cards = {facts.fingerprint}
    for movement in movements(facts):
        expected = cards if movement.account.kind is Kind.GIFT else {customer_of(facts)}
        assert movement.account.owner in expected


@given(RULES, st.lists(CENTS, max_size=8), st.randoms(use_true_random=False))
def test_a_purchase_is_worth_the_same_however_it_is_split(rule: EarnRule, parts, luck) -> None:
    """Points and carry after the hub's conversions never depend on parts or their order."""

    def total(cents: list[int]) -> dict[Account, int]:
        sold = [m for c in cents for m in movements(_sale(c, rule))]
        carry = fold(sold).get(carry_of("ana", rule), 0)
        steps = carry // rule.per_cents
        sold += movements(CarryConverted(customer="ana", earn=rule, steps=steps))
        balances = fold(sold)
        return {a: balances.get(a, 0) for a in (points_of("ana"), carry_of("ana", rule))}

    shuffled = list(parts)
    luck.shuffle(shuffled)
    assert total(shuffled) == total(parts) == total([sum(parts)])


def _sale(cents: int, rule: EarnRule) -> Sold:
    points, carry = rule.earn(cents)
    return Sold(
        receipt="",
        customer="ana",
        lines=(),
        total_cents=cents,
        due_cents=cents,
        paid_cents=cents,
        points=points,
        earn=rule,
        carry_cents=carry,
        saw=Saw(programme=1),
    )


@given(ENTRIES)
def test_every_entry_has_a_name_on_the_wire(entry) -> None:
    assert KINDS[entry.kind] is type(entry.facts)
