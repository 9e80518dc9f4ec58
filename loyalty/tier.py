# SPDX-License-Identifier: Apache-2.0
"""Tiers: which one a customer has, from what was bought or earned in a period, never from a balance.

The hub works it out by the day; tills are told, and each entry says which one it used (SPEC J).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final


class Criterion(StrEnum):
    """What is counted (SPEC J1)."""

    AMOUNT = "amount"
    """Cents of what was owed after rewards, refunds taken off."""
    POINTS = "points"
    """Earned by sales, refunds taken off: never the balance."""
    VISITS = "visits"
    ORDERS = "orders"
    SEGMENT = "segment"
    """Nothing is counted: belonging to a segment is the tier."""


class Period(StrEnum):
    """Since when it is counted."""

    ALL = "all"
    ROLLING = "rolling"
    """Twelve months back."""
    YEAR = "year"
    """Since the first of January."""


class Downgrade(StrEnum):
    """What becomes of a tier that the figure does not reach any more (SPEC J11)."""

    NEVER = "never"
    AT_ONCE = "at_once"
    STEP = "step"
    """One tier down at each evaluation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One tier of a version."""

    id: str
    name: str
    threshold: int = 0
    """In the criterion's unit."""
    factor_bp: int = 10_000
    """What it multiplies points with."""
    segment: str = ""
    """For tiers by segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPlan:
    """How customers are classified under a version."""

    criterion: Criterion = Criterion.AMOUNT
    period: Period = Period.ALL
    downgrade: Downgrade = Downgrade.AT_ONCE
    warn_days: int = 30
    """So long before a tier would be lost the customer is told."""

    def since(self, today: date) -> date | None:
        """The first day that counts; None: everything does."""
        match self.period:
            case Period.ALL:
                return None
            case Period.YEAR:
                return date(today.year, 1, 1)
            case Period.ROLLING:
                leap = (today.month, today.day) == (2, 29)
                return date(today.year - 1, today.month, 28 if leap else today.day)


PLAIN_PLAN: Final = TierPlan()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a customer stands, for a bar (SPEC J7)."""

    tier: Tier | None
    next: Tier | None
    missing: int = 0
    """Until the next one; 0 at the top."""
    share_bp: int = 0
    """How full the bar is from the tier's threshold to the next one's."""


def reached(tiers: Sequence[Tier], figure: int) -> Tier | None:
    """The highest tier whose threshold the figure reaches; None below the first one."""
    return next((tier for tier in reversed(tiers) if figure >= tier.threshold), None)


def by_segment(tiers: Sequence[Tier], segments: Collection[str]) -> Tier | None:
    """The highest tier of whose segment the customer is."""
    return next((tier for tier in reversed(tiers) if tier.segment in segments), None)


def evaluated(plan: TierPlan, tiers: Sequence[Tier], *, had: str, earned: Tier | None) -> str:
    """Id of the tier after an evaluation; empty: none.

    Args:
        had: id of the tier until now; one that this version does not have counts as none.
        earned: the tier that the figures of the period or the segments give.
    """
    ids = [tier.id for tier in tiers]
    before = ids.index(had) if had in ids else -1
    now = ids.index(earned.id) if earned else -1
    if now < before:
        match plan.downgrade:
            case Downgrade.NEVER:
                now = before
            case Downgrade.STEP:
                now = max(now, before - 1)
            case Downgrade.AT_ONCE:
                pass
    return ids[now] if now >= 0 else ""


def progress(tiers: Sequence[Tier], *, tier: str, figure: int) -> Progress:
    """How far it is to the next tier from the one that the customer has."""
    steps = [None, *tiers, None]
    for here, following in pairwise(steps):
        if (here.id if here else "") != tier:
            continue
        if following is None:
            return Progress(tier=here, next=None, share_bp=10_000)
        begin = here.threshold if here else 0
        width = max(1, following.threshold - begin)
        share = min(max(0, figure - begin) * 10_000 // width, 10_000)
        missing = max(0, following.threshold - figure)
        return Progress(tier=here, next=following, missing=missing, share_bp=share)
    return Progress(tier=None, next=tiers[0] if tiers else None)


def would_lose(
    plan: TierPlan, tiers: Sequence[Tier], *, tier: str, figure_then: int
) -> Tier | None:
    """The tier that an evaluation would leave if nothing more were bought; None: none is lost.

    Args:
        figure_then: what of the figure still counts on the day that is `warn_days` ahead.
    """
    after = evaluated(plan, tiers, had=tier, earned=reached(tiers, figure_then))
    return next((t for t in tiers if t.id == tier), None) if after != tier else None
