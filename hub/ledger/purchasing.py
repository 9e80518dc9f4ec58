# SPDX-License-Identifier: Apache-2.0
"""Keep who bought what from what was posted, each entry once (SPEC D4, K1).

A sale is added to what is there. A refund may take away the last time that something was bought,
so its customer is worked out again from all their entries: it is rare, and they are few.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from hub.ledger import tails
from hub.ledger.models import Customer, JournalEntry, Outcome
from hub.ledger.purchases import ANYTHING, Bought, PurchaseBook, Spent
from hub.ledger.reading import entry_of
from hub.merchants import bulk, each, feed
from hub.merchants.models import Merchant
from loyalty.basket import Line
from loyalty.entry import Refunded, Sold

AT_ONCE: Final = 500
"""Entries in one hub transaction: tills that post meanwhile wait no longer than for a frame."""
TELLING: Final = ("sold", "refunded")
"""Kinds of entries that say what was bought."""
_READ: Final = ("kind", "at", "customer", "event_id", "raw")


def keep_due() -> int:
    """Read what was posted since the last time, of every merchant; gives how many entries.

    Of a closed one, too: what its tills still deliver was bought.
    """
    return each.through(Merchant.objects.order_by("pk"), lambda merchant: keep_all(merchant.pk))


def keep_all(merchant_id: str) -> int:
    """Read what was posted since the last time, some at a time; gives how many entries."""
    done = 0
    while tails.is_behind(_upto(merchant_id), merchant_id=merchant_id):
        with feed.writing(merchant_id) as out:
            done += _keep(out.merchant)
    return done


def keep_late(merchant: Merchant, rows: Iterable[int]) -> None:
    """Read entries that waited until now, and that were passed, inside `feed.writing`."""
    book = PurchaseBook.objects.filter(merchant=merchant).first()
    if book:
        late = _entries(merchant.pk).filter(pk__in=rows, pk__lte=book.upto, kind__in=TELLING)
        _work_out(merchant, set(late.values_list("customer", flat=True)), upto=book.upto)


def drop(people: Sequence[Customer]) -> None:
    """Forget what these customers bought, inside `feed.writing`: nobody is to be found by it."""
    Bought.objects.filter(customer__in=people).delete()
    Spent.objects.filter(customer__in=people).delete()


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Sale:
    """A sale, less what was paid back of it."""

    day: date
    left_cents: int
    """Of its total before rewards: with nothing left it was undone whole."""
    due_cents: int
    lines: Counter[tuple[str, str]]
    """How many of a product in a category."""

    @property
    def articles(self) -> set[str]:
        """Ids of what is left of it, by product and by category."""
        if self.left_cents <= 0:
            return set()
        kept = {name for line, times in self.lines.items() if times > 0 for name in line}
        return kept | {ANYTHING}


@dataclass(slots=True)
class _Purchases:
    """What one customer bought, as entries say it in their order."""

    sales: dict[str, _Sale] = field(default_factory=dict)

    def hear(self, row: JournalEntry, zone: ZoneInfo) -> None:
        """Take one more entry: a sale, or what was paid back of one heard before."""
        entry = entry_of(row.raw)
        match entry and entry.facts:
            case Sold() as sold:
                self.sales[row.event_id or ""] = _Sale(
                    day=row.at.astimezone(zone).date(),
                    left_cents=sold.total_cents,
                    due_cents=sold.due_cents,
                    lines=_counted(sold.lines),
                )
            case Refunded(sale=sale_id) as back if sale := self.sales.get(sale_id):
                sale.left_cents -= back.cents
                sale.due_cents -= back.due_cents
                sale.lines.subtract(_counted(back.lines))

    def last(self) -> dict[str, date]:
        """By article, the last day on which it was bought."""
        found: dict[str, date] = {}
        for sale in self.sales.values():
            for article in sale.articles:
                found[article] = max(sale.day, found.get(article, sale.day))
        return found

    def spent(self) -> Counter[date]:
        """Cents by month."""
        found: Counter[date] = Counter()
        for sale in self.sales.values():
            found[sale.day.replace(day=1)] += sale.due_cents
        return found


def _counted(lines: Iterable[Line]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for line in lines:
        found[line.product, line.category] += line.quantity
    return found


def _entries(merchant_id: str) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(merchant=merchant_id, outcome=Outcome.POSTED).only(*_READ)


def _upto(merchant_id: str) -> int:
    books = PurchaseBook.objects.filter(merchant=merchant_id)
    return books.values_list("upto", flat=True).first() or 0


def _keep(merchant: Merchant) -> int:
    book, _ = PurchaseBook.objects.get_or_create(merchant=merchant)
    new = tails.posted_since(book.upto, merchant_id=merchant.pk)
    rows, book.upto = tails.next_of(new.only(*_READ), most=AT_ONCE)
    telling = [row for row in rows if row.customer and row.kind in TELLING]
    again = {row.customer for row in telling if row.kind != "sold"}
    _write(merchant, _heard(merchant, (row for row in telling if row.customer not in again)))
    _work_out(merchant, again, upto=book.upto)
    book.save(update_fields=["upto"])
    return len(rows)


def _work_out(merchant: Merchant, customers: Collection[str], *, upto: int) -> None:
    """Write what these customers bought anew, from all that was read of them."""
    if not customers:
        return
    drop(list(Customer.objects.filter(merchant=merchant, uuid__in=customers)))
    rows = _entries(merchant.pk).filter(customer__in=customers, kind__in=TELLING, pk__lte=upto)
    # in their order: a refund of what nobody had heard of took nothing back
    _write(merchant, _heard(merchant, rows.order_by("pk").iterator(AT_ONCE)))


def _heard(merchant: Merchant, rows: Iterable[JournalEntry]) -> dict[str, _Purchases]:
    zone, found = ZoneInfo(merchant.zone), dict[str, _Purchases]()
    for row in rows:
        found.setdefault(row.customer, _Purchases()).hear(row, zone)
    return found


def _write(merchant: Merchant, heard: dict[str, _Purchases]) -> None:
    """Add what was heard to what is there; who was forgotten meanwhile is not known by it."""
    people = Customer.objects.filter(merchant=merchant, uuid__in=heard, forgotten_at=None)
    keys = dict(people.values_list("uuid", "pk"))
    theirs = [(keys[uuid], bought) for uuid, bought in sorted(heard.items()) if uuid in keys]
    table = Bought._meta.db_table  # noqa: SLF001
    bulk.insert(
        Bought,
        ("merchant_id", "customer_id", "article", "last_on"),
        [
            (merchant.pk, key, article, day.isoformat())
            for key, bought in theirs
            for article, day in sorted(bought.last().items())
        ],
        conflict="ON CONFLICT (customer_id, article) DO UPDATE SET last_on = excluded.last_on"
        f" WHERE excluded.last_on > {table}.last_on",
    )
    table = Spent._meta.db_table  # noqa: SLF001
    bulk.insert(
        Spent,
        ("customer_id", "month", "cents"),
        [
            (key, month.isoformat(), cents)
            for key, bought in theirs
            for month, cents in sorted(bought.spent().items())
        ],
        conflict="ON CONFLICT (customer_id, month) DO UPDATE"
        f" SET cents = {table}.cents + excluded.cents",
    )
