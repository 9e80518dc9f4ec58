# SPDX-License-Identifier: Apache-2.0
"""Gift cards for other programs: what is left on one, and paying with it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from hub.api.access import Bearer, merchant_of, shop_named, token_of
from hub.api.fields import Body, Cents, Code, Id, Key, Receipt
from hub.api.once import once
from hub.api.problems import ProblemOut, refused
from hub.ledger import selling
from hub.ledger.giftcards import GiftCard, stopped
from hub.ledger.models import JournalEntry
from hub.merchants import feed, tokens
from hub.merchants.deeds import Did
from hub.merchants.doing import Doing
from hub.merchants.models import Merchant
from hub.merchants.tokens import May, Token
from loyalty.account import Kind
from loyalty.basket import GiftUse, Line, Order
from loyalty.giftcard import fingerprint, normalise
from loyalty.refusal import Reason, Refusal

router = Router(tags=["gift cards"])


class CardIn(Body):
    """A gift card's number; never in an address, which logs keep."""

    code: Code


class CardOut(Schema):
    """What is left on a gift card."""

    last4: str
    left_cents: int
    free_cents: int
    """What can be used from here now: a till may be about to use the rest."""


class TransactIn(Body):
    """So much to be paid with a gift card, by a till whose sales are not recorded here."""

    shop: Id
    receipt: Receipt
    """Number on the till's receipt."""
    code: Code
    cents: Cents


class TransactOut(Schema):
    """What was taken, and what is left."""

    id: str
    last4: str
    cents: int
    left_cents: int


@router.post(
    "/balance",
    auth=Bearer(May.GIFTCARDS_READ),
    response={200: CardOut, 404: ProblemOut},
    summary="Read a gift card",
)
def balance(request: HttpRequest, body: CardIn) -> CardOut:
    """What is left; a number that is none counts as a guess, and ten of them end the minute."""
    merchant, token = merchant_of(request), token_of(request)
    tokens.may_guess(token)
    card = known_card(merchant, token, body.code)
    left = _left(merchant, card)
    return CardOut(last4=normalise(body.code)[-4:], left_cents=left.shown, free_cents=left.free)


@router.post(
    "/transact",
    auth=Bearer(May.GIFTCARDS_SPEND),
    response={201: TransactOut, 404: ProblemOut, 409: ProblemOut},
    summary="Pay with a gift card",
)
def transact(request: HttpRequest, body: TransactIn, key: Key) -> HttpResponse:
    """Takes all of it or, where there is too little, nothing (409 `not_enough`).

    It is listed as a sale of that amount. A till that records its sales names the card there.
    """
    shop, token = shop_named(request, body.shop), token_of(request)
    tokens.may_guess(token)

    def act(out: feed.Writing, deed: Doing) -> TransactOut:
        card = known_card(out.merchant, token, body.code)
        order = Order(
            lines=(Line(label=token.name, unit_cents=body.cents),),
            gifts=(GiftUse(card, body.cents),),
        )
        done = selling.sell(out, shop, order, receipt=body.receipt, at=timezone.now(), by=token.pk)
        if isinstance(done, Refusal):
            raise refused(done)
        deed.about = f"sale:{JournalEntry.objects.get(event_id=done.id).pk}"
        return TransactOut(
            id=done.id,
            last4=normalise(body.code)[-4:],
            cents=body.cents,
            left_cents=_left(out.merchant, card).shown,
        )

    return once(request, key, body, Did.SOLD, act)


def known_card(merchant: Merchant, token: Token, typed: str) -> str:
    """The fingerprint of a number; one that is none is counted as a guess (SPEC H6).

    Raises:
        Problem: there is no such card, or it can't be used.
    """
    found = fingerprint(bytes.fromhex(merchant.lookup_key), normalise(typed))
    known = GiftCard.objects.filter(merchant=merchant, fingerprint=found).exists()
    if not known or stopped(merchant, [found], now=timezone.now()):
        tokens.missed(token)
        raise refused(Refusal(Reason.GIFT_UNKNOWN))
    return found


def _left(merchant: Merchant, card: str) -> selling.Share:
    suspended = merchant.suspended_at is not None
    return selling.funds(merchant.pk, (card,), suspended=suspended).of(Kind.GIFT)
