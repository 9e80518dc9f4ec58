# SPDX-License-Identifier: Apache-2.0
"""What some days came to, of all shops or of one, added up from what was counted (SPEC B4)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from hub.ledger import summing
from hub.ledger.counts import Count, What
from hub.ledger.dating import hour_of
from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.summing import NOTHING, Wanted
from hub.merchants.models import Merchant
from loyalty.account import Kind
from loyalty.money import half_up

DAY = timedelta(days=1)
_SHOWN = (What.SALES, What.VISITS, What.JOINED, What.REWARD)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both in it."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """All of them."""
        return tuple(self.first + DAY * n for n in range((self.last - self.first).days + 1))

    @property
    def before(self) -> "Period":
        """What it is compared to: as many days of the month before, where it begins a month."""
        if self.first.day == 1 and self.first.month == self.last.month:
            end = self.first - DAY
            first = end.replace(day=1)
            whole = (self.last + DAY).day == 1
            return Period(first, end if whole else min(end, first + (self.last - self.first)))
        return Period(self.first - DAY * len(self.days), self.first - DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What some days came to."""

    sales_cents: int = 0
    """After rewards, however paid, less refunds; gift cards sold are not in it."""
    sales: int = 0
    visits: int = 0
    joined: int = 0
    earned: int = 0
    """Points."""
    used: int = 0
    rewards: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        both = zip(astuple(self), astuple(other), strict=True)
        return Totals(**dict(zip((f.name for f in fields(self)), map(sum, both), strict=True)))

    @property
    def basket_cents(self) -> int | None:
        """Mean sale; None: there is none."""
        return half_up(self.sales_cents, self.sales) if self.sales else None


@dataclass(frozen=True, slots=True)
class Line:
    """An article or a reward: how often, for how much."""

    label: str
    times: int
    cents: int


def by_day(merchant: Merchant, period: Period, shop_id: str = "") -> dict[date, Totals]:
    """Every day of it, in order, those on which nothing happened too."""
    rows = _counted(merchant, period, shop_id).filter(what__in=_SHOWN).values("day", "what")
    told: defaultdict[date, list[tuple[str, int, int]]] = defaultdict(list)
    for row in rows.annotate(n=Sum("times"), amount=Sum("cents")):
        told[row["day"]].append((row["what"], row["n"], row["amount"]))
    points = summing.sums([merchant], ("day", "up"), _points(period, shop_id))
    return {
        day: _totals(
            told[day],
            earned=points.get((day, True), NOTHING).amount,
            used=-points.get((day, False), NOTHING).amount,
        )
        for day in period.days
    }


def visits_by_hour(
    merchant: Merchant, period: Period, shop_id: str = ""
) -> dict[tuple[int, int], float]:
    """Mean visits by weekday (Monday 0) and hour, over the days on which somebody came."""
    rows = _counted(merchant, period, shop_id).filter(what=What.VISITS)
    seen: Counter[tuple[int, int]] = Counter()
    open_days: defaultdict[int, set[date]] = defaultdict(set)
    for row in rows.values("day", "key").annotate(n=Sum("times")):
        weekday = row["day"].weekday()
        seen[weekday, int(row["key"])] += row["n"]
        open_days[weekday].add(row["day"])
    return {place: n / len(open_days[place[0]]) for place, n in seen.items()}


def best(
    merchant: Merchant, period: Period, what: What, shop_id: str = "", *, most: int = 10
) -> list[Line]:
    """The articles or rewards that came most often, by what they brought, then by how often."""
    rows = _counted(merchant, period, shop_id).filter(what=what)
    sums = rows.values("key", "label").annotate(n=Sum("times"), amount=Sum("cents"))
    named: dict[tuple[str, str], Line] = {}
    for row in sums.order_by("label"):
        # a product that was renamed is the same one: it goes by its last name of these
        one = (row["key"], "" if row["key"] else row["label"])
        had = named.get(one, Line("", 0, 0))
        named[one] = Line(row["label"], had.times + row["n"], had.cents + row["amount"])
    lines = [line for line in named.values() if line.times > 0]
    return sorted(lines, key=lambda line: (-line.cents, -line.times, line.label))[:most]


def active(merchant: Merchant, period: Period, shop_id: str = "") -> int:
    """Customers who came or bought."""
    zone = ZoneInfo(merchant.zone)
    first = datetime.combine(period.first, time(), zone)
    after = datetime.combine(period.last + DAY, time(), zone)
    found = JournalEntry.objects.filter(
        merchant=merchant,
        kind__in=("visited", "sold"),
        hour__gte=hour_of(first),
        hour__lt=hour_of(after),
        outcome=Outcome.POSTED,
    ).exclude(customer="")
    found = found.filter(shop=shop_id) if shop_id else found
    return found.order_by().values("customer").distinct().count()


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _counted(merchant: Merchant, period: Period, shop_id: str) -> QuerySet[Count]:
    found = Count.objects.filter(merchant=merchant, day__range=(period.first, period.last))
    return (found.filter(shop=shop_id) if shop_id else found).order_by()


def _points(period: Period, shop_id: str) -> Wanted:
    """Movements of customers' points on its days."""
    return Wanted(
        kinds=(Kind.POINTS,), holders=True, shop=shop_id, first=period.first, last=period.last
    )


def _totals(told: Iterable[tuple[str, int, int]], *, earned: int, used: int) -> Totals:
    n: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for what, times, amount in told:
        n[what] += times
        cents[what] += amount
    return Totals(
        sales_cents=cents[What.SALES],
        sales=n[What.SALES],
        visits=n[What.VISITS],
        joined=n[What.JOINED],
        earned=earned,
        used=used,
        rewards=n[What.REWARD],
    )
