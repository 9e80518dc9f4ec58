# SPDX-License-Identifier: Apache-2.0
"""What is owed on gift cards, month by month, with what moved it; and VAT of a single purpose (H7).

VAT is never taken out of a card: 50 € paid are 50 € on it. Where all that a card buys bears one
rate, that VAT is due when the card is sold; else when it pays.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Movement
from hub.merchants.models import Merchant
from loyalty.account import NOBODY, Kind
from loyalty.money import WHOLE_BP, half_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What gift cards came to in a month: cents, each 0 or more but `other`."""

    first: date
    opening: int
    loaded: int
    used: int
    given_back: int
    """By refunds of what cards had paid."""
    expired: int
    other: int
    """What no shop did: put right by a restored hub or the loss reserve."""
    closing: int
    """Still to be honoured."""
    single_cents: int
    """Of what was loaded, on cards of a single purpose."""
    vat_cents: int
    """Included in that, and due."""


def by_month(merchant: Merchant) -> tuple[Month, ...]:
    """Every month in which something moved, the newest first."""
    zone = ZoneInfo(merchant.zone)
    sums: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for month, kind, amount in _moved(merchant, zone):
        sums[month.date()][_column(kind, amount)] += amount
    single: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for month, vat_bp, cents in _single(merchant, zone):
        single[month.date()]["cents"] += cents
        single[month.date()]["vat"] += half_up(cents * vat_bp, WHOLE_BP + vat_bp)
    found, owed = [], 0
    for month in sorted(sums):
        moved = sums[month]
        opening, owed = owed, owed + moved.total()
        found.append(
            Month(
                first=month,
                opening=opening,
                loaded=moved["loaded"],
                used=-moved["used"],
                given_back=moved["given_back"],
                expired=-moved["expired"],
                other=moved["other"],
                closing=owed,
                single_cents=single[month]["cents"],
                vat_cents=single[month]["vat"],
            )
        )
    return tuple(reversed(found))


def _moved(merchant: Merchant, zone: ZoneInfo) -> QuerySet:
    """Month, kind of entry, cents: gained and lost apart."""
    movements = Movement.objects.filter(
        by_account=True, account__merchant=merchant, account__kind=Kind.GIFT
    )
    return (
        movements.exclude(account__owner__in=NOBODY)
        .annotate(month=TruncMonth("entry__at", tzinfo=zone))
        .order_by()
        .values_list("month", "entry__kind")
        .annotate(Sum("amount"))
    )


def _single(merchant: Merchant, zone: ZoneInfo) -> QuerySet:
    cards = GiftCard.objects.filter(merchant=merchant, single_purpose=True)
    return (
        cards.annotate(month=TruncMonth("sold_at", tzinfo=zone))
        .order_by()
        .values_list("month", "vat_bp")
        .annotate(Sum("cents"))
    )


def _column(kind: str, amount: int) -> str:
    match kind:
        case "gift_sold":
            return "loaded"
        case "sold":
            return "used"
        case "refunded":
            return "given_back"
        case "adjusted" if amount < 0:
            return "expired"
        case _:
            return "other"
