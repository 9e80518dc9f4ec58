# SPDX-License-Identifier: Apache-2.0
"""A merchant's loyalty programme: versioned rules, frozen once published."""

from dataclasses import dataclass
from typing import Final

from loyalty.calendar import NO_EXPIRY, ExpiryRule, Window
from loyalty.money import Cents
from loyalty.tier import PLAIN_PLAN, Tier, TierPlan

PLAIN: Final = 10_000
"""The factor of points that multiplies nothing, in hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class EarnRule:
    """So many points for each whole step of so many cents paid (SPEC C9)."""

    points: int = 1
    per_cents: int = 100

    @property
    def key(self) -> str:
        """Names the carry account: carry of one rule is never converted under another."""
        return f"{self.points}/{self.per_cents}"

    def earn(self, base_cents: int, factor_bp: int = PLAIN) -> tuple[int, Cents]:
        """The points of the whole steps of this sale, and the cents left for the carry.

        A factor multiplies the points of the whole steps, then rounds down: what is carried earns
        at the plain rate, whenever the hub turns it into points. Without points nothing is.
        """
        if not self.points:
            return 0, Cents(0)
        steps, rest = divmod(base_cents, self.per_cents)
        return steps * self.points * factor_bp // PLAIN, Cents(rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Conditions of a reward of any type: all must hold (SPEC C6–C8, C21, C22, J11)."""

    welcome: bool = False
    """On the very first order; costs no points."""
    per_visit: bool = False
    """Applied by itself at the n-th counted scan; the reward's cost is n, in visits."""
    pro: bool = False
    """Only for customers whom the merchant or the staff flagged as professionals."""
    birthday: bool = False
    """Once a year, from the birthday on, for as many days as the programme says."""
    tiers: tuple[str, ...] = ()
    """Ids of those it is reserved to; none: everybody."""
    from_day: str = ""
    """First day, in the shop's time zone; empty: no limit."""
    until_day: str = ""
    """Last day, included; empty: no limit."""
    stock: bool = False
    """The merchant counts how many are left."""
    per_customer: int = 0
    """How often a customer may use it in all; 0: as often as they like."""

    @property
    def free(self) -> bool:
        """Whether it costs no points."""
        return self.welcome or self.per_visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What a customer may choose at the till; what its type makes of it is in `rewards/`."""

    id: str
    kind: str
    """Name of its type; one that this software does not know is not offered."""
    title: str
    cost: int
    """Points at each use; visits where it is applied per visit."""
    rate_bp: int = 0
    gift_title: str = ""
    not_in_shops: tuple[str, ...] = ()
    """Unticked shops: a shop that opens later has the reward (SPEC C5)."""
    terms: tuple[tuple[str, int | str], ...] = ()
    """Whatever else its type wants to be told, by name."""
    options: Options = Options()

    def offered_in(self, shop: str) -> bool:
        """Whether the reward is for this shop."""
        return shop not in self.not_in_shops

    def number(self, name: str) -> int:
        """A figure that its type wanted; 0 where nothing was said."""
        value = self.rate_bp if name == "rate_bp" else self._term(name)
        return value if isinstance(value, int) else 0

    def text(self, name: str) -> str:
        """A word that its type wanted; empty where nothing was said."""
        value = self.gift_title if name == "gift_title" else self._term(name)
        return value if isinstance(value, str) else ""

    def _term(self, name: str) -> int | str | None:
        return next((value for term, value in self.terms if term == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardRule:
    """What every gift card sold from now on is (SPEC H7)."""

    months: int = 0
    """Valid for that long; 0: for ever."""
    single_purpose: bool = False
    """All that it buys bears one rate: VAT is due at the sale of the card, not when it pays."""
    vat_bp: int = 0
    """That one rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyProgramme:
    """One published version of a merchant's rules."""

    version: int
    """Each publication is one more; an entry names the one that it was decided by (SPEC C23)."""
    earn: EarnRule
    """So many points for each whole step of so many cents paid; cents left are carried (SPEC C9)."""
    rewards: tuple[Reward, ...] = ()
    """What customers may choose, in the merchant's order."""
    point_value_cents: int = 1
    """What a point pays where it is used as payment (SPEC C10)."""
    visit_delay_s: int = 3600
    """A staff scan within this delay of the last one is the same visit (SPEC F4)."""
    not_earning: tuple[str, ...] = ()
    """Ids of categories and products that earn nothing (SPEC C21)."""
    windows: tuple[Window, ...] = ()
    """When points are multiplied; of several the best one counts (SPEC C21)."""
    pending_days: int = 0
    """Days before points can be spent (SPEC C18)."""
    expiry: ExpiryRule = NO_EXPIRY
    """Never, or months after the award or the last purchase; the oldest is spent first (SPEC C19)."""
    birthday_days: int = 0
    """How long a birthday reward can be used, from the day itself on; 0: there is none."""
    credit_delay_min: int = 180
    """From the end of an appointment until its points are there (SPEC C17)."""
    service_points: tuple[tuple[str, int], ...] = ()
    """Products that are services or classes, and what each booking of them earns."""
    giftcards: GiftCardRule = GiftCardRule()
    """How long gift cards are valid, and when their VAT is due (SPEC H7)."""
    tiers: tuple[Tier, ...] = ()
    """From the lowest to the highest, each with what it multiplies points with (SPEC J)."""
    tiering: TierPlan = PLAIN_PLAN
    """What is counted for tiers, over which period, and how one is lost (SPEC J1, J11)."""
    without: tuple[str, ...] = ()
    """Modules that the merchant does not have, or switched off (SPEC A7, A8)."""

    def has(self, module: str) -> bool:
        """Whether the merchant has this module."""
        return module not in self.without

    def rewards_in(self, shop: str) -> tuple[Reward, ...]:
        """What this shop offers, in the merchant's order."""
        return tuple(reward for reward in self.rewards if reward.offered_in(shop))

    def reward(self, reward_id: str) -> Reward | None:
        """The reward of that id, if this version has it."""
        return next((reward for reward in self.rewards if reward.id == reward_id), None)

    def tier(self, tier_id: str) -> Tier | None:
        """The tier of that id, if this version has it."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)
