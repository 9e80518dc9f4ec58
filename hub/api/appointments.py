# SPDX-License-Identifier: Apache-2.0
"""Appointments for other programs: a booking site, an agenda (SPEC C17, D6)."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from hub.api.access import Bearer, merchant_of, one_of, shop_named, token_of
from hub.api.fields import After, Body, Id, Key, Limit, Minutes, Moment
from hub.api.once import once
from hub.api.paging import cut, only
from hub.api.problems import Problem, ProblemOut, unknown
from hub.ledger import booking
from hub.ledger.appointments import Appointment, State
from hub.ledger.models import Customer
from hub.merchants import feed
from hub.merchants.deeds import Did
from hub.merchants.doing import Doing, doing
from hub.merchants.tokens import May
from hub.programmes.models import ProductKind

router = Router(tags=["appointments"])

MAY_READ = Bearer(May.APPOINTMENTS_READ)
MAY_WRITE = Bearer(May.APPOINTMENTS_WRITE)


class ServiceOut(Schema):
    """Something that appointments are made for."""

    id: str
    name: str
    kind: Literal["service", "class"]
    """A class is for many at once."""
    minutes: int
    cents: int
    points: int
    """That a booking made now promises."""


class AppointmentOut(Schema):
    """Somebody comes to a shop at some time."""

    id: str
    shop: str
    customer: str
    service: str
    starts_at: datetime
    minutes: int
    state: State
    points: int
    """Promised when it was made; credited by themselves some hours after its end."""

    @classmethod
    def of(cls, row: Appointment) -> "AppointmentOut":
        """What is told of an appointment."""
        return cls(
            id=row.uuid,
            shop=row.shop_id,
            customer=row.customer.uuid,
            service=row.product_id,
            starts_at=row.starts_at.astimezone(UTC),
            minutes=row.minutes,
            state=State(row.state),
            points=row.points,
        )


class AppointmentsOut(Schema):
    """A page of appointments, in the order in which they were made."""

    items: list[AppointmentOut]
    next: str | None
    """`after` of the next page; null: this is the last one."""


class AppointmentIn(Body):
    """An appointment to be made."""

    shop: Id
    customer: Id
    service: Id
    starts_at: Moment
    minutes: Minutes | None = None
    """Null: as long as the service takes."""


class MoveIn(Body):
    """Another time for an appointment."""

    starts_at: Moment
    minutes: Minutes | None = None
    """Null: as long as before."""


Since = Annotated[Moment | None, Query(alias="from", description="Those that begin then or later.")]
Until = Annotated[Moment | None, Query(description="Those that begin before.")]


@router.get(
    "/services",
    auth=MAY_READ,
    response={200: list[ServiceOut]},
    summary="What appointments can be made for",
)
def services(request: HttpRequest) -> list[ServiceOut]:
    """All services and classes of the merchant."""
    return [
        ServiceOut(
            id=row.pk,
            name=row.name,
            kind="class" if row.kind == ProductKind.CLASS else "service",
            minutes=row.minutes,
            cents=row.cents,
            points=row.booking_points if row.earns else 0,
        )
        for row in booking.services(merchant_of(request))
    ]


@router.get(
    "/appointments",
    auth=MAY_READ,
    response={200: AppointmentsOut, 404: ProblemOut},
    summary="List appointments",
)
def listing(
    request: HttpRequest,
    *,
    since: Since = None,
    until: Until = None,
    after: After = "",
    limit: Limit = 50,
) -> AppointmentsOut:
    """Those of all shops."""
    only(request, "from", "until")
    some, following = cut(booking.between(_all(request), since, until), after, limit)
    return AppointmentsOut(items=[AppointmentOut.of(row) for row in some], next=following)


@router.post(
    "/appointments",
    auth=MAY_WRITE,
    response={201: AppointmentOut, 404: ProblemOut},
    summary="Make an appointment",
)
def create(request: HttpRequest, body: AppointmentIn, key: Key) -> HttpResponse:
    """One beside another is made all the same: the shop knows how many it can receive."""
    shop, token = shop_named(request, body.shop), token_of(request)

    def act(out: feed.Writing, deed: Doing) -> AppointmentOut:
        people = Customer.objects.filter(merchant=out.merchant, forgotten_at=None)
        customer = people.filter(uuid=body.customer).first()
        if customer is None:
            raise unknown("customer")
        product = booking.services(out.merchant).filter(pk=body.service).first()
        if product is None:
            raise unknown("service")
        made = booking.book(
            shop,
            customer,
            product,
            starts_at=body.starts_at,
            minutes=body.minutes or product.minutes,
            token_id=token.pk,
        )
        deed.about = made
        return AppointmentOut.of(made)

    return once(request, key, body, Did.BOOKED, act)


@router.get(
    "/appointments/{appointment}",
    auth=MAY_READ,
    response={200: AppointmentOut, 404: ProblemOut},
    summary="Read an appointment",
)
def read(request: HttpRequest, appointment: Id) -> AppointmentOut:
    """As it is now."""
    return AppointmentOut.of(one_of(_all(request), uuid=appointment))


@router.post(
    "/appointments/{appointment}/move",
    auth=MAY_WRITE,
    response={200: AppointmentOut, 404: ProblemOut, 409: ProblemOut},
    summary="Move an appointment",
)
def move(request: HttpRequest, appointment: Id, body: MoveIn) -> AppointmentOut:
    """Its points are credited after the new end."""
    row, token = one_of(_all(request), uuid=appointment), token_of(request)
    return _changed(
        request,
        row,
        Did.BOOKING_MOVED,
        lambda: booking.move(
            row,
            starts_at=body.starts_at,
            minutes=body.minutes or row.minutes,
            token_id=token.pk,
        ),
    )


@router.post(
    "/appointments/{appointment}/cancel",
    auth=MAY_WRITE,
    response={200: AppointmentOut, 404: ProblemOut, 409: ProblemOut},
    summary="Cancel an appointment",
)
def cancel(request: HttpRequest, appointment: Id) -> AppointmentOut:
    """It earns nothing."""
    row, token = one_of(_all(request), uuid=appointment), token_of(request)
    return _changed(
        request, row, Did.BOOKING_CANCELLED, lambda: booking.cancel(row, token_id=token.pk)
    )


@router.post(
    "/appointments/{appointment}/miss",
    auth=MAY_WRITE,
    response={200: AppointmentOut, 404: ProblemOut, 409: ProblemOut},
    summary="Mark an appointment as missed",
)
def miss(request: HttpRequest, appointment: Id) -> AppointmentOut:
    """Nobody came: it earns nothing."""
    row, token = one_of(_all(request), uuid=appointment), token_of(request)
    return _changed(request, row, Did.BOOKING_MISSED, lambda: booking.miss(row, token_id=token.pk))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _all(request: HttpRequest) -> QuerySet[Appointment]:
    return booking.appointments(merchant_of(request))


def _changed(
    request: HttpRequest, row: Appointment, did: Did, change: Callable[[], Appointment]
) -> AppointmentOut:
    try:
        with doing(did, by=token_of(request), about=row):
            return AppointmentOut.of(change())
    except booking.Settled:
        raise Problem(HTTPStatus.CONFLICT, "settled") from None
