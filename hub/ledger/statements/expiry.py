# SPDX-License-Identifier: Apache-2.0
"""What expires when, if nobody uses anything until then: by month, and customer by customer (C19)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.ledger import awards
from hub.ledger.expiring import net_points
from hub.ledger.lots import Lot
from hub.merchants.models import Merchant
from loyalty.calendar import Lots, due

AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Points of some customers that expire in one month."""

    first: date
    points: int
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Points of one customer that expire on one day."""

    customer: str
    """Uuid."""
    day: date
    points: int


def coming(merchant: Merchant, *, today: date, customers: Iterable[str] = ()) -> list[Coming]:
    """Everything that will expire, the nearest first; of these customers alone where named."""
    wanted = list(customers) or list(
        Lot.objects.filter(merchant=merchant, day__isnull=False)
        .order_by()
        .values_list("customer", flat=True)
        .distinct()
    )
    found = []
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        lots, points = awards.lots_of(merchant, some), net_points(merchant, some)
        for customer in some:
            net, _, _ = points.get(customer, (0, 0, 0))
            found += [
                Coming(customer=customer, day=day, points=amount)
                for day, amount in _falls(lots[customer], balance=net, today=today)
            ]
    return sorted(found, key=lambda one: (one.day, one.customer))


def by_month(all_of_it: Iterable[Coming]) -> list[Month]:
    """What falls into each month, the nearest first."""
    points: defaultdict[date, int] = defaultdict(int)
    people: defaultdict[date, set[str]] = defaultdict(set)
    for one in all_of_it:
        first = one.day.replace(day=1)
        points[first] += one.points
        people[first].add(one.customer)
    return [
        Month(first=first, points=points[first], customers=len(people[first]))
        for first in sorted(points)
    ]


def _falls(lots: Lots, *, balance: int, today: date) -> Iterable[tuple[date, int]]:
    """Each day on which some of it expires, and how much; what is late is today's."""
    gone = 0
    for day in sorted({max(day, today) for day in lots if day is not None}):
        amount = due(lots, balance=balance, today=day) - gone
        if amount > 0:
            yield day, amount
            gone += amount
