# SPDX-License-Identifier: Apache-2.0
"""Several programs at once: the last euros of a card are spent once, on either database."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

import pytest
from django.db import IntegrityError

from hub.ledger import audit, selling
from hub.ledger.acts import create_gift_card
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Account, JournalEntry
from hub.merchants import tokens
from hub.merchants.tokens import Token
from loyalty.account import Kind
from loyalty.decide import Decided
from loyalty.refusal import Refusal
from tests.hub.api.conftest import Answer, Program

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 60


@pytest.fixture
def card(shop) -> GiftCard:
    """One of 40 €."""
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    return create_gift_card(shop, cents=4000, **given)


@pytest.fixture
def deciding(monkeypatch) -> Callable[[float], list[type]]:
    """Whoever has decided waits so long for the other one to decide too; gives what they did."""
    both, decide, found = threading.Barrier(2), selling.decide, []

    def waiting(patience_s: float) -> list[type]:
        def slowly(*given):
            answer = decide(*given)
            found.append(type(answer))
            with suppress(threading.BrokenBarrierError):
                both.wait(patience_s)
            return answer

        monkeypatch.setattr(selling, "decide", slowly)
        return found

    return waiting


def pay(program: Program, card: GiftCard, cents: int, key: str = "") -> Answer:
    body = {"shop": "saint-denis", "receipt": "1", "code": card.code, "cents": cents}
    return program.post("/gift-cards/transact", body, key=key)


def answers(asking: list[Future]) -> list[int]:
    return sorted(one.result(PATIENCE_S).status for one in asking)


def left(card: GiftCard) -> int:
    return Account.objects.get(owner=card.fingerprint, kind=Kind.GIFT).balance


def test_of_two_who_want_the_last_euros_one_wins(program, card, beside, deciding) -> None:
    decided = deciding(1)
    assert answers([beside(pay, program, card, 2500) for _ in range(2)]) == [201, 409]
    assert decided == [Decided, Refusal]
    assert left(card) == 1500
    assert audit.faults(card.merchant_id) == []


@pytest.mark.postgresql
@pytest.mark.usefixtures("unlocked")
def test_without_the_merchants_row_both_would_be_let_pay(program, card, beside, deciding) -> None:
    """SQLite has one writer whatever we do."""
    decided = deciding(PATIENCE_S)
    for paying in [beside(pay, program, card, 2500) for _ in range(2)]:
        with suppress(IntegrityError):  # the numbers of the feed, which both wrote
            paying.result(PATIENCE_S)
    assert decided == [Decided, Decided]


def test_of_a_crowd_as_many_win_as_there_is_money(program, card, beside) -> None:
    asking = [beside(pay, program, card, 900) for _ in range(8)]
    assert answers(asking) == [201] * 4 + [409] * 4
    assert left(card) == 400
    assert audit.faults(card.merchant_id) == []


def test_the_same_request_at_once_is_done_once(program, card, beside) -> None:
    asking = [beside(pay, program, card, 1000, "a-1") for _ in range(6)]
    told = [one.result(PATIENCE_S) for one in asking]
    assert {one.status for one in told} == {201}
    assert len({one.body["id"] for one in told}) == 1
    assert left(card) == 3000
    assert JournalEntry.objects.filter(kind="sold").count() == 1


def test_a_token_counts_what_it_asks_in_every_process(program, beside, monkeypatch) -> None:
    monkeypatch.setattr(tokens, "MINUTE_S", 10**9)
    Token.objects.update(minute=1, asked=tokens.ASKED_A_MINUTE - 3)
    asking = [beside(program.get, "/shops") for _ in range(8)]
    assert answers(asking) == [200] * 3 + [429] * 5
