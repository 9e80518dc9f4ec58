# SPDX-License-Identifier: Apache-2.0
"""Add up what was moved, once each, by day, account and cause; and read the sums, exact at any time.

What was not added up yet, a minute's worth, is read from the movements themselves. So posting pays
nothing for the sums, and what they say is always what all movements come to.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet, Sum

from hub.ledger import tails
from hub.ledger.daysums import DaySum, SumBook
from hub.ledger.models import Movement
from hub.merchants import bulk, each, feed
from hub.merchants.models import Merchant
from loyalty.account import LOSS, Kind

AGAINST: Final = frozenset({Kind.OWED, Kind.SHORT})
"""Kinds that count against the one that their key names."""
AT_ONCE: Final = 2_000
"""Movements in one hub transaction: tills that post meanwhile wait no longer than for a frame."""
FAR: Final = 5_000
"""Movements of other merchants over which a merchant's tail is looked for, at most as a rule."""
_COLUMNS: Final = (
    *("merchant_id", "day", "shop", "kind", "key", "lost", "entry", "cause", "up"),
    *("times", "amount"),
)
_READ: Final = (
    *("pk", "amount", "account__merchant", "account__kind", "account__key", "account__owner"),
    *("entry__at", "entry__shop", "entry__kind", "entry__cause"),
)


class Sort(NamedTuple):
    """What some movements have in common."""

    merchant: str
    day: date
    shop: str
    kind: str
    key: str
    lost: bool
    entry: str
    cause: str
    up: bool


class Summed(NamedTuple):
    """So many movements of a sort, or of several, and what they come to."""

    times: int
    amount: int


NOTHING: Final = Summed(0, 0)


class _One(NamedTuple):
    """One movement."""

    pk: int
    sort: Sort
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which movements are added up; what is not named is not asked after."""

    kinds: Collection[str] = ()
    """Of accounts."""
    holders: bool = False
    """Whether what the loss reserve paid is left out."""
    shop: str = ""
    entry: str = ""
    up: bool | None = None
    first: date | None = None
    last: date | None = None

    def of_sums(self) -> Q:
        """The same, as a query of kept sums says it."""
        asked = {
            "kind__in": self.kinds,
            "shop": self.shop,
            "entry": self.entry,
            "day__gte": self.first,
            "day__lte": self.last,
        }
        found = Q(**{name: value for name, value in asked.items() if value})
        if self.holders:
            found &= Q(lost=False)
        return found if self.up is None else found & Q(up=self.up)

    def takes(self, sort: Sort) -> bool:
        """Whether it wants movements of that sort."""
        return (
            (not self.kinds or sort.kind in self.kinds)
            and not (self.holders and sort.lost)
            and self.shop in ("", sort.shop)
            and self.entry in ("", sort.entry)
            and self.up in (None, sort.up)
            and (self.first is None or self.first <= sort.day)
            and (self.last is None or sort.day <= self.last)
        )


def sum_due() -> int:
    """Add up what was moved since the last time, of every merchant; gives how many movements.

    Of a closed one, too: what its tills still deliver is in its sums.
    """
    return each.through(Merchant.objects.order_by("pk"), lambda merchant: sum_all(merchant.pk))


def sum_all(merchant_id: str) -> int:
    """Add up what was moved since the last time, some at a time; gives how many movements."""
    done = 0
    while _is_behind(merchant_id):
        with feed.writing(merchant_id) as out:
            done += _sum(out)
    return done


def sums(
    merchants: Sequence[Merchant], by: Sequence[str], wanted: Wanted | None = None
) -> dict[tuple[Any, ...], Summed]:
    """What movements of these merchants come to, up to this moment, by what they have in common.

    Args:
        merchants: whose.
        by: names of what a `Sort` says; one sum for each of their values.
        wanted: which of them; None: all.
    """
    wanted, tail = wanted or Wanted(), list(_tail(merchants))
    kept, upto = _kept(merchants, by, wanted)
    found = _by_sort(one for one in tail if one.pk > upto.get(one.sort.merchant, 0))
    for sort, some in found.items():
        if wanted.takes(sort):
            here = tuple(getattr(sort, name) for name in by)
            had = kept.get(here, NOTHING)
            kept[here] = Summed(had.times + some.times, had.amount + some.amount)
    return kept


def faults(merchant: Merchant) -> list[str]:
    """Where what is kept is not what the movements come to, worked out afresh; a sentence each."""
    by = Sort._fields
    kept, afresh = sums([merchant], by), _by_sort(_read(_of([merchant]), [merchant]))
    wrong = [sort for sort in {*kept, *afresh} if kept.get(tuple(sort)) != afresh.get(Sort(*sort))]
    return [
        f"somme du {sort[1]} : {'/'.join(map(str, sort[2:]))} : {tuple(kept.get(sort) or ())}"
        f" tenue, {tuple(afresh.get(Sort(*sort)) or ())} aux mouvements"
        for sort in sorted(wrong)
    ]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _of(merchants: Sequence[Merchant]) -> QuerySet[Movement]:
    return Movement.objects.filter(account__merchant__in=merchants).order_by()


def _upto(merchant_id: str) -> int:
    books = SumBook.objects.filter(merchant=merchant_id)
    return books.values_list("upto", flat=True).first() or 0


def _kept(
    merchants: Sequence[Merchant], by: Sequence[str], wanted: Wanted
) -> tuple[dict[tuple[Any, ...], Summed], dict[str, int]]:
    """What was added up, and how far, of each merchant of whom something was."""
    rows = DaySum.objects.filter(wanted.of_sums(), merchant__in=merchants).order_by()
    groups = rows.values_list("merchant", "merchant__sumbook__upto", *by)
    found: dict[tuple[Any, ...], Summed] = {}
    upto: dict[str, int] = {}
    for merchant, here, *group, n, total in groups.annotate(n=Sum("times"), total=Sum("amount")):
        upto[merchant] = here or 0
        had = found.get(tuple(group), NOTHING)
        found[tuple(group)] = Summed(had.times + n, had.amount + total)
    return found, upto


def _tail(merchants: Sequence[Merchant]) -> Iterator[_One]:
    """What was moved and not added up yet, and of several merchants some more."""
    if len(merchants) == 1:
        least: Any = tails.upto(SumBook.objects.filter(merchant=merchants[0]))
    else:
        known = dict(SumBook.objects.values_list("merchant", "upto"))
        least = min((known.get(merchant.pk, 0) for merchant in merchants), default=0)
    return _read(_of(merchants).filter(tails.after(least)), merchants)


def _is_behind(merchant_id: str) -> bool:
    upto = _upto(merchant_id)
    newest = Movement.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if newest <= upto:
        return False
    if newest > upto + FAR:
        return True
    return Movement.objects.filter(tails.after(upto), account__merchant=merchant_id).exists()


def _sum(out: feed.Writing) -> int:
    merchant = out.merchant
    book, _ = SumBook.objects.get_or_create(merchant=merchant)
    # under its lock: whatever this merchant moves from now on gets a greater key
    newest = Movement.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = _of([merchant]).filter(tails.after(book.upto)).order_by("pk")
    some = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    last = some[-1] if len(some) == AT_ONCE else newest
    _keep(_by_sort(_read(rows.filter(pk__lte=last), [merchant])))
    book.upto = last
    book.save(update_fields=["upto"])
    return len(some)


def _read(rows: QuerySet[Movement], merchants: Iterable[Merchant]) -> Iterator[_One]:
    """Say of each movement of what sort it is."""
    zones = {merchant.pk: ZoneInfo(merchant.zone) for merchant in merchants}
    read = rows.order_by().values_list(*_READ).iterator(AT_ONCE)
    for pk, amount, merchant, kind, key, owner, at, shop, entry, cause in read:
        sort = Sort(
            merchant=merchant,
            day=at.astimezone(zones[merchant]).date(),
            shop=shop or "",
            kind=kind,
            key=key if kind in AGAINST else "",
            lost=owner == LOSS,
            entry=entry,
            cause=cause,
            up=amount > 0,
        )
        yield _One(pk, sort, amount)


def _by_sort(moved: Iterable[_One]) -> dict[Sort, Summed]:
    """Add them up."""
    times: Counter[Sort] = Counter()
    amounts: Counter[Sort] = Counter()
    for _, sort, amount in moved:
        times[sort] += 1
        amounts[sort] += amount
    return {sort: Summed(n, amounts[sort]) for sort, n in times.items()}


def _keep(summed: dict[Sort, Summed]) -> None:
    table = DaySum._meta.db_table  # noqa: SLF001
    bulk.insert(
        DaySum,
        _COLUMNS,
        [
            (sort.merchant, sort.day.isoformat(), *sort[2:], *some)
            for sort, some in sorted(summed.items())
        ],
        conflict="ON CONFLICT (merchant_id, kind, day, shop, key, lost, entry, cause, up)"
        f" DO UPDATE SET times = {table}.times + excluded.times,"
        f" amount = {table}.amount + excluded.amount",
    )
