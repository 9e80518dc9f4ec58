# SPDX-License-Identifier: Apache-2.0
"""A day's figures, hour by hour, and what is usual: everything grouped by the database."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum

from hub.ledger.dating import hour_of
from hub.ledger.models import Account, Customer, JournalEntry, Outcome
from hub.ledger.statements import transactions
from hub.ledger.statements.transactions import Asked
from hub.merchants.models import Merchant, Shop
from hub.programmes import publish
from loyalty.account import MERCHANT, Kind
from loyalty.money import half_up

WEEKS: Final = 8
HOURS: Final = 24
DAYS: Final = 7
_VISIT: Final = Q(kind="visited") | Q(kind="sold", customer="")
"""A staff scan, or a sale to somebody without a card."""
_TURNOVER: Final = Q(kind__in=("sold", "refunded"))
"""Sales, less what was paid back of any sale: a refund counts on the day of the refund."""
_SOLD: Final = Q(kind="sold")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Sales of one hour of the day, and what that weekday usually brings."""

    hour: int
    cents: int
    usual_cents: int
    """Mean of the same weekday over the last weeks, days without any sale left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a merchant's or a shop's day came to."""

    day: date
    sales_cents: int
    """After rewards, however paid, less refunds; gift cards sold are not in it."""
    sales: int
    visits: int
    """Staff scans, and sales without a card."""
    without_card: int
    new_customers: int
    new_at_terminals: int
    week_ago_cents: int
    """The same weekday a week before, up to the same time."""
    month_basket_cents: int | None
    """Mean basket of the calendar month before; None: no sale in it."""
    hours: tuple[Hour, ...]
    """All 24."""

    @property
    def basket_cents(self) -> int | None:
        """Mean sale; None: there is none."""
        return half_up(self.sales_cents, self.sales) if self.sales else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """What the merchant owes its customers."""

    points: int
    points_cents: int
    """At the value that the merchant gives a point."""
    purse_cents: int
    gift_cents: int


@dataclass(frozen=True, slots=True)
class ShopDay:
    """A shop and its day so far."""

    shop: Shop
    sales_cents: int
    sales: int
    visits: int
    customers: int
    """Whose last visit was there."""


def entries(merchant_id: str, shop_id: str = "") -> QuerySet[JournalEntry]:
    """What was posted, of all shops or of one."""
    found = JournalEntry.objects.filter(merchant_id=merchant_id, outcome=Outcome.POSTED)
    return found.filter(shop_id=shop_id) if shop_id else found


def day(merchant: Merchant, when: date, *, now: datetime, shop_id: str = "") -> Day:
    """The figures of a calendar day in the merchant's zone.

    Args:
        merchant: whose.
        when: which day.
        now: what "up to the same time" a week ago goes by.
        shop_id: one shop; empty: all.
    """
    zone = ZoneInfo(merchant.zone)
    mine = entries(merchant.pk, shop_id)
    first, last = _bounds(when, zone)
    today = _between(mine, first, last)
    sold = today.filter(_TURNOVER).aggregate(
        cents=Sum("cents"),
        count=Count("pk", filter=_SOLD),
        without=Count("pk", filter=_SOLD & Q(customer="")),
    )
    joined = today.filter(kind="joined").aggregate(
        count=Count("pk"), terminal=Count("pk", filter=Q(terminal__isnull=False))
    )
    cents_by_hour = _sales_by_hour(mine, first, last, zone)
    usual, days = _usual(merchant, when, shop_id)
    week_ago = _bounds(when - timedelta(days=DAYS), zone)
    until = min(now - timedelta(days=DAYS), week_ago[1])
    ago = _between(mine.filter(_TURNOVER), week_ago[0], until)
    return Day(
        day=when,
        sales_cents=sold["cents"] or 0,
        sales=sold["count"],
        visits=today.filter(kind="visited").count() + sold["without"],
        without_card=sold["without"],
        new_customers=joined["count"],
        new_at_terminals=joined["terminal"],
        week_ago_cents=ago.aggregate(cents=Sum("cents"))["cents"] or 0,
        month_basket_cents=_month_basket(merchant, when, shop_id),
        hours=tuple(
            Hour(
                hour=hour,
                cents=cents_by_hour[hour],
                usual_cents=half_up(usual[hour], days) if days else 0,
            )
            for hour in range(HOURS)
        ),
    )


def week(merchant: Merchant, until: date, *, shop_id: str = "") -> list[list[float]]:
    """Mean visits by weekday (Monday first) and hour of the day, over the weeks before a day.

    A weekday counts the weeks in which somebody came on it: days closed for holidays do not make
    the others look quiet.
    """
    zone = ZoneInfo(merchant.zone)
    first, last = _bounds(until - timedelta(weeks=WEEKS), zone)[0], _bounds(until, zone)[0]
    visits = _between(entries(merchant.pk, shop_id), first, last).filter(_VISIT)
    totals = [[0] * HOURS for _ in range(DAYS)]
    open_days: list[set[date]] = [set() for _ in range(DAYS)]
    for hour, count in visits.values_list("hour").annotate(count=Count("pk")):
        at = _local(hour, zone)
        totals[at.weekday()][at.hour] += count
        open_days[at.weekday()].add(at.date())
    return [
        [count / max(1, len(days)) for count in hours]
        for hours, days in zip(totals, open_days, strict=True)
    ]


def liability(merchant_id: str) -> Liability:
    """What is owed now: the merchant's side of the accounts, turned round."""
    rows = Account.objects.filter(merchant_id=merchant_id, owner=MERCHANT)
    by_kind = rows.values_list("kind").annotate(Sum("balance"))
    owed = Counter({kind: -total for kind, total in by_kind})
    points = owed[Kind.POINTS.value]
    return Liability(
        points=points,
        points_cents=points * publish.rules_of(merchant_id).point_value_cents,
        purse_cents=owed[Kind.PURSE.value],
        gift_cents=owed[Kind.GIFT.value],
    )


def points_owed(merchants: Collection[str]) -> dict[str, int]:
    """Of each merchant, the points that its customers hold: one query for all of them."""
    rows = Account.objects.filter(merchant_id__in=merchants, owner=MERCHANT, kind=Kind.POINTS.value)
    held = rows.values_list("merchant_id").annotate(Sum("balance"))
    return {merchant: -total for merchant, total in held}


def shops(merchant: Merchant, when: date) -> list[ShopDay]:
    """Each shop with its figures of a day."""
    today = _between(entries(merchant.pk), *_bounds(when, ZoneInfo(merchant.zone)))
    by_shop = {
        row["shop_id"]: row
        for row in today.values("shop_id").annotate(
            sold=Sum("cents", filter=_TURNOVER),
            sales=Count("pk", filter=_SOLD),
            seen=Count("pk", filter=_VISIT),
        )
    }
    known = _known(merchant)
    nothing = {"sold": 0, "sales": 0, "seen": 0}
    found = []
    for shop in merchant.shops.all():
        row = by_shop.get(shop.pk, nothing)
        found.append(ShopDay(shop, row["sold"] or 0, row["sales"], row["seen"], known[shop.pk]))
    return found


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _known(merchant: Merchant) -> Counter[str]:
    """By shop, the persons who were seen last there: everybody, less who is served as another."""
    seen = Customer.objects.filter(seen_shop__merchant=merchant).order_by()
    everybody = Counter(dict(seen.values_list("seen_shop_id").annotate(Count("pk"))))
    others = Customer.objects.filter(merchant=merchant).exclude(head="").exclude(head=F("uuid"))
    merged = others.order_by().values_list("seen_shop_id").annotate(Count("pk"))
    everybody.subtract(dict(merged))
    return everybody


def _bounds(when: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    midnight = datetime.combine(when, time(), zone)
    return midnight, datetime.combine(when + timedelta(days=1), time(), zone)


def _between(
    mine: QuerySet[JournalEntry], first: datetime, last: datetime
) -> QuerySet[JournalEntry]:
    # the index goes by whole hours
    hours = mine.filter(hour__gte=hour_of(first), hour__lte=hour_of(last))
    return hours.filter(at__gte=first, at__lt=last).order_by()


def _local(hour: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(hour * 3600, zone)


def _sales_by_hour(
    mine: QuerySet[JournalEntry], first: datetime, last: datetime, zone: ZoneInfo
) -> Counter[int]:
    sold = _between(mine.filter(_TURNOVER), first, last)
    found: Counter[int] = Counter()
    for hour, cents in sold.values_list("hour").annotate(Sum("cents")):
        found[_local(hour, zone).hour] += cents
    return found


def _usual(merchant: Merchant, when: date, shop_id: str) -> tuple[Counter[int], int]:
    """Sales by hour of the same weekday in the weeks before, and how many of those days had any."""
    first, last = when - timedelta(weeks=WEEKS), when - timedelta(weeks=1)
    sold = transactions.by_hour(merchant, Asked(shop=shop_id, first=first, last=last))
    found: defaultdict[date, Counter[int]] = defaultdict(Counter)
    for (day_of_it, hour), listed in sold.items():
        if day_of_it.weekday() == when.weekday():
            found[day_of_it][hour] += listed.cents
    total: Counter[int] = Counter()
    for _, cents in sorted(found.items(), reverse=True):
        total += cents
    return total, len(found)


def _month_basket(merchant: Merchant, when: date, shop_id: str) -> int | None:
    last = when.replace(day=1) - timedelta(days=1)
    asked = Asked(shop=shop_id, first=last.replace(day=1), last=last)
    sold = transactions.by_hour(merchant, asked).values()
    n = sum(listed.times for listed in sold)
    return half_up(sum(listed.cents for listed in sold), n) if n else None
