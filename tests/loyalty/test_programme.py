# SPDX-License-Identifier: Apache-2.0
"""A programme: whole steps, carry, the shops of a reward, what a factor multiplies."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from tests.loyalty.strategies import CENTS, OFTEN, RULES


def test_fifty_euros_earn_fifty_points() -> None:
    assert EarnRule(1, 100).earn(5_000) == (50, 0)


def test_thirty_and_twenty_euros_fill_one_step_of_fifty() -> None:
    rule = EarnRule(points=5, per_cents=5_000)
    (first, carry), (second, more) = rule.earn(3_000), rule.earn(2_000)
    assert (first, second) == (0, 0)
    assert rule.earn(carry + more) == (5, 0)


@OFTEN
@given(RULES, CENTS)
def test_no_cent_paid_is_lost_or_counted_twice(rule: EarnRule, cents: int) -> None:
    points, carry = rule.earn(cents)
    assert 0 <= carry < rule.per_cents
    if rule.points:
        assert points % rule.points == 0
        assert points // rule.points * rule.per_cents + carry == cents


@OFTEN
@given(RULES, st.lists(CENTS, max_size=20))
def test_carry_makes_the_total_the_same_in_any_parts(rule: EarnRule, parts: list[int]) -> None:
    each = [rule.earn(part) for part in parts]
    converted, _ = rule.earn(sum(carry for _, carry in each))
    assert sum(points for points, _ in each) + converted == rule.earn(sum(parts))[0]


def test_carry_of_one_rule_is_never_that_of_another() -> None:
    assert EarnRule(1, 100).key != EarnRule(1, 1_000).key != EarnRule(10, 100).key


COFFEE = Reward(id="coffee", kind="gift", title="Café", cost=10)
PURSE = Reward(
    id="purse",
    kind="cashback",
    title="Cagnotte",
    cost=0,
    rate_bp=550,
    not_in_shops=("airport",),
)
TEN_OFF = Reward(id="ten", kind="discount", title="-10 %", cost=5, rate_bp=1_000)
PROGRAMME = LoyaltyProgramme(version=1, earn=EarnRule(), rewards=(COFFEE, PURSE, TEN_OFF))


def test_a_reward_is_in_every_shop_that_was_not_unticked() -> None:
    assert PROGRAMME.rewards_in("airport") == (COFFEE, TEN_OFF)
    assert PROGRAMME.rewards_in("opened next year") == (COFFEE, PURSE, TEN_OFF)


def test_a_reward_is_found_by_its_id() -> None:
    assert PROGRAMME.reward("purse") is PURSE
    assert PROGRAMME.reward("gone") is None
