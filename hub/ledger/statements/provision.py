# SPDX-License-Identifier: Apache-2.0
"""What the points that customers have will cost: how many, how many are used, what one costs."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from hub.ledger.dating import day_of_hour
from hub.ledger.models import Movement
from hub.merchants.models import Merchant
from loyalty.account import NOBODY, Kind
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
    zone = ZoneInfo(merchant.zone)
    for hour, kind, gained, lost in _moved(merchant):
        here = sums[day_of_hour(hour, zone).replace(day=1)]
        here["net"] += (gained or 0) + (lost or 0)
        # what matures was earned before, what a refund takes back was never earned
        here["earned"] += (gained or 0) if kind in _EARNING else 0
        here["earned"] += (lost or 0) if kind == "refunded" else 0
        here["used"] -= (lost or 0) if kind in _USING else 0
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


def _moved(merchant: Merchant) -> QuerySet:
    """Hour, kind of entry, points gained and lost.

    By the hour, which is a number: to ask the database for the month of each movement, where the
    merchant is, takes ten times as long. A zone that is half an hour off counts the last half hour
    of a month by its beginning.
    """
    movements = Movement.objects.filter(
        entry__merchant=merchant, account__kind__in=(Kind.POINTS, Kind.PENDING)
    )
    return (
        movements.exclude(account__owner__in=NOBODY)
        .order_by()
        .values_list("entry__hour", "entry__kind")
        .annotate(
            gained=Sum("amount", filter=Q(amount__gt=0)),
            lost=Sum("amount", filter=Q(amount__lt=0)),
        )
    )


def _months(first: date, until: date) -> list[date]:
    """The first days of the months from one to the other."""
    begin, end = first.year * 12 + first.month - 1, until.year * 12 + until.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(begin, end + 1)]
