# SPDX-License-Identifier: Apache-2.0
"""Refunds of another till or a web shop: whole or in parts, the exact inverse of the sale."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from hub.api.access import Bearer, merchant_of, one_of, token_of
from hub.api.fields import PLAIN, Body, Cents, Id, Key, Receipt
from hub.api.once import once
from hub.api.problems import ProblemOut, refused
from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.refunding import PaidBack, pay_back
from hub.merchants import feed
from hub.merchants.deeds import Did
from hub.merchants.doing import Doing
from hub.merchants.tokens import May
from loyalty.refusal import Refusal

router = Router(tags=["sales"])


class RefundIn(Body):
    """What comes back of a sale."""

    receipt: Receipt
    """Number on the refund's receipt."""
    reason: Annotated[str, Field(min_length=1, max_length=80, pattern=PLAIN)]
    """Why: the merchant reads it."""
    cents: Cents | None = None
    """Of the sale's total before rewards; null: all that is left of it."""


class RefundOut(Schema):
    """What was given back and taken back."""

    id: str
    cents: int
    """Of the sale's total."""
    to_hand_back_cents: int
    """In money: what gift cards had paid is on them again."""
    points: int
    """Earned ones that were taken back; what is not there any more is owed."""
    points_back: int
    """That rewards had taken."""
    purse_cents: int
    purse_back_cents: int
    left_cents: int
    """Of the sale's total, that may still come back."""

    @classmethod
    def of(cls, done: PaidBack) -> "RefundOut":
        """What is told of a refund."""
        part = done.part
        return cls(
            id=done.id,
            cents=part.cents,
            to_hand_back_cents=part.due_cents - sum(gift.cents for gift in part.gifts),
            points=part.points,
            points_back=part.points_back,
            purse_cents=part.purse_cents,
            purse_back_cents=part.purse_back_cents,
            left_cents=done.left_cents,
        )


@router.post(
    "/{sale}/refunds",
    auth=Bearer(May.SALES_REFUND),
    response={201: RefundOut, 404: ProblemOut, 409: ProblemOut},
    summary="Pay a sale back",
)
def create(request: HttpRequest, sale: Id, body: RefundIn, key: Key) -> HttpResponse:
    """Points, rewards, purse and gift cards go back to where they were; the parts sum to the whole.

    What a terminal sold stays for that terminal to pay back until it hands it over: the answer is
    then 409 `sale_elsewhere`.
    """
    token = token_of(request)
    sales = JournalEntry.objects.filter(
        merchant=merchant_of(request), kind="sold", outcome=Outcome.POSTED
    )
    row = one_of(sales.select_related("shop"), event_id=sale)

    def act(out: feed.Writing, deed: Doing) -> RefundOut:
        done = pay_back(
            out,
            row,
            cents=body.cents,
            receipt=body.receipt,
            reason=body.reason,
            at=timezone.now(),
            by=token.pk,
        )
        if isinstance(done, Refusal):
            raise refused(done)
        deed.about = f"sale:{row.pk}"
        return RefundOut.of(done)

    return once(request, key, body, Did.REFUNDED, act)
