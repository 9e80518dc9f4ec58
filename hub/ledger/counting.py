# SPDX-License-Identifier: Apache-2.0
"""Count what was posted, once each, by day and shop: what the figures of a period add up (B4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from hub.ledger.counts import LONGEST_LABEL, Count, CountBook, What
from hub.ledger.models import JournalEntry, Movement, Outcome
from hub.ledger.reading import entry_of
from hub.ledger.statements.points import EARNED, USED
from hub.merchants import bulk, each, feed
from hub.merchants.models import Merchant
from loyalty.account import NOBODY, Kind
from loyalty.basket import Line
from loyalty.entry import Refunded, Sold

AT_ONCE: Final = 500
"""Entries in one hub transaction: tills that post meanwhile wait no longer than for a frame."""

_Key = tuple[str, str, str, str, str]
"""What, day, shop, key, label."""
_COLUMNS: Final = ("what", "day", "shop", "key", "label", "times", "cents")


def count_due() -> int:
    """Count what was posted since the last time, of every merchant; gives how many entries.

    Of a closed one, too: what its tills still deliver is in its figures.
    """
    return each.through(Merchant.objects.order_by("pk"), lambda merchant: count_all(merchant.pk))


def count_all(merchant_id: str) -> int:
    """Count what was posted since the last time, some at a time; gives how many entries."""
    done = 0
    while _is_behind(merchant_id):
        with feed.writing(merchant_id) as out:
            done += _count(out)
    return done


def count_late(merchant: Merchant, rows: Iterable[int]) -> None:
    """Count entries that waited until now, and that were passed, inside `feed.writing`."""
    book = CountBook.objects.filter(merchant=merchant).first()
    if book:
        _add(merchant, list(_entries(merchant.pk).filter(pk__in=rows, pk__lte=book.upto)))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _entries(merchant_id: str) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(merchant=merchant_id, outcome=Outcome.POSTED).only(
        "kind", "at", "shop_id", "customer", "cents", "raw"
    )


def _is_behind(merchant_id: str) -> bool:
    book = CountBook.objects.filter(merchant=merchant_id).first()
    return _entries(merchant_id).filter(pk__gt=book.upto if book else 0).exists()


def _count(out: feed.Writing) -> int:
    book, _ = CountBook.objects.get_or_create(merchant=out.merchant)
    rows = list(_entries(out.merchant.pk).filter(pk__gt=book.upto).order_by("pk")[:AT_ONCE])
    if rows:
        _add(out.merchant, rows)
        book.upto = rows[-1].pk
        book.save(update_fields=["upto"])
    return len(rows)


def _add(merchant: Merchant, rows: Sequence[JournalEntry]) -> None:
    times: Counter[_Key] = Counter()
    cents: Counter[_Key] = Counter()
    zone = ZoneInfo(merchant.zone)
    points = _points(rows)
    for row in rows:
        at = row.at.astimezone(zone)
        for what, key, label, n, amount in (*_told(row, f"{at:%H}"), *points.get(row.pk, ())):
            counted = (what, at.date().isoformat(), row.shop_id or "", key, label)
            times[counted] += n
            cents[counted] += amount
    table = Count._meta.db_table  # noqa: SLF001
    bulk.insert(
        Count,
        ("merchant_id", *_COLUMNS),
        [(merchant.pk, *key, n, cents[key]) for key, n in sorted(times.items())],
        conflict="ON CONFLICT (merchant_id, what, day, shop, key, label) DO UPDATE SET"
        f" times = {table}.times + excluded.times, cents = {table}.cents + excluded.cents",
    )


_Told = tuple[What, str, str, int, int]
"""What, key, label, times, cents."""


def _told(row: JournalEntry, hour: str) -> list[_Told]:
    match row.kind:
        case "visited":
            return [(What.VISITS, hour, "", 1, 0)]
        case "joined":
            return [(What.JOINED, "", "", 1, 0)]
        case "sold" | "refunded":
            return [*_turnover(row, hour), *_bought(row)]
    return []


def _turnover(row: JournalEntry, hour: str) -> list[_Told]:
    sold = row.kind == "sold"
    found = [(What.SALES, hour, "", int(sold), row.cents)]
    if sold and not row.customer:
        found.append((What.VISITS, hour, "", 1, 0))
    return found


def _bought(row: JournalEntry) -> list[_Told]:
    entry = entry_of(row.raw)
    match entry and entry.facts:
        case Sold() as sold:
            return [
                *(_article(line, 1) for line in sold.lines),
                *((What.REWARD, a.reward, a.title, 1, a.cents_off) for a in sold.applied),
            ]
        case Refunded() as refunded:
            return [_article(line, -1) for line in refunded.lines]
    return []


def _article(line: Line, sign: int) -> _Told:
    label = line.label[:LONGEST_LABEL]
    return What.ARTICLE, line.product, label, sign * line.quantity, sign * line.cents


def _points(rows: Sequence[JournalEntry]) -> dict[int, list[_Told]]:
    """Points that each of them gave and took, by its key."""
    found = (
        Movement.objects.filter(entry__in=rows, account__kind=Kind.POINTS)
        .exclude(account__owner__in=NOBODY)
        .order_by()
        .values_list("entry")
        .annotate(earned=Sum("amount", filter=EARNED), used=Sum("amount", filter=USED))
    )
    return {
        entry: [
            (What.EARNED, "", "", earned or 0, 0),
            (What.USED, "", "", -(used or 0), 0),
        ]
        for entry, earned, used in found
    }
