# SPDX-License-Identifier: Apache-2.0
"""What will expire when if nobody uses anything until then: worked out, and kept for everybody.

It depends on lots and balance alone. Whoever posts pays nothing for it: it is worked out anew for
those whose points moved since, once a minute, when their entries are read into lots (decision 0016).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db.models import Max

from hub.ledger import tails
from hub.ledger.lots import Fall, FallMonth, Lot, LotBook
from hub.ledger.models import Account, Movement
from hub.merchants import bulk, feed
from hub.merchants.models import Merchant
from loyalty.account import NOBODY, Kind
from loyalty.calendar import Lots, due

AT_ONCE: Final = 500
"""Customers worked out in one statement each."""
NET: Final = (Kind.POINTS, Kind.OWED, Kind.SHORT)
"""Kinds of accounts that say how many points there are to use."""

Falls = dict[date, int]
"""Points that expire on each day."""


def lots_of(merchant: Merchant, customers: Iterable[str]) -> dict[str, dict[date | None, int]]:
    """The lots of some customers."""
    found: dict[str, dict[date | None, int]] = defaultdict(dict)
    rows = bulk.select(
        "SELECT customer, day, points FROM ledger_lot WHERE merchant_id = %s AND customer IN %s",
        merchant.pk,
        among=list(customers),
    )
    for customer, day, points in rows:
        found[customer][date.fromisoformat(day) if isinstance(day, str) else day] = points
    return found


def net_points(merchant: Merchant, customers: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Points less what is owed of them and what waits to be paid; the points; what is held."""
    rows = Account.objects.filter(merchant=merchant, owner__in=customers, kind__in=NET)
    found: dict[str, tuple[int, int, int]] = {}
    for owner, kind, key, balance, held in rows.values_list(
        "owner", "kind", "key", "balance", "held_total"
    ):
        net, points, in_rights = found.get(owner, (0, 0, 0))
        if kind == Kind.POINTS:
            found[owner] = (net + balance, points + balance, in_rights + held)
        elif key == Kind.POINTS:
            found[owner] = (net - balance, points, in_rights)
    return found


def falls_of(merchant: Merchant, customers: Collection[str]) -> dict[str, Falls]:
    """What falls on which day of each of these customers; one of whom nothing does is not there."""
    found: dict[str, Falls] = {}
    for some in _some(customers):
        lots, net = lots_of(merchant, some), net_points(merchant, some)
        for customer in some:
            balance, _, _ = net.get(customer, (0, 0, 0))
            if falls := _falls(lots[customer], balance=balance):
                found[customer] = falls
    return found


def write(
    table: type[Lot | Fall], merchant: Merchant, wanted: Mapping[str, Mapping[Any, int]]
) -> None:
    """Write the points of some customers, by day, where they are not what they were."""
    rows = table.objects.filter(merchant=merchant, customer__in=list(wanted))
    left = {(one, day): n for one, days in wanted.items() for day, n in days.items()}
    gone, changed = [], []
    for pk, customer, day, had in rows.values_list("pk", "customer", "day", "points"):
        now = left.pop((customer, day), None)
        if now is None:
            gone.append(pk)
        elif now != had:
            changed.append((now, pk))
    bulk.remove(table, gone)
    bulk.update(table, ("points",), changed)
    new = [(merchant.pk, one, day and day.isoformat(), n) for (one, day), n in left.items()]
    bulk.insert(table, ("merchant_id", "customer", "day", "points"), new)


def newest() -> int:
    """Key of the last movement of any merchant."""
    return Movement.objects.aggregate(newest=Max("pk"))["newest"] or 0


def go_on(merchant: Merchant, customers: Iterable[str]) -> None:
    """Keep what falls, anew for these customers and for whose points moved since, under the lock.

    Where nothing is kept yet there is nothing to go on with: `begin` does.

    Args:
        merchant: whose points they are.
        customers: whose lots have just changed.
    """
    book = LotBook.objects.filter(merchant=merchant, foreseen__isnull=False).first()
    if book is None:
        return
    # under the merchant's lock: whatever it moves from now on gets a greater key
    upto = newest()
    for some in _some({*customers, *_moved(merchant, book)}):
        _keep(merchant, some)
    book.foreseen = upto
    book.save(update_fields=["foreseen"])


def begin(merchant_id: str, upto: int) -> None:
    """Keep what falls of everybody for the first time, some at a time.

    Args:
        merchant_id: whose points they are; nothing is done where it is kept already.
        upto: key of a movement up to whose entry all has been read into lots.
    """
    books = LotBook.objects.filter(merchant=merchant_id, foreseen=None)
    if not books.exists():
        return
    for some in _some(_column(Lot, merchant_id)):
        with feed.writing(merchant_id) as out:
            _keep(out.merchant, some)
    with feed.writing(merchant_id) as out:
        books.update(foreseen=upto)
        go_on(out.merchant, ())


def faults(merchant: Merchant) -> list[str]:
    """Where what is kept is not what comes out afresh; a sentence each."""
    book = LotBook.objects.filter(merchant=merchant, foreseen__isnull=False).first()
    if book is None:
        return []
    everybody = {*_column(Lot, merchant.pk), *_column(Fall, merchant.pk)}
    settled = everybody - {*_moved(merchant, book)}
    kept, afresh = _kept(merchant, everybody), falls_of(merchant, settled)
    found = [
        f"expiration de {customer} : {kept.get(customer, {})} tenue, {afresh.get(customer, {})}"
        " aux soldes"
        for customer in sorted(settled)
        if kept.get(customer) != afresh.get(customer)
    ]
    months = FallMonth.objects.filter(merchant=merchant)
    sums = {first: some for first, *some in months.values_list("first", "points", "customers")}
    must = _by_month(kept)
    return found + [
        f"expiration du mois {first} : {sums.get(first, [0, 0])} tenus, {must.get(first, [0, 0])}"
        for first in sorted({*sums, *must})
        if sums.get(first) != must.get(first)
    ]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _falls(lots: Lots, *, balance: int) -> Falls:
    """The oldest points are used first: what is left then, day after day."""
    found, gone = {}, 0
    for day in sorted(day for day in lots if day is not None):
        amount = due(lots, balance=balance, today=day) - gone
        if amount > 0:
            found[day] = amount
            gone += amount
    return found


def _moved(merchant: Merchant, book: LotBook) -> Iterator[str]:
    """Whose points moved since the book was last written."""
    new = Movement.objects.filter(tails.after(book.foreseen or 0))
    moved = new.filter(account__merchant=merchant, account__kind__in=NET)
    owners = moved.exclude(account__owner__in=NOBODY).order_by()
    return owners.values_list("account__owner", flat=True).distinct().iterator()


def _keep(merchant: Merchant, customers: Sequence[str]) -> None:
    """Write what falls of some customers in place of what was kept, and their share of the months."""
    had, now = _kept(merchant, customers), falls_of(merchant, customers)
    changed = [one for one in customers if had.get(one) != now.get(one)]
    if not changed:
        return
    write(Fall, merchant, {one: now.get(one, {}) for one in changed})
    before = _by_month({one: had[one] for one in changed if one in had})
    after = _by_month({one: now[one] for one in changed if one in now})
    table = FallMonth._meta.db_table  # noqa: SLF001
    bulk.insert(
        FallMonth,
        ("merchant_id", "first", "points", "customers"),
        [
            (merchant.pk, first.isoformat(), *_less(after.get(first), before.get(first)))
            for first in sorted({*before, *after})
        ],
        conflict="ON CONFLICT (merchant_id, first) DO UPDATE SET"
        f" points = {table}.points + excluded.points,"
        f" customers = {table}.customers + excluded.customers",
    )
    FallMonth.objects.filter(merchant=merchant, customers=0).delete()


def _kept(merchant: Merchant, customers: Collection[str]) -> dict[str, Falls]:
    found: defaultdict[str, Falls] = defaultdict(dict)
    for some in _some(customers):
        rows = Fall.objects.filter(merchant=merchant, customer__in=some)
        for customer, day, points in rows.values_list("customer", "day", "points"):
            found[customer][day] = points
    return dict(found)


def _by_month(falls: Mapping[str, Falls]) -> dict[date, list[int]]:
    """Points and customers of each month."""
    points: Counter[date] = Counter()
    people: Counter[date] = Counter()
    for days in falls.values():
        for day, amount in days.items():
            points[day.replace(day=1)] += amount
        people.update({day.replace(day=1) for day in days})
    return {first: [points[first], people[first]] for first in points}


def _less(after: Sequence[int] | None, before: Sequence[int] | None) -> list[int]:
    return [one - other for one, other in zip(after or (0, 0), before or (0, 0), strict=True)]


def _column(table: type[Lot | Fall], merchant_id: str) -> list[str]:
    """Everybody who is named in it."""
    rows = table.objects.filter(merchant=merchant_id, day__isnull=False).order_by()
    return list(rows.values_list("customer", flat=True).distinct())


def _some(customers: Iterable[str]) -> Iterator[list[str]]:
    every = iter(customers)
    while some := list(islice(every, AT_ONCE)):
        yield some
