# SPDX-License-Identifier: Apache-2.0
"""What the points that customers have will cost: how many, how many are used, what one costs."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.ledger import summing
from hub.ledger.summing import Wanted
from hub.merchants.models import Merchant
from loyalty.account import Kind
from loyalty.money import WHOLE_BP, half_up

YEAR: Final = 12
PER: Final = 100
"""Points that a cost is said for: one alone costs less than a cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Points at the end of a month, those that wait included, and what moved them."""

    first: date
    earned: int
    used: int
    """By rewards, payments and cards: not what expired or was put right."""
    outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What the merchant expects."""

    use_bp: int
    """Of the points that are there, how many will be used."""
    cents_per_100: int
    """What a hundred of them cost when they are."""

    def provision_cents(self, points: int) -> int:
        """What so many points will cost, half up to the cent."""
        return half_up(max(0, points) * self.use_bp * self.cents_per_100, WHOLE_BP * PER)


def by_month(merchant: Merchant, *, until: date) -> tuple[Month, ...]:
    """Every month from the first movement to the one of a day, the newest first."""
    sums: defaultdict[date, Counter[str]] = defaultdict(Counter)
    points = Wanted(kinds=(Kind.POINTS, Kind.PENDING), holders=True)
    moved = summing.sums([merchant], ("day", "entry", "up"), points)
    for (day, entry, gained), some in moved.items():
        here = sums[day.replace(day=1)]
        here["net"] += some.amount
        # what matures was earned before, what a refund takes back was never earned
        if entry in _EARNING if gained else entry == "refunded":
            here["earned"] += some.amount
        if entry in _USING and not gained:
            here["used"] -= some.amount
    found, outstanding = [], 0
    for month in _months(min(sums, default=until), until):
        outstanding += sums[month]["net"]
        found.append(
            Month(
                first=month,
                earned=sums[month]["earned"],
                used=sums[month]["used"],
                outstanding=outstanding,
            )
        )
    return tuple(reversed(found))


def observed_bp(months: tuple[Month, ...]) -> int | None:
    """How many of the points that were earned in the last twelve months were used; None: none were."""
    last = months[:YEAR]
    earned = sum(month.earned for month in last)
    used = sum(month.used for month in last)
    return min(WHOLE_BP, half_up(used * WHOLE_BP, earned)) if earned > 0 else None


# ── inside ──────────────────────────────────────────────────────────────────────────────────────

_EARNING: Final = frozenset({"sold", "carry_converted", "adjusted"})
_USING: Final = frozenset({"sold", "gift_sold"})


def _months(first: date, until: date) -> list[date]:
    """The first days of the months from one to the other."""
    begin, end = first.year * 12 + first.month - 1, until.year * 12 + until.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(begin, end + 1)]
