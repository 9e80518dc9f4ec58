# SPDX-License-Identifier: Apache-2.0
"""What expires when, if nobody uses anything until then: by month, and customer by customer (C19)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from hub.ledger.foreseeing import falls_of
from hub.ledger.lots import Fall, FallMonth
from hub.merchants.models import Merchant
from loyalty.calendar import months_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Points of some customers that expire in one month."""

    first: date
    points: int
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Points that expire on one day."""

    day: date
    points: int


def coming(merchant: Merchant) -> QuerySet[Fall]:
    """Everything that will expire, the nearest first, as it was a minute ago at most."""
    return Fall.objects.filter(merchant=merchant).order_by("day", "customer")


def coming_of(merchant: Merchant, customers: Sequence[str], *, today: date) -> list[Coming]:
    """What of one person's will expire, the nearest first, as it is now; what is late is today's.

    Args:
        merchant: whose customer they are.
        customers: uuids of all that are this person.
        today: the merchant's day.
    """
    found: Counter[date] = Counter()
    for falls in falls_of(merchant, customers).values():
        for day, points in falls.items():
            found[max(day, today)] += points
    return [Coming(day=day, points=found[day]) for day in sorted(found)]


def by_month(merchant: Merchant, *, today: date) -> list[Month]:
    """What falls into each month, the nearest first; what is late falls into this one."""
    this = today.replace(day=1)
    rows = FallMonth.objects.filter(merchant=merchant).order_by("first")
    months = [
        Month(first=first, points=points, customers=customers)
        for first, points, customers in rows.values_list("first", "points", "customers")
    ]
    late = [month for month in months if month.first < this]
    if not late:
        return months
    # who has some of two of these months is one customer
    upto = Fall.objects.filter(merchant=merchant, day__lt=months_after(this, 1))
    now = upto.aggregate(points=Sum("points"), customers=Count("customer", distinct=True))
    return [Month(first=this, **now), *(month for month in months if month.first > this)]
