# SPDX-License-Identifier: Apache-2.0
"""Read what was awarded from the entries, each by the rules of its own version, into lots (C19).

Entries are read once, in the order in which they were posted; a merchant under whose rules nothing
ever expired has no lots at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from hub.ledger import foreseeing, tails
from hub.ledger.foreseeing import lots_of
from hub.ledger.lots import Lot, LotBook
from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.reading import entry_of
from hub.merchants import each, feed
from hub.merchants.models import Merchant
from hub.programmes.models import LoyaltyProgramme as Version
from loyalty.account import points_of
from loyalty.calendar import NO_EXPIRY, ExpiryKind, ExpiryRule, awarded
from loyalty.entry import Adjusted, CarryConverted, Facts, Matured, Refunded, Sold
from loyalty.feed import ProgrammeIs
from loyalty.wire import decode_item

AT_ONCE: Final = 500
"""Entries in one hub transaction."""
AWARDING: Final = ("sold", "refunded", "adjusted", "matured", "carry_converted")
_READ: Final = ("at", "dated", "raw")

Lots = dict[date | None, int]


def read_due() -> int:
    """Read what was posted since the last time, of every merchant; gives how many entries."""
    return each.through(each.open_merchants(), lambda merchant: read_all(merchant.pk))


def read_all(merchant_id: str) -> int:
    """Read all that was posted since the last time, some at a time; gives how many entries."""
    if not books(merchant_id):
        return 0
    done, moved = 0, foreseeing.newest()
    while tails.is_behind(_upto(merchant_id), merchant_id=merchant_id):
        with feed.writing(merchant_id) as out:
            done += read(out, most=AT_ONCE)
    foreseeing.begin(merchant_id, moved)
    return done


def books(merchant_id: str) -> bool:
    """Whether anything of a merchant's ever expires."""
    bodies = Version.objects.filter(merchant_id=merchant_id).values_list("body", flat=True)
    return any(_expiry(bytes(body)).kind is not ExpiryKind.NEVER for body in bodies)


def read(out: feed.Writing, *, most: int | None = None) -> int:
    """Read what was posted since the last time, inside `feed.writing`; gives how many entries."""
    book, _ = LotBook.objects.get_or_create(merchant=out.merchant)
    new = _awarding(tails.posted_since(book.upto, merchant_id=out.merchant.pk)).only(*_READ)
    rows, upto = tails.next_of(new, most=most)
    changed = _fold(out.merchant, rows) if rows else set()
    if upto > book.upto:
        book.upto = upto
        book.save(update_fields=["upto"])
    foreseeing.go_on(out.merchant, changed)
    return len(rows)


def read_late(merchant: Merchant, rows: Iterable[int]) -> None:
    """Read entries that waited until now, and that the books have passed, inside `feed.writing`."""
    book = LotBook.objects.filter(merchant=merchant).first()
    if book:
        posted = JournalEntry.objects.filter(merchant=merchant, outcome=Outcome.POSTED)
        late = _awarding(posted).filter(pk__in=rows, pk__lte=book.upto).order_by("pk")
        foreseeing.go_on(merchant, _fold(merchant, list(late.only(*_READ))))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _upto(merchant_id: str) -> int:
    books = LotBook.objects.filter(merchant=merchant_id)
    return books.values_list("upto", flat=True).first() or 0


def _awarding(found: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    return found.filter(kind__in=AWARDING).exclude(customer="")


def _fold(merchant: Merchant, rows: Sequence[JournalEntry]) -> set[str]:
    """Add what these entries awarded, and take off what refunds took back; gives whose they are."""
    rules = _Rules.of(merchant)
    told = [
        (row.at if row.dated else None, entry.facts) for row in rows if (entry := entry_of(row.raw))
    ]
    sold = _sales_of(merchant, [facts for _, facts in told])
    customers = {customer for _, facts in told if (customer := getattr(facts, "customer", None))}
    lots = lots_of(merchant, customers)
    for at, facts in told:
        customer = getattr(facts, "customer", None)
        if customer:
            lots[customer] = _after(lots[customer], at, facts, rules=rules, sold=sold)
    foreseeing.write(Lot, merchant, lots)
    return customers


def _after(
    lots: Lots,
    at: datetime | None,
    facts: Facts,
    *,
    rules: "_Rules",
    sold: Mapping[str, tuple[datetime | None, int]],
) -> Lots:
    match facts:
        case Sold(points=points) if at:
            rule = rules.rule(facts.saw.programme, at)
            return awarded(lots, 0 if facts.matures else points, on=rules.date(at), rule=rule)
        case Sold(points=points):
            return _with(lots, None, 0 if facts.matures else points)
        case Matured(points=points):
            return _with(lots, rules.day(at), points)
        case CarryConverted(steps=steps, earn=earn):
            return _with(lots, rules.day(at), steps * earn.points)
        case Adjusted(moves=moves, customer=str(customer), programme=version):
            given = sum(move.amount for move in moves if move.account == points_of(customer))
            return _with(lots, rules.day(at, version), max(0, given))
        case Refunded():
            taken = 0 if facts.matures else facts.points
            lots = _with(lots, rules.day(*sold.get(facts.sale, (None, 0))), -taken)
            return _with(lots, rules.day(at), facts.points_back)
    return lots


def _with(lots: Lots, day: date | None, points: int) -> Lots:
    """With so many more on a day; what a refund takes may have been given another day since."""
    found = dict(lots)
    if points >= 0:
        found[day] = found.get(day, 0) + points
    left = -points
    latest = sorted(found, key=lambda one: one or date.max, reverse=True)
    for one in sorted(latest, key=lambda one: one != day):
        if left <= 0:
            break
        taken = min(left, found[one])
        found[one] -= taken
        left -= taken
    return {one: amount for one, amount in found.items() if amount}


def _sales_of(merchant: Merchant, told: Iterable[Facts]) -> dict[str, tuple[datetime | None, int]]:
    """When the refunded sales were, and by which version."""
    wanted = {facts.sale for facts in told if isinstance(facts, Refunded)}
    rows = JournalEntry.objects.filter(merchant=merchant, event_id__in=wanted)
    found: dict[str, tuple[datetime | None, int]] = {}
    for event_id, at, dated, raw in rows.values_list("event_id", "at", "dated", "raw"):
        entry = entry_of(raw)
        if event_id and entry and isinstance(entry.facts, Sold):
            found[event_id] = (at if dated else None, entry.facts.saw.programme)
    return found


@dataclass(frozen=True, slots=True)
class _Rules:
    """What expires by each version of a merchant's, and when each was published, in order."""

    versions: dict[int, tuple[datetime, ExpiryRule]]
    zone: ZoneInfo

    @classmethod
    def of(cls, merchant: Merchant) -> "_Rules":
        """Of all versions that were published."""
        rows = Version.objects.filter(merchant=merchant).order_by("version")
        told = rows.values_list("version", "published_at", "body")
        return cls(
            {version: (at, _expiry(bytes(body))) for version, at, body in told},
            ZoneInfo(merchant.zone),
        )

    def rule(self, version: int, at: datetime) -> ExpiryRule:
        """The rule of a version; 0: of the one that was in force then."""
        if version in self.versions:
            return self.versions[version][1]
        before = [rule for published_at, rule in self.versions.values() if published_at <= at]
        return before[-1] if before else NO_EXPIRY

    def day(self, at: datetime | None, version: int = 0) -> date | None:
        """When what is awarded at that moment expires; what nobody can date never does."""
        return self.rule(version, at).day(self.date(at)) if at else None

    def date(self, at: datetime) -> date:
        """The merchant's day."""
        return at.astimezone(self.zone).date()


@lru_cache(maxsize=256)
def _expiry(body: bytes) -> ExpiryRule:
    """A version never changes, so that its bytes say it once and for ever."""
    item = decode_item(body)
    return item.programme.expiry if isinstance(item, ProgrammeIs) else NO_EXPIRY
