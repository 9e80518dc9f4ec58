# SPDX-License-Identifier: Apache-2.0
"""Parts of the house that a merchant may have or not, and what rules say without them (SPEC A7, A8).

Whether a module is there is a rule like any other: it is published, and never retroactive. What
was earned, sold or booked before stays what it is, and comes back into sight with its module.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from loyalty.programme import EarnRule, LoyaltyProgramme
from loyalty.tier import PLAIN_PLAN


class Module(StrEnum):
    """What can be opened by the operator, then switched on by the merchant."""

    LOYALTY = "loyalty"
    """Points, rewards and the purse."""
    TIERS = "tiers"
    GIFT_CARDS = "gift_cards"
    """Selling them; one that was sold pays as long as there is something on it."""
    CAMPAIGNS = "campaigns"
    BOOKINGS = "bookings"


def without(programme: LoyaltyProgramme, gone: Collection[str]) -> LoyaltyProgramme:
    """The rules as they are while these modules are not there."""
    left = replace(programme, without=tuple(sorted(gone)))
    if Module.LOYALTY in gone:
        nothing = EarnRule(points=0, per_cents=left.earn.per_cents)
        left = replace(left, earn=nothing, rewards=(), windows=(), pending_days=0, birthday_days=0)
    if Module.TIERS in gone:
        # nobody is seen to have a tier, so nothing can be reserved to one
        open_to_all = tuple(one for one in left.rewards if not one.options.tiers)
        left = replace(left, tiers=(), tiering=PLAIN_PLAN, rewards=open_to_all)
    return left
