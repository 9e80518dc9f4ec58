# SPDX-License-Identifier: Apache-2.0
"""Make, move, cancel and list appointments; one beside another is told, never forbidden (D6)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.ledger.appointments import KEPT, Appointment, Change, State
from hub.ledger.models import Customer
from hub.merchants.models import Merchant, Shop
from hub.programmes.models import Product, ProductKind


class NoSuchTime(ValueError):
    """The clocks jump over that time in that night."""


class Settled(ValueError):
    """It is over, cancelled or missed: nothing is changed any more."""


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When a shop's clock shows that; of a time that comes twice, the first.

    Raises:
        NoSuchTime: it never does, because summer time begins in that night.
    """
    local = datetime.combine(day, clock, zone)
    there = local.astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime
    return there


def week_of(day: date, zone: ZoneInfo) -> tuple[tuple[date, ...], datetime, datetime]:
    """The days of a week from Monday, its first moment, and the one just after its last."""
    monday = day - timedelta(days=day.weekday())
    days = tuple(monday + timedelta(days=i) for i in range(7))
    after = monday + timedelta(days=7)
    return days, datetime.combine(monday, time(), zone), datetime.combine(after, time(), zone)


def book(
    shop: Shop,
    customer: Customer,
    product: Product,
    *,
    starts_at: datetime,
    minutes: int,
    person_id: int | None = None,
    token_id: str | None = None,
) -> Appointment:
    """Make an appointment; it promises the points that the service earns now."""
    with transaction.atomic():
        made = Appointment.objects.create(
            merchant_id=shop.merchant_id,
            shop=shop,
            customer=customer,
            product=product,
            starts_at=starts_at,
            minutes=minutes,
            points=product.booking_points if product.earns else 0,
        )
        _note(made, person_id, token_id)
    return made


def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    minutes: int,
    person_id: int | None = None,
    token_id: str | None = None,
) -> Appointment:
    """Let it be at another time.

    Raises:
        Settled: it is over, cancelled or missed.
    """
    times = {"starts_at": starts_at, "minutes": minutes}
    return _change(appointment, State.MOVED, person_id, token_id, **times)


def cancel(
    appointment: Appointment, *, person_id: int | None = None, token_id: str | None = None
) -> Appointment:
    """Nobody comes; it earns nothing.

    Raises:
        Settled: it is over, cancelled or missed.
    """
    return _change(appointment, State.CANCELLED, person_id, token_id)


def miss(
    appointment: Appointment, *, person_id: int | None = None, token_id: str | None = None
) -> Appointment:
    """Nobody came; it earns nothing.

    Raises:
        Settled: it is over, cancelled or missed.
    """
    return _change(appointment, State.MISSED, person_id, token_id)


def appointments(merchant: Merchant, shop: Shop | None = None) -> QuerySet[Appointment]:
    """Every appointment of a merchant or a shop, with whom and for what, in time."""
    found = Appointment.objects.filter(merchant=merchant)
    found = found.filter(shop=shop) if shop else found
    return found.select_related("customer", "product", "shop").order_by("starts_at", "pk")


def between(
    found: QuerySet[Appointment], since: datetime | None, until: datetime | None
) -> QuerySet[Appointment]:
    """Those that begin from the first moment on, before the other."""
    found = found.filter(starts_at__gte=since) if since else found
    return found.filter(starts_at__lt=until) if until else found


def beside(one: Appointment) -> list[Appointment]:
    """The appointments that it meets: the same customer, or the same service at the same place."""
    around = between(
        appointments(one.merchant),
        one.starts_at - timedelta(days=2),
        one.ends_at,
    )
    return [other for other in around.filter(state__in=KEPT) if _meet(one, other)]


def meetings(some: Sequence[Appointment]) -> set[int]:
    """Keys of those that meet another of them."""
    kept = [one for one in some if one.kept]
    return {one.pk for one in kept if any(_meet(one, other) for other in kept)}


def services(merchant: Merchant) -> QuerySet[Product]:
    """What appointments can be made for."""
    found = Product.objects.filter(merchant=merchant, gone=False)
    return found.exclude(kind=ProductKind.ARTICLE)


def _meet(one: Appointment, other: Appointment) -> bool:
    if one.pk == other.pk or not (one.kept and other.kept):
        return False
    if one.ends_at <= other.starts_at or other.ends_at <= one.starts_at:
        return False
    if one.customer_id == other.customer_id:
        return True
    # a class is for many at once
    alone = one.product.kind == ProductKind.SERVICE
    return alone and one.product_id == other.product_id and one.shop_id == other.shop_id


def _change(
    appointment: Appointment,
    state: State,
    person_id: int | None,
    token_id: str | None,
    **changes: object,
) -> Appointment:
    with transaction.atomic():
        row = Appointment.objects.select_for_update().get(pk=appointment.pk)
        if not row.kept:
            raise Settled
        row.state = state
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        _note(row, person_id, token_id)
    return row


def _note(row: Appointment, person_id: int | None, token_id: str | None) -> None:
    Change.objects.create(
        appointment=row,
        state=row.state,
        starts_at=row.starts_at,
        at=timezone.now(),
        person_id=person_id,
        token_id=token_id,
    )
