# SPDX-License-Identifier: Apache-2.0
"""What the rules are while a module is not there (SPEC A7, A8)."""

from dataclasses import replace

from loyalty.module import Module, without
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.tier import PLAIN_PLAN, Criterion, Tier, TierPlan

COFFEE = Reward(id="coffee", kind="gift", title="Café", cost=60, gift_title="Café")
GOLDEN = replace(COFFEE, id="golden", options=Options(tiers=("gold",)))
RULES = LoyaltyProgramme(
    version=3,
    earn=EarnRule(2, 500),
    rewards=(COFFEE, GOLDEN),
    pending_days=7,
    birthday_days=7,
    tiers=(Tier(id="gold", name="Or", threshold=100_00, factor_bp=20_000),),
    tiering=TierPlan(criterion=Criterion.VISITS),
)


def test_without_loyalty_nothing_is_earned_nor_offered() -> None:
    left = without(RULES, {Module.LOYALTY})
    assert left.rewards == ()
    assert left.earn.earn(12_34) == (0, 0), "nothing is carried either"
    assert left.tiers == RULES.tiers, "who stands where is another module's"
    assert not left.has(Module.LOYALTY)


def test_without_tiers_nobody_stands_anywhere_and_what_was_theirs_is_nobodys() -> None:
    left = without(RULES, {Module.TIERS})
    assert (left.tiers, left.tiering) == ((), PLAIN_PLAN)
    assert left.rewards == (COFFEE,)
    assert left.earn == RULES.earn


def test_gift_cards_campaigns_and_bookings_change_no_other_rule() -> None:
    gone = {Module.GIFT_CARDS, Module.CAMPAIGNS, Module.BOOKINGS}
    assert replace(without(RULES, gone), without=()) == RULES


def test_with_all_of_them_the_rules_are_what_they_were() -> None:
    assert without(RULES, ()) == RULES
