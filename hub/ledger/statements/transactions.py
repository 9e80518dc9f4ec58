# SPDX-License-Identifier: Apache-2.0
"""What sales, refunds and gift cards sold came to, as counted by day, and what nobody counted yet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet, Sum

from hub.ledger import counting
from hub.ledger.counts import Count, What
from hub.ledger.models import JournalEntry
from hub.ledger.tails import not_counted
from hub.merchants.models import Merchant

_DAY: Final = timedelta(days=1)
_UPTO: Final = "merchant__countbook__upto"


class Listed(NamedTuple):
    """So many of them, and what they come to in cents: what was paid back is below 0."""

    times: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which of a merchant's transactions; what is not named is not asked after."""

    kind: str = ""
    shop: str = ""
    first: date | None = None
    """The merchant's days, both in it."""
    last: date | None = None


def listed(merchant: Merchant, asked: Asked) -> Listed:
    """How many transactions there are, and what they come to, up to this moment."""
    kinds = (asked.kind,) if asked.kind else counting.IN_LIST
    tail = list(_not_counted(merchant, asked).filter(kind__in=kinds).values_list("pk", "cents"))
    kept = _counted(merchant, What.LISTED, asked).filter(key__in=kinds)
    known = kept.aggregate(times=Sum("times"), cents=Sum("cents"), upto=Max(_UPTO))
    new = [cents for pk, cents in tail if pk > (known["upto"] or 0)]
    return Listed((known["times"] or 0) + len(new), (known["cents"] or 0) + sum(new))


def by_hour(merchant: Merchant, asked: Asked) -> dict[tuple[date, int], Listed]:
    """The turnover of each day and hour in which there was any: sales, less what was paid back.

    Those that are counted are the sales alone.
    """
    zone, turnover = ZoneInfo(merchant.zone), ("sold", "refunded")
    new = _not_counted(merchant, asked).filter(kind__in=turnover)
    tail = list(new.values_list("pk", "at", "kind", "cents"))
    kept = _counted(merchant, What.SALES, asked).values_list("day", "key", _UPTO)
    found: defaultdict[tuple[date, int], Listed] = defaultdict(lambda: Listed(0, 0))
    known = 0
    for day, hour, upto, times, cents in kept.annotate(times=Sum("times"), cents=Sum("cents")):
        known = upto or 0
        found[day, int(hour)] = Listed(times, cents)
    for pk, at, kind, cents in tail:
        if pk > known:
            here = at.astimezone(zone)
            had = found[here.date(), here.hour]
            found[here.date(), here.hour] = Listed(had.times + (kind == "sold"), had.cents + cents)
    return dict(found)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _counted(merchant: Merchant, what: What, asked: Asked) -> QuerySet[Count]:
    days = {"day__gte": asked.first, "day__lte": asked.last, "shop": asked.shop}
    named = {name: value for name, value in days.items() if value}
    return Count.objects.filter(merchant=merchant, what=what, **named).order_by()


def _not_counted(merchant: Merchant, asked: Asked) -> QuerySet[JournalEntry]:
    """What was posted and not counted yet."""
    zone = ZoneInfo(merchant.zone)
    found = not_counted(merchant.pk)
    if asked.shop:
        found = found.filter(shop=asked.shop)
    if asked.first:
        found = found.filter(at__gte=datetime.combine(asked.first, time(), zone))
    if asked.last:
        found = found.filter(at__lt=datetime.combine(asked.last + _DAY, time(), zone))
    return found.order_by()
