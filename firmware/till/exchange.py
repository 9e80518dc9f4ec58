# SPDX-License-Identifier: Apache-2.0
"""A customer's points become a gift card: which one, then who is sent it (SPEC H4)."""

from firmware.store import replica
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Stay
from firmware.till.form import Answers, Form, Step
from firmware.till.gift import VIRTUAL, good_email
from firmware.till.outcome import Amount, Choice, Field, Outcome, Question
from firmware.till.outcome_gifts import OfferRow, OffersShown
from loyalty.account import Kind, points_of
from loyalty.command import SellGiftCard
from loyalty.decide import Decided, Short, decide
from loyalty.feed import CustomerIs, GiftOffer
from loyalty.refusal import Refusal
from loyalty.situation import Situation

TAKE = "take"


class Offers(Flow):
    """What is offered, and what of it the customer has the points for; ends with the one chosen."""

    def __init__(self, desk: Desk, customer: CustomerIs) -> None:
        self.desk, self.customer = desk, customer

    def show(self) -> Outcome:
        situation = self.desk.situation(self.customer.id)
        points = situation.balances.get(points_of(self.customer.id), 0)
        here = sum(n for a, n in situation.rights.items() if a.kind is Kind.POINTS)
        return OffersShown(
            offline=not self.desk.online,
            customer=self.desk.seen(self.customer),
            offers=tuple(
                OfferRow(offer, max(0, offer.points - points), here=offer.points <= here)
                for offer in replica.gift_offers(self.desk.db)
            ),
        )

    def handle(self, event: Event) -> Move:
        match event:
            case tap.TakeOffer(offer=offer):
                return End(offer)
            case tap.Back() | tap.Finish():
                return End()
            case _:
                return Stay()


def decided(situation: Situation, offer: GiftOffer) -> Decided | Short | Refusal | None:
    """Whether the customer could have it now; nothing of it is written."""
    card = SellGiftCard(
        receipt="",
        fingerprint="",
        last4="",
        cents=offer.cents,
        virtual=True,
        send_on="",
        sealed="",
        points=offer.points,
    )
    return decide(situation, card)


def form(desk: Desk, offer: GiftOffer, customer: CustomerIs) -> Form:
    """Who is sent it: the customer unless somebody else is named; then once more what it costs."""
    take = Choice(TAKE, "", cents=offer.cents, points=offer.points)
    return Form(
        desk,
        (
            Step(name=Field.RECIPIENT),
            Step(name=Field.RECIPIENT_EMAIL, check=good_email),
            Step(name=Question.EXCHANGE, options=(take,)),
        ),
        given={Field.RECIPIENT: customer.first_name},
    )


def sold(desk: Desk, offer: GiftOffer, customer: CustomerIs, answers: Answers) -> Answers:
    """What a sale of the same card would have been answered: it is e-mailed, and today."""
    return {
        Question.GIFT_KIND: VIRTUAL,
        Amount.GIFT_SOLD: str(offer.cents),
        Field.BUYER: f"{customer.first_name} {customer.initial}".strip(),
        Question.SEND_ON: desk.now().date().isoformat(),
        **answers,
    }
