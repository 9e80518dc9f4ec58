# SPDX-License-Identifier: Apache-2.0
"""Sales of another till or a web shop: decided by the same rules, into the same ledger."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from hub.api.access import Bearer, demand, shop_named, token_of
from hub.api.fields import PLAIN, WHOLE, Body, Cents, Code, Id, Key, Moment, Receipt
from hub.api.giftcards import known_card
from hub.api.once import once
from hub.api.problems import Problem, ProblemOut, refused, unknown
from hub.ledger import selling
from hub.ledger.models import Customer, JournalEntry
from hub.merchants import feed, tokens
from hub.merchants.deeds import Did
from hub.merchants.doing import Doing
from hub.merchants.models import Merchant
from hub.merchants.tokens import May, Token
from hub.programmes.models import Product
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.entry import Sold
from loyalty.money import LARGEST_CENTS
from loyalty.price import MOST_LINES
from loyalty.refusal import Refusal

router = Router(tags=["sales"])

LATE: Final = timedelta(days=30)
"""A till that was cut off sends what it sold meanwhile."""
AHEAD: Final = timedelta(minutes=5)
"""By which its clock may be wrong."""
MOST_USES: Final = 20
MOST_GIFTS: Final = 10


class LineIn(Body):
    """So many of something at a price."""

    label: Annotated[str, Field(min_length=1, max_length=60, pattern=PLAIN)]
    unit_cents: Cents
    quantity: Annotated[int, Field(ge=1, le=int(LARGEST_CENTS)), WHOLE] = 1
    ean: Annotated[str, Field(max_length=14, pattern=r"^[0-9]*$")] = ""
    """Which product of the catalogue it is; one that is not there is none of them."""


class UseIn(Body):
    """A reward of the programme that the customer chose."""

    reward: Id
    amount: Annotated[int, Field(ge=0, le=int(LARGEST_CENTS)), WHOLE] = 0
    """Cents of the purse, or points: where the reward asks how much."""


class GiftIn(Body):
    """A gift card that pays a part."""

    code: Code
    cents: Cents


class SaleIn(Body):
    """A sale as the other till made it."""

    shop: Id
    receipt: Receipt
    """Number on its receipt."""
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST_LINES)]
    customer: Id | None = None
    """Null: nobody earns."""
    uses: Annotated[list[UseIn], Field(max_length=MOST_USES)] = []
    """Needs `rewards.spend`."""
    gifts: Annotated[list[GiftIn], Field(max_length=MOST_GIFTS)] = []
    """Needs `giftcards.spend`."""
    sold_at: Moment | None = None
    """Null: now. A till that was cut off says when; 30 days at most."""


class AppliedOut(Schema):
    """What a reward did."""

    reward: str
    title: str
    points: int
    cents_off: int


class SaleOut(Schema):
    """What was decided: total, less rewards is due, less gift cards is left to pay."""

    id: str
    total_cents: int
    due_cents: int
    to_pay_cents: int
    """In money."""
    applied: list[AppliedOut]
    points: int
    """Earned, of whole steps; the rest is carried."""
    pending_until: str | None
    """First day on which they can be used, where they have to wait."""
    purse_cents: int
    """Cashback earned."""
    programme: int
    """Version of the rules."""

    @classmethod
    def of(cls, sale_id: str, sold: Sold) -> "SaleOut":
        """What is told of a sale."""
        return cls(
            id=sale_id,
            total_cents=sold.total_cents,
            due_cents=sold.due_cents,
            to_pay_cents=sold.paid_cents,
            applied=[
                AppliedOut(
                    reward=one.reward, title=one.title, points=one.points, cents_off=one.cents_off
                )
                for one in sold.applied
            ],
            points=sold.points,
            pending_until=sold.matures or None,
            purse_cents=sold.purse_cents,
            programme=sold.saw.programme,
        )


@router.post(
    "",
    auth=Bearer(May.SALES_WRITE),
    response={201: SaleOut, 404: ProblemOut, 409: ProblemOut},
    summary="Record a sale",
)
def create(request: HttpRequest, body: SaleIn, key: Key) -> HttpResponse:
    """Rewards, points and gift cards follow the merchant's rules, as at any till.

    What is used is taken of what is free: what a terminal keeps for when the network is away can't
    be used from here, and the answer is then 409 `not_here_now`.
    """
    shop, token = shop_named(request, body.shop), token_of(request)
    if body.uses:
        demand(token, May.REWARDS_SPEND)
    if body.gifts:
        demand(token, May.GIFTCARDS_SPEND)
        tokens.may_guess(token)
    at = _when(body.sold_at)

    def act(out: feed.Writing, deed: Doing) -> SaleOut:
        customer = _customer(out.merchant, body.customer)
        done = selling.sell(
            out,
            shop,
            _order(out.merchant, token, body),
            receipt=body.receipt,
            customer=customer,
            at=at,
            by=token.pk,
        )
        if isinstance(done, Refusal):
            raise refused(done)
        deed.about = f"sale:{JournalEntry.objects.get(event_id=done.id).pk}"
        return SaleOut.of(done.id, done.sold)

    return once(request, key, body, Did.SOLD, act)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _when(sold_at: datetime | None) -> datetime:
    now = timezone.now()
    at = sold_at or now
    if not now - LATE <= at <= now + AHEAD:
        raise Problem(HTTPStatus.CONFLICT, "too_long_ago")
    return min(at, now)


def _customer(merchant: Merchant, uuid: str | None) -> Customer | None:
    if uuid is None:
        return None
    found = Customer.objects.filter(merchant=merchant, uuid=uuid, forgotten_at=None).first()
    if found is None:
        raise unknown("customer")
    return found


def _order(merchant: Merchant, token: Token, body: SaleIn) -> Order:
    eans = {line.ean for line in body.lines if line.ean}
    known = Product.objects.filter(merchant=merchant, ean__in=eans, gone=False)
    products = {product.ean: product for product in known.order_by("-rank", "-pk")}
    return Order(
        lines=tuple(_line(line, products.get(line.ean)) for line in body.lines),
        uses=tuple(Use(use.reward, use.amount) for use in body.uses),
        gifts=tuple(
            GiftUse(known_card(merchant, token, gift.code), gift.cents) for gift in body.gifts
        ),
    )


def _line(line: LineIn, product: Product | None) -> Line:
    return Line(
        label=line.label,
        unit_cents=line.unit_cents,
        quantity=line.quantity,
        category=product.category_id if product else "",
        product=product.pk if product else "",
    )
