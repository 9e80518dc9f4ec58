# SPDX-License-Identifier: Apache-2.0
"""Gift cards sold and used at the till."""

import pytest

from firmware.store import replica
from firmware.till import tap
from firmware.till.outcome import (
    AmountAsked,
    AskingHub,
    AtTill,
    ChoiceAsked,
    Refused,
    Saved,
    TextAsked,
)
from firmware.till.outcome_gifts import GiftSaved
from loyalty import giftcard
from loyalty.account import gift_of
from loyalty.entry import GiftSold
from loyalty.feed import BalanceIs, GiftCardIs
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery

CARD = ELODIE.codes[0]


def sell_gift(bakery: Bakery, cents: str = "4000") -> GiftSaved:
    bakery.do(tap.GiftCard(), tap.Pick("sell"), tap.Pick("virtual"))
    for text in (cents, "Paul Hoarau", "Anaïs", "anais@exemple.re"):
        bakery.answer(text)
    question = bakery.answer("")
    assert isinstance(question, ChoiceAsked)
    saved = bakery.do(tap.Pick(question.options[0].id))
    assert isinstance(saved, GiftSaved)
    return saved


def test_a_gift_card_sold_here_pays_here_in_part_even_offline(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    saved = sell_gift(bakery)
    code = saved.receipt.gift_code
    assert (saved.cents, saved.recipient, len(code)) == (4000, "Anaïs", 13)
    (sold,) = bakery.facts(GiftSold)
    assert isinstance(sold, GiftSold)
    assert (
        code.encode() not in bakery.db.rows("SELECT raw FROM entry WHERE kind = 'gift_sold'")[0][0]
    )
    bakery.do(tap.Finish())
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    asked = bakery.answer(code.lower())
    assert isinstance(asked, AmountAsked)
    assert (asked.available_cents, asked.most_cents) == (4000, 2500)
    order = bakery.do(tap.TakeMost(), tap.Enter())
    assert isinstance(order, AtTill)
    assert order.to_pay_cents == 0
    assert isinstance(bakery.do(tap.Save()), Saved)
    assert bakery.shown(gift_of(sold.fingerprint)) == 1500


@pytest.mark.parametrize(
    ("online", "reason"),
    [(True, Reason.GIFT_UNKNOWN), (False, Reason.GIFT_NEEDS_NETWORK)],
)
@pytest.mark.parametrize("code", ["ABCD", "0000000000000", "ZZZZZZZZZZZZZZZZ"])
def test_every_unknown_gift_card_gets_the_same_answer(
    bakery: Bakery, online: bool, reason: Reason, code: str
) -> None:
    bakery.online(up=online)
    bakery.unlock()
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    asked = bakery.answer(code)
    assert isinstance(asked, AskingHub) is online, "asked first, whatever it looks like"
    asked = bakery.hears() if online else asked
    assert isinstance(asked, TextAsked)
    assert asked.wrong
    assert asked.wrong.reason is reason


def test_what_the_hub_does_not_answer_in_two_seconds_is_not_said_to_be_unknown(
    bakery: Bakery,
) -> None:
    bakery.unlock()
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    bakery.answer(giftcard.number(1))
    assert isinstance(bakery.wait(1.9), AskingHub)
    asked = bakery.wait(0.1)
    assert isinstance(asked, TextAsked)
    assert asked.wrong
    assert asked.wrong.reason is Reason.GIFT_NEEDS_NETWORK


@pytest.mark.row("H7")
@pytest.mark.parametrize(
    ("says", "refused"),
    [
        ({"blocked": True}, True),
        ({"expires_on": "2026-11-01"}, True),
        ({"expires_on": "2027-11-01"}, False),
        ({}, False),
    ],
)
def test_a_card_that_the_hub_says_is_blocked_or_expired_is_refused(
    bakery: Bakery, says: dict[str, object], refused: bool
) -> None:
    bakery.unlock()
    number = giftcard.number(0x5EED)
    owner = giftcard.fingerprint(bytes(32), number)
    bakery.hub_says(BalanceIs(gift_of(owner), 4000), GiftCardIs(fingerprint=owner, **says))
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    asked = bakery.answer(number)
    if refused:
        # asked at the hub like any unknown one: what is wrong with it is not told
        assert isinstance(asked, AskingHub)
        asked = bakery.hears()
        assert isinstance(asked, TextAsked)
        assert asked.wrong
        assert asked.wrong.reason is Reason.GIFT_UNKNOWN
    else:
        assert isinstance(asked, AmountAsked)


def test_a_card_blocked_while_it_is_in_the_order_does_not_pay(bakery: Bakery) -> None:
    bakery.unlock()
    number = giftcard.number(0x5EED)
    owner = giftcard.fingerprint(bytes(32), number)
    bakery.hub_says(BalanceIs(gift_of(owner), 4000))
    bakery.line(2500)
    bakery.do(tap.GiftCard(), tap.Pick("pay"))
    bakery.answer(number)
    bakery.do(tap.TakeMost(), tap.Enter())
    bakery.hub_says(GiftCardIs(fingerprint=owner, blocked=True))
    refused = bakery.do(tap.Save())
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.GIFT_UNKNOWN


def test_nothing_expires_by_a_clock_that_can_not_be_trusted(bakery: Bakery) -> None:
    owner = giftcard.fingerprint(bytes(32), giftcard.number(0x5EED))
    bakery.hub_says(GiftCardIs(fingerprint=owner, expires_on="2026-11-01"))
    assert replica.stopped_gifts(bakery.db, (owner,), today="2026-11-22") == {owner}
    assert not replica.stopped_gifts(bakery.db, (owner,), today="")
