# SPDX-License-Identifier: Apache-2.0
"""Count what was posted, once each, by day and shop: what the figures of a period add up (B4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from hub.ledger import tails
from hub.ledger.counts import LONGEST_LABEL, Count, CountBook, What
from hub.ledger.meetings import Meeting
from hub.ledger.models import Customer, JournalEntry, Outcome
from hub.ledger.reading import entry_of
from hub.merchants import bulk, each, feed
from hub.merchants.models import Merchant
from loyalty.basket import Line
from loyalty.entry import Entry, Refunded, Sold
from loyalty.movements import movements

AT_ONCE: Final = 500
"""Entries in one hub transaction: tills that post meanwhile wait no longer than for a frame."""

REVERSING: Final = frozenset({"refunded", "owed_paid", "settled"})
"""Kinds of entries that take back what another did, or settle what that left: what each of them
moves depends on what was there then."""
IN_LIST: Final = ("sold", "gift_sold", "refunded")
"""What the list of a shop's transactions holds (SPEC F3)."""

_Key = tuple[str, str, str, str, str]
"""What, day, shop, key, label."""
_READ: Final = ("kind", "at", "shop_id", "customer", "cents", "raw")
_COLUMNS: Final = ("what", "day", "shop", "key", "label", "times", "cents")


def count_due() -> int:
    """Count what was posted since the last time, of every merchant; gives how many entries.

    Of a closed one, too: what its tills still deliver is in its figures.
    """
    return each.through(Merchant.objects.order_by("pk"), lambda merchant: count_all(merchant.pk))


def count_all(merchant_id: str) -> int:
    """Count what was posted since the last time, some at a time; gives how many entries."""
    done = 0
    while tails.is_behind(upto(merchant_id), merchant_id=merchant_id):
        with feed.writing(merchant_id) as out:
            done += _count(out)
    return done


def count_late(merchant: Merchant, rows: Iterable[int]) -> None:
    """Count entries that waited until now, and that were passed, inside `feed.writing`."""
    late = JournalEntry.objects.filter(
        pk__in=rows, pk__lte=upto(merchant.pk), outcome=Outcome.POSTED
    )
    _add(merchant, list(late.only(*_READ)))


def upto(merchant_id: str) -> int:
    """Key of the last entry that was counted: all of the merchant's up to it are, none after it."""
    books = CountBook.objects.filter(merchant=merchant_id)
    return books.values_list("upto", flat=True).first() or 0


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _count(out: feed.Writing) -> int:
    book, _ = CountBook.objects.get_or_create(merchant=out.merchant)
    new = tails.posted_since(book.upto, merchant_id=out.merchant.pk)
    rows, book.upto = tails.next_of(new.only(*_READ), most=AT_ONCE)
    _add(out.merchant, rows)
    book.save(update_fields=["upto"])
    return len(rows)


def _add(merchant: Merchant, rows: Sequence[JournalEntry]) -> None:
    _met(merchant, rows)
    times: Counter[_Key] = Counter()
    cents: Counter[_Key] = Counter()
    zone = ZoneInfo(merchant.zone)
    for row in rows:
        at = row.at.astimezone(zone)
        entry = entry_of(row.raw)
        told = [*_told(row, entry, f"{at:%H}"), *(_written(entry) if entry else ())]
        for what, key, label, n, amount in told:
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


def _met(merchant: Merchant, rows: Sequence[JournalEntry]) -> None:
    """Note whom each shop met; who joins may have been met before anybody knew them."""
    named = {(row.shop_id, row.customer) for row in rows if row.shop_id and row.customer}
    if joined := {row.customer for row in rows if row.kind == "joined"}:
        before = JournalEntry.objects.filter(
            merchant=merchant, customer__in=joined, outcome=Outcome.POSTED, shop__isnull=False
        )
        named.update(before.values_list("shop_id", "customer").distinct())
    people = Customer.objects.filter(merchant=merchant, uuid__in={uuid for _, uuid in named})
    keys = dict(people.values_list("uuid", "pk"))
    met = {(shop, keys[uuid]) for shop, uuid in named if uuid in keys}
    bulk.insert(
        Meeting,
        ("shop_id", "customer_id"),
        sorted(met),
        conflict="ON CONFLICT (shop_id, customer_id) DO NOTHING",
    )


def _told(row: JournalEntry, entry: Entry | None, hour: str) -> list[_Told]:
    listed = (What.LISTED, row.kind, "", 1, row.cents)
    match row.kind:
        case "gift_sold":
            return [listed]
        case "visited":
            return [(What.VISITS, hour, "", 1, 0)]
        case "joined":
            return [(What.JOINED, "", "", 1, 0)]
        case "sold" | "refunded":
            return [listed, *_turnover(row, hour), *_bought(entry)]
    return []


def _turnover(row: JournalEntry, hour: str) -> list[_Told]:
    sold = row.kind == "sold"
    found = [(What.SALES, hour, "", int(sold), row.cents)]
    if sold and not row.customer:
        found.append((What.VISITS, hour, "", 1, 0))
    return found


def _written(entry: Entry) -> list[_Told]:
    """What it moves by itself; nothing of what takes back, or settles, what others did."""
    if entry.kind in REVERSING:
        return []
    moves = movements(entry.facts)
    return [(What.WRITTEN, move.account.kind.value, "", 1, move.amount) for move in moves]


def _bought(entry: Entry | None) -> list[_Told]:
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
