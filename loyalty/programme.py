# SPDX-License-Identifier: Apache-2.0
"""A merchant's loyalty programme: versioned rules, frozen once published."""

from dataclasses import dataclass
from enum import StrEnum

from loyalty.money import Cents, share


class RewardKind(StrEnum):
    """The three types of SPEC C1."""

    DISCOUNT = "discount"
    GIFT = "gift"
    CASHBACK = "cashback"


@dataclass(frozen=True, slots=True)
class EarnRule:
    """So many points for each whole step of so many cents paid (SPEC C9)."""

    points: int = 1
    per_cents: int = 100

    @property
    def key(self) -> str:
        """Names the carry account: carry of one rule is never converted under another."""
        return f"{self.points}/{self.per_cents}"

    def earn(self, base_cents: int) -> tuple[int, Cents]:
        """The points of the whole steps of this sale, and the cents left for the carry."""
        steps, rest = divmod(base_cents, self.per_cents)
        return steps * self.points, Cents(rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What a customer may choose at the till.

    DISCOUNT lowers the order by `rate_bp`; GIFT adds a line at 0; CASHBACK adds `rate_bp` of each
    sale to the purse and lets staff deduct from it. `cost` is in points, at each use.
    """

    id: str
    kind: RewardKind
    title: str
    cost: int
    rate_bp: int = 0
    gift_title: str = ""
    not_in_shops: tuple[str, ...] = ()
    """Unticked shops: a shop that opens later has the reward (SPEC C5)."""

    def offered_in(self, shop: str) -> bool:
        """Whether the reward is for this shop."""
        return shop not in self.not_in_shops


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyProgramme:
    """One published version of a merchant's rules."""

    version: int
    earn: EarnRule
    rewards: tuple[Reward, ...] = ()
    point_value_cents: int = 1
    visit_delay_s: int = 3600
    """A staff scan within this delay of the last one is the same visit (SPEC F4)."""

    def rewards_in(self, shop: str) -> tuple[Reward, ...]:
        """What this shop offers, in the merchant's order."""
        return tuple(reward for reward in self.rewards if reward.offered_in(shop))

    def reward(self, reward_id: str) -> Reward | None:
        """The reward of that id, if this version has it."""
        return next((reward for reward in self.rewards if reward.id == reward_id), None)

    def cashback_of(self, shop: str, base_cents: int) -> Cents:
        """What a sale adds to the purse: the share of each cashback reward, half up."""
        rates = (r.rate_bp for r in self.rewards_in(shop) if r.kind is RewardKind.CASHBACK)
        return Cents(sum(share(base_cents, rate) for rate in rates))
