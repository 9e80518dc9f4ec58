# SPDX-License-Identifier: Apache-2.0
"""Customers for other programs: find them, read them, register them."""

from datetime import datetime
from typing import Annotated

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool

from hub.api.access import Bearer, merchant_of, one_of, shop_named, token_of
from hub.api.fields import PLAIN, After, Body, Code, Id, Key, Limit, Words
from hub.api.once import once
from hub.api.paging import cut, only
from hub.api.problems import ProblemOut, refused
from hub.ledger import groups, history, selling
from hub.ledger.acts import NewCustomer, register
from hub.ledger.models import Card, Customer
from hub.merchants import feed
from hub.merchants.deeds import Did
from hub.merchants.doing import Doing
from hub.merchants.models import Merchant
from hub.merchants.tokens import May
from loyalty import card, contact
from loyalty.account import Kind
from loyalty.card import BadCode
from loyalty.giftcard import fingerprint
from loyalty.refusal import Reason, Refusal

router = Router(tags=["customers"])

Sought = Annotated[str, Query(max_length=254, pattern=PLAIN)]


class CustomerOut(Schema):
    """A person; who was merged is there once, with all their cards."""

    id: str
    first_name: str
    last_name: str
    phone: str
    email: str
    cards: list[str]
    member: bool
    """They joined the programme; who did not earns nothing."""
    pro: bool
    joined_at: datetime
    seen_at: datetime | None
    """Last visit or sale."""

    @classmethod
    def of(cls, row: Customer) -> "CustomerOut":
        """What is told of a customer; a card they lost is not."""
        cards = history.cards(row) if row.head else row.cards.all()
        return cls(
            id=row.uuid,
            first_name=row.first_name,
            last_name=row.last_name,
            phone=row.phone,
            email=row.email,
            cards=[one.code for one in cards if one.blocked_at is None],
            member=row.member,
            pro=row.pro,
            joined_at=row.joined_at,
            seen_at=row.seen_at,
        )


class CustomersOut(Schema):
    """A page of customers."""

    items: list[CustomerOut]
    next: str | None
    """`after` of the next page; null: this is the last one."""


class CustomerIn(Body):
    """Somebody to register."""

    shop: Id
    """Where they joined."""
    first_name: Annotated[str, Field(min_length=1, max_length=60, pattern=PLAIN)]
    last_name: Words = ""
    phone: Annotated[str, Field(max_length=24, pattern=PLAIN)] = ""
    email: Annotated[str, Field(max_length=254, pattern=PLAIN)] = ""
    card: Code | None = None
    """The code of a card that they hold; without one they are given a number."""
    member: StrictBool = True
    """They join the programme; where they did not want to, say false."""


class BalanceOut(Schema):
    """What a person has, and what of it can be used from here now: tills may keep the rest."""

    points: int
    points_free: int
    purse_cents: int
    purse_free_cents: int
    visits: int
    pending_points: int
    """Earned, and still to wait for."""


@router.get(
    "",
    auth=Bearer(May.CUSTOMERS_READ),
    response={200: CustomersOut, 404: ProblemOut},
    summary="Find customers",
)
def find(
    request: HttpRequest,
    *,
    card: Sought = "",
    phone: Sought = "",
    email: Sought = "",
    after: After = "",
    limit: Limit = 50,
) -> CustomersOut:
    """By a card, a phone or an e-mail, each in whole; without any of them, everybody."""
    only(request, "card", "phone", "email")
    rows = groups.persons(Customer.objects.filter(merchant=merchant_of(request), forgotten_at=None))
    rows = _narrowed(rows, merchant_of(request), card=card, phone=phone, email=email)
    some, following = cut(rows.select_related("merchant").prefetch_related("cards"), after, limit)
    return CustomersOut(items=[CustomerOut.of(row) for row in some], next=following)


@router.post(
    "",
    auth=Bearer(May.CUSTOMERS_WRITE),
    response={201: CustomerOut, 404: ProblemOut, 409: ProblemOut},
    summary="Register a customer",
)
def create(request: HttpRequest, body: CustomerIn, key: Key) -> HttpResponse:
    """Every till knows the customer a moment later."""
    shop, token = shop_named(request, body.shop), token_of(request)

    def act(out: feed.Writing, deed: Doing) -> CustomerOut:
        person = NewCustomer(
            first_name=body.first_name,
            last_name=body.last_name,
            phone=body.phone,
            email=body.email,
            code=_free_code(out.merchant, body),
            member=body.member,
        )
        (uuid,) = register(out, shop, [person], staff=token.pk)
        deed.about = made = Customer.objects.get(merchant=out.merchant, uuid=uuid)
        return CustomerOut.of(made)

    return once(request, key, body, Did.CUSTOMER_ADDED, act)


@router.get(
    "/{customer}",
    auth=Bearer(May.CUSTOMERS_READ),
    response={200: CustomerOut, 404: ProblemOut},
    summary="Read a customer",
)
def read(request: HttpRequest, customer: Id) -> CustomerOut:
    """One person."""
    return CustomerOut.of(customer_named(request, customer))


@router.get(
    "/{customer}/balance",
    auth=Bearer(May.CUSTOMERS_READ),
    response={200: BalanceOut, 404: ProblemOut},
    summary="Read a balance",
)
def balance(request: HttpRequest, customer: Id) -> BalanceOut:
    """What a person has now, and what of it can be used from here."""
    row, merchant = customer_named(request, customer), merchant_of(request)
    ones = groups.ones(merchant.pk, row.uuid)
    funds = selling.funds(merchant.pk, ones, suspended=merchant.suspended_at is not None)
    points, purse = funds.of(Kind.POINTS), funds.of(Kind.PURSE)
    return BalanceOut(
        points=max(0, points.shown),
        points_free=points.free,
        purse_cents=max(0, purse.shown),
        purse_free_cents=purse.free,
        visits=funds.of(Kind.VISITS).shown,
        pending_points=funds.of(Kind.PENDING).shown,
    )


def customer_named(request: HttpRequest, uuid: str) -> Customer:
    """The person of an id, whichever of theirs it is; another merchant's does not exist."""
    merchant = merchant_of(request)
    rows = Customer.objects.filter(merchant=merchant, forgotten_at=None).select_related("merchant")
    row = one_of(rows, uuid=uuid)
    return row if row.head in ("", row.uuid) else rows.get(uuid=row.head)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _narrowed(
    rows: QuerySet[Customer], merchant: Merchant, *, card: str, phone: str, email: str
) -> QuerySet[Customer]:
    """Those of whom it is one; whatever can't be one is nobody's."""
    key = bytes.fromhex(merchant.lookup_key)
    all_of_them = Customer.objects.filter(merchant=merchant)
    if card:
        rows = _served_as(
            rows, all_of_them.filter(cards__code=_code(card) or "", cards__blocked_at=None)
        )
    for whole, typed in ((contact.phone(phone), phone), (contact.email(email), email)):
        if typed:
            known = fingerprint(key, whole) if whole else "nobody"
            rows = _served_as(rows, all_of_them.filter(hashes__contains=known))
    return rows


def _served_as(rows: QuerySet[Customer], found: QuerySet[Customer]) -> QuerySet[Customer]:
    """Whom of the rows these are served as."""
    return rows.filter(Q(pk__in=found.values("pk")) | Q(uuid__in=found.values("head")))


def _code(typed: str) -> str | None:
    read = card.read(typed)
    return None if isinstance(read, BadCode) else read.text


def _free_code(merchant: Merchant, body: CustomerIn) -> str:
    """The code of the card, or empty where a number is to be given.

    Raises:
        Problem: it is no code, or somebody's; or the phone or the e-mail is none.
    """
    for typed, whole in ((body.phone, contact.phone), (body.email, contact.email)):
        if typed and not whole(typed):
            raise refused(Refusal(Reason.BAD_CONTACT))
    if body.card is None:
        return ""
    code = card.read(body.card)
    if isinstance(code, BadCode):
        raise refused(Refusal(Reason.BAD_CODE, {"why": code.value}))
    if Card.objects.filter(merchant=merchant, code=code.text).exists():
        raise refused(Refusal(Reason.CARD_TAKEN))
    return code.text
