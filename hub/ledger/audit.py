# SPDX-License-Identifier: Apache-2.0
"""The daily equation: what was issued, less what was used, is what is left, to the unit (I7).

Everything is added up again from the movements and compared with what the ledger says it has; each
day is also worked out a second time from the bytes that the terminals wrote.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from hub.ledger import foreseeing, people, summing
from hub.ledger.counting import REVERSING
from hub.ledger.counts import Count as CountOfDay
from hub.ledger.counts import What
from hub.ledger.dating import day_of_hour
from hub.ledger.models import Account, Held, JournalEntry, Movement, Outcome, Segment, Why
from hub.ledger.reading import entry_of
from hub.ledger.summing import AGAINST, Wanted
from hub.ledger.tails import not_counted
from hub.merchants.models import Merchant
from loyalty.account import LOSS, MERCHANT, Kind
from loyalty.entry import Cause
from loyalty.movements import movements

EXPIRED: Final = (Cause.EXPIRY, Cause.GIFT_EXPIRY, Cause.LAPSE, Cause.CLOSED)
"""Causes of what is not there any more because nobody used it in time."""

_EXPIRED: Final = "expired"


@dataclass(slots=True, kw_only=True)
class Flow:
    """What some entries moved in one unit: four sums, each above 0 as a rule."""

    issued: int = 0
    spent: int = 0
    expired: int = 0
    reversed: int = 0

    @property
    def net(self) -> int:
        """What all of it comes to."""
        return self.issued - self.spent - self.expired - self.reversed

    def add(self, kind: str, amount: int) -> None:
        """Count what an entry of this kind moved."""
        if kind == _EXPIRED:
            self.expired -= amount
        elif kind in REVERSING:
            self.reversed -= amount
        elif amount > 0:
            self.issued += amount
        else:
            self.spent -= amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One unit's equation: points, visits, or cents."""

    unit: str
    """Kind of account."""
    flow: Flow
    by_entry: dict[str, int] = field(default_factory=dict)
    """What each kind of entry moved, in all."""
    balances: int
    """Of customers and gift cards."""
    owed: int = 0
    """What customers have still to give back."""
    lost: int = 0
    """What the merchant bears: spent, and nobody's to pay."""
    suspended: int = 0
    """What was used while a restored hub does not know yet of what."""
    counterpart: int = 0
    """The merchant's side, turned round."""
    held: int = 0
    """In rights of terminals."""

    @property
    def left(self) -> int:
        """What all accounts say that there is: must be what was moved."""
        return self.balances - self.owed - self.lost - self.suspended

    @property
    def difference(self) -> int:
        """0 where movements, balances and the merchant's side agree."""
        return max(abs(self.flow.net - self.left), abs(self.counterpart - self.left))

    @property
    def beyond(self) -> int:
        """What is held and is not there."""
        return max(0, self.held - max(self.balances, 0))

    @property
    def sound(self) -> bool:
        """Whether it adds up, and no more is held than there is."""
        return not self.difference and not self.beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's share of one unit."""

    day: date
    unit: str
    flow: Flow
    closing: int
    """What was left at its end."""
    difference: int
    """Between the ledger and the bytes that the terminals wrote; but for what was reversed."""


def equation(merchant_id: str) -> list[Line]:
    """The equation of each unit that the merchant has."""
    return equations(merchant_id).get(merchant_id, [])


def equations(merchant_id: str | None = None) -> dict[str, list[Line]]:
    """The equations of a merchant, or of all who have any."""
    mine = {} if merchant_id is None else {"merchant": merchant_id}
    every = Merchant.objects.all()
    merchants = every if merchant_id is None else every.filter(pk=merchant_id)
    flows: defaultdict[tuple[str, str], Flow] = defaultdict(Flow)
    by_entry: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for unit, kind, merchant, amount in _moved(list(merchants), "merchant"):
        flows[merchant, unit].add(kind, amount)
        by_entry[merchant, unit][kind] += amount
    # one question, in the order of an index: between two of them somebody may post
    accounts = Account.objects.filter(**mine).order_by().values_list("merchant", "kind", "key")
    sides = accounts.annotate(
        everybody=Sum("balance"),
        own=Coalesce(Sum("balance", filter=Q(owner=MERCHANT)), 0),
        lost=Coalesce(Sum("balance", filter=Q(owner=LOSS)), 0),
        held=Sum("held_total"),
    )
    sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for merchant, kind, key, everybody, own, lost, held in sides:
        against = kind in AGAINST
        unit = sums[merchant, key if against else kind]
        unit[MERCHANT] += -own if against else own
        unit[LOSS] += lost
        unit[kind if against else _HOLDER] += everybody - own - lost
        unit["held"] += held
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for (merchant, unit), sum_ in sorted(sums.items()):
        found[merchant].append(
            Line(
                unit=unit,
                flow=flows[merchant, unit],
                by_entry=dict(by_entry[merchant, unit]),
                balances=sum_[_HOLDER],
                owed=sum_[Kind.OWED],
                lost=-sum_[LOSS],
                suspended=sum_[Kind.SHORT],
                counterpart=-sum_[MERCHANT],
                held=sum_["held"],
            )
        )
    return dict(found)


def unsound(merchant: Merchant, lines: Iterable[Line]) -> list[Line]:
    """Those that do not add up; what is held may be too much until a restored hub knows all."""
    return [
        line for line in lines if line.difference or (line.beyond and not merchant.suspended_at)
    ]


def days(merchant: Merchant, first: date, last: date, *, afresh: bool = False) -> list[Day]:
    """Each day's share of each unit that moved by then, newest first, on the merchant's clock.

    Args:
        merchant: whose.
        first: the first of them.
        last: the last.
        afresh: read the bytes of all their entries again, not only of those that nobody counted.
    """
    closing: Counter[str] = Counter()
    for unit, _, amount in _moved([merchant], wanted=Wanted(kinds=_DAILY, last=first - _DAY)):
        closing[unit] += amount
    flows: defaultdict[tuple[date, str], Flow] = defaultdict(Flow)
    within = Wanted(kinds=_DAILY, first=first, last=last)
    for unit, kind, day, amount in _moved([merchant], "day", wanted=within):
        flows[day, unit].add(kind, amount)
    written = (_written_afresh if afresh else _written)(merchant, first, last)
    units = sorted(set(closing) | {unit for _, unit in flows} | {unit for _, unit in written})
    found = []
    for day in (first + _DAY * i for i in range((last - first).days + 1)):
        for unit in units:
            flow = flows[day, unit]
            closing[unit] += flow.net
            found.append(
                Day(
                    day=day,
                    unit=unit,
                    flow=flow,
                    closing=closing[unit],
                    difference=abs(flow.net + flow.reversed - written[day, unit]),
                )
            )
    return sorted(found, key=lambda one: one.day, reverse=True)


def faults(merchant_id: str) -> list[str]:
    """Every way in which the ledger does not add up, a sentence each; none is the only good."""
    found = [
        f"{line.unit} : écart de {line.difference}"
        for line in equation(merchant_id)
        if line.difference
    ]
    for merchant in Merchant.objects.filter(pk=merchant_id):
        found += [*summing.faults(merchant), *people.faults(merchant)]
        found += foreseeing.faults(merchant)
    accounts = Account.objects.filter(merchant_id=merchant_id).exclude(owner=MERCHANT)
    # in one pass: no index leads from an account to its movements
    of_account = Movement.objects.filter(account__merchant=merchant_id).order_by()
    moved = dict(of_account.values_list("account").annotate(Sum("amount")))
    found += [
        f"compte {pk} : solde {balance}, mouvements {moved.get(pk, 0)}"
        for pk, balance in accounts.values_list("pk", "balance")
        if balance != moved.get(pk, 0)
    ]
    # what the merchant bears is below 0 by nature
    holders = accounts.exclude(owner=LOSS)
    found += [
        f"compte {pk} : {balance} au solde, {total} réservés"
        for pk, balance, total in holders.filter(
            Q(held_total__gt=F("balance")) | Q(balance__lt=0) | Q(held_total__lt=0)
        )
        .exclude(held_total=0, balance=0)
        .values_list("pk", "balance", "held_total")
    ]
    held = dict(
        Held.objects.filter(account__merchant_id=merchant_id)
        .values_list("account_id")
        .annotate(Sum("amount"))
    )
    found += [
        f"compte {pk} : {total} réservés, {held.get(pk, 0)} chez les terminaux"
        for pk, total in accounts.values_list("pk", "held_total")
        if total != held.get(pk, 0)
    ]
    return found + _gaps(merchant_id)


def day_faults(merchant: Merchant) -> list[str]:
    """Every day on which the ledger and the terminals' own bytes differ, a sentence each."""
    hours = JournalEntry.objects.filter(merchant=merchant, outcome=Outcome.POSTED).order_by("hour")
    ends = [
        hours.values_list("hour", flat=True).first(),
        hours.values_list("hour", flat=True).last(),
    ]
    if ends[0] is None or ends[1] is None:
        return []
    zone = ZoneInfo(merchant.zone)
    first, last = (day_of_hour(hour, zone) for hour in ends if hour is not None)
    return [
        f"{one.day} : {one.unit} : écart de {one.difference} avec les écritures d’origine"
        for one in days(merchant, first, last, afresh=True)
        if one.difference
    ]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────

_HOLDER: Final = "holder"
_DAY: Final = timedelta(days=1)


_DAILY: Final = frozenset(Kind) - {Kind.REST}
"""Kinds that are a day's affair: the rest of a sale is opened whenever somebody asks for it."""


def _moved(
    merchants: Sequence[Merchant], *more: str, wanted: Wanted | None = None
) -> Iterator[tuple]:
    """What movements come to by unit, kind of entry and sign, and whatever else is asked for."""
    by = ("kind", "key", "entry", "cause", "up", *more)
    for (kind, key, entry, cause, _up, *rest), some in summing.sums(merchants, by, wanted).items():
        against = kind in AGAINST
        because = _EXPIRED if cause in EXPIRED else entry
        yield key if against else kind, because, *rest, -some.amount if against else some.amount


def _written(merchant: Merchant, first: date, last: date) -> Counter[tuple[date, str]]:
    """What the entries of some days say by themselves, by day and unit, as it was counted."""
    tail = list(_bytes(not_counted(merchant.pk), merchant, first, last))
    kept = CountOfDay.objects.filter(
        merchant=merchant, what=What.WRITTEN, day__gte=first, day__lte=last
    ).order_by()
    sums: Counter[tuple[date, str]] = Counter()
    known = 0
    groups = kept.values_list("day", "key", "merchant__countbook__upto")
    for day, unit, upto, amount in groups.annotate(amount=Sum("cents")):
        known = upto or 0
        sums[day, unit] = amount
    sums.update(_moved_by((day, raw) for pk, day, raw in tail if pk > known))
    return sums


def _written_afresh(merchant: Merchant, first: date, last: date) -> Counter[tuple[date, str]]:
    """The same, from the bytes of every entry."""
    every = JournalEntry.objects.filter(merchant=merchant, outcome=Outcome.POSTED)
    return _moved_by((day, raw) for _, day, raw in _bytes(every, merchant, first, last))


def _bytes(
    found: QuerySet[JournalEntry], merchant: Merchant, first: date, last: date
) -> Iterator[tuple[int, date, bytes]]:
    """Key, day and bytes of those of some days."""
    zone = ZoneInfo(merchant.zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + _DAY))
    rows = found.filter(at__gte=since, at__lt=until).exclude(kind__in=REVERSING)
    for pk, at, raw in rows.values_list("pk", "at", "raw").iterator(1000):
        yield pk, at.astimezone(zone).date(), bytes(raw)


def _moved_by(written: Iterable[tuple[date, bytes]]) -> Counter[tuple[date, str]]:
    sums: Counter[tuple[date, str]] = Counter()
    for day, raw in written:
        entry = entry_of(raw)
        for move in movements(entry.facts) if entry else ():
            sums[day, move.account.kind.value] += move.amount
    return sums


def _gaps(merchant_id: str) -> list[str]:
    """Received = posted + waiting + shelved + lost by the terminal, in each segment."""
    received = dict(
        JournalEntry.objects.filter(merchant_id=merchant_id, segment__isnull=False)
        .exclude(why=Why.FORK)
        .values_list("segment_id")
        .annotate(Count("pk"))
    )
    segments = Segment.objects.filter(terminal__merchant_id=merchant_id)
    return [
        f"journal {uuid} : {watermark} reçues dont {lost} perdues, {received.get(pk, 0)} gardées"
        for pk, uuid, watermark, lost in segments.values_list("pk", "uuid", "watermark", "lost")
        if received.get(pk, 0) != watermark - lost
    ]
