# SPDX-License-Identifier: Apache-2.0
"""Selling a gift card and finding one to pay with (SPEC H1, H3, H6)."""

from datetime import timedelta
from typing import TypeGuard

from firmware.store import replica
from firmware.till.desk import Desk
from firmware.till.form import Answers, Form, Step
from firmware.till.outcome import Amount, Choice, Field, Question
from loyalty import contact, giftcard
from loyalty.account import gift_of
from loyalty.command import SellGiftCard
from loyalty.details import GiftDetails
from loyalty.refusal import Reason, Refusal

PAY, SELL, EXCHANGE = "pay", "sell", "exchange"
VIRTUAL, PHYSICAL = "virtual", "physical"
SEND_IN_DAYS = (0, 1, 2, 7, 14)


def number_form(desk: Desk) -> Form:
    """The number of a gift card to pay with; for every unknown one alike the hub is asked."""

    def usable(code: str) -> Refusal | None:
        return None if find(desk, code) else unusable(heard=True)

    step = Step(
        name=Field.GIFT_NUMBER,
        scans=True,
        check=usable,
        unheard=lambda code: find(desk, code) is None,
        without=Reason.GIFT_NEEDS_NETWORK,
    )
    return Form(desk, (step,))


def find(desk: Desk, code: str) -> tuple[str, int] | None:
    """Fingerprint and cents left of a gift card that can be used here, as far as is known here."""
    number = giftcard.normalise(code)
    if not giftcard.plausible(number) or giftcard.damaged(number):
        return None
    fingerprint = desk.gift(code)
    left = replica.balances(desk.db, fingerprint).get(gift_of(fingerprint), 0)
    usable = left > 0 and not desk.stopped(fingerprint)
    return (fingerprint, left) if usable else None


def unusable(*, heard: bool) -> Refusal:
    """One generic refusal, whether the hub was asked or could not be (SPEC H6)."""
    return Refusal(Reason.GIFT_UNKNOWN if heard else Reason.GIFT_NEEDS_NETWORK)


def is_one(desk: Desk, code: str) -> bool:
    """Whether a code is a gift card's, used up or never heard of as it may be: nobody's to join."""
    if giftcard.ours(giftcard.normalise(code)):
        return True
    fingerprint = desk.gift(code)
    return gift_of(fingerprint) in replica.balances(desk.db, fingerprint)


def sale_form(desk: Desk) -> Form:
    """A new gift card: all is required but the message (SPEC H1)."""
    today = desk.now().date()
    days = tuple((today + timedelta(days=n)).isoformat() for n in SEND_IN_DAYS)

    def good_number(code: str) -> Refusal | None:
        number = giftcard.normalise(code)
        if not giftcard.plausible(number) or giftcard.damaged(number):
            return Refusal(Reason.GIFT_NUMBER_SHORT, {"least": giftcard.SHORTEST})
        taken = gift_of(desk.gift(code)) in replica.balances(desk.db, desk.gift(code))
        return Refusal(Reason.CARD_TAKEN) if taken else None

    kinds = (Choice(VIRTUAL, ""), Choice(PHYSICAL, ""))
    return Form(
        desk,
        (
            Step(name=Question.GIFT_KIND, options=kinds),
            Step(
                name=Field.GIFT_NUMBER,
                scans=True,
                check=good_number,
                asked=lambda a: a.get(Question.GIFT_KIND) == PHYSICAL,
            ),
            Step(name=Amount.GIFT_SOLD),
            Step(name=Field.BUYER),
            Step(name=Field.RECIPIENT),
            Step(name=Field.RECIPIENT_EMAIL, check=good_email),
            Step(name=Field.MESSAGE, optional=True),
            Step(name=Question.SEND_ON, options=tuple(Choice(day, "") for day in days)),
        ),
    )


def good_email(text: str) -> Refusal | None:
    """Whether something can be sent there."""
    return None if contact.email(text) else Refusal(Reason.BAD_CONTACT, {"field": "email"})


def command(
    desk: Desk, answers: Answers, receipt: str, *, points: int = 0
) -> tuple[SellGiftCard, str]:
    """What the answers ask for, and the card's number to show once; `points`: what pays for it."""
    virtual = answers[Question.GIFT_KIND] == VIRTUAL
    if virtual:
        code = giftcard.number(desk.random_bits(giftcard.RANDOM_BITS))
    else:
        code = giftcard.normalise(answers[Field.GIFT_NUMBER])
    today = desk.now().date().isoformat()
    send_on = answers[Question.SEND_ON]
    details = GiftDetails(
        code=code,
        buyer=answers[Field.BUYER],
        recipient=answers[Field.RECIPIENT],
        email=contact.email(answers[Field.RECIPIENT_EMAIL]),
        message=answers.get(Field.MESSAGE, ""),
    )
    sell = SellGiftCard(
        receipt=receipt,
        fingerprint=desk.gift(code),
        last4=code[-4:],
        cents=int(answers[Amount.GIFT_SOLD]),
        virtual=virtual,
        send_on="" if send_on <= today else send_on,
        sealed=desk.seal(details),
        points=points,
    )
    return sell, code


def menu(desk: Desk, *, can_pay: bool, can_exchange: bool) -> Form:
    """Pay with one, sell one, or give one for points."""
    asked = {PAY: can_pay, SELL: True, EXCHANGE: can_exchange}
    options = tuple(Choice(one, "") for one, can in asked.items() if can)
    return Form(desk, (Step(name=Question.GIFT, options=options),))


def chosen(answers: object) -> str:
    """What was answered to the menu."""
    return answers[Question.GIFT] if given(answers) else ""


def given(answers: object) -> TypeGuard[dict[str, str]]:
    """Whether a form was answered and not left."""
    return isinstance(answers, dict)
