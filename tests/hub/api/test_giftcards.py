# SPDX-License-Identifier: Apache-2.0
"""Paying with a gift card: all of it or nothing, once, and never by guessing a number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.api.models import Asked
from hub.api.once import KEPT
from hub.ledger import audit, listings
from hub.ledger.acts import create_gift_card
from hub.merchants.tokens import MISSED_A_MINUTE, Token
from loyalty.account import gift_of


@pytest.fixture
def card(shop):
    """One of 40 €."""
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    return create_gift_card(shop, cents=4000, **given)


def paying(card, cents: int = 2500, **more: object) -> dict[str, object]:
    return {"shop": "saint-denis", "receipt": "W-1", "code": card.code, "cents": cents} | more


def left(program, card) -> int:
    return program.post("/gift-cards/balance", {"code": card.code}, key=None).body["left_cents"]


def test_a_card_pays_in_part(program, card):
    told = program.post("/gift-cards/transact", paying(card))
    assert told.status == 201
    assert (told.body["cents"], told.body["left_cents"]) == (2500, 1500)
    assert told.body["last4"] == card.code[-4:]
    assert left(program, card) == 1500
    assert audit.faults(card.merchant_id) == []


def test_it_is_among_what_the_card_paid(program, card):
    program.post("/gift-cards/transact", paying(card))
    assert [use.moved for use in listings.gift_card_uses(card)] == [-2500, 4000]


def test_a_number_may_be_typed_as_people_read_it(program, card):
    spaced = " ".join(card.code[i : i + 4] for i in range(0, 13, 4)).lower()
    assert program.post("/gift-cards/transact", paying(card, code=spaced)).status == 201


def test_where_there_is_too_little_nothing_is_taken(program, card):
    told = program.post("/gift-cards/transact", paying(card, 4001))
    assert (told.status, told.reason) == (409, "not_enough")
    assert told.body["facts"] == {"kind": "gift", "needed": 4001, "have": 4000}
    assert left(program, card) == 4000


def test_what_a_till_is_about_to_use_is_not_free(program, card, till):
    till.send()
    till.ask(gift_of(card.fingerprint), 3000)
    told = program.post("/gift-cards/transact", paying(card))
    assert (told.status, told.reason) == (409, "not_here_now")
    assert program.post("/gift-cards/transact", paying(card, 1000)).status == 201


# ── the same again ──────────────────────────────────────────────────────────────────────────────


def test_the_same_key_and_request_is_done_once_and_answered_the_same(program, card):
    first = program.post("/gift-cards/transact", paying(card), key="a-1")
    again = program.post("/gift-cards/transact", paying(card), key="a-1")
    assert (first.status, first.body) == (again.status, again.body)
    assert left(program, card) == 1500


def test_a_refusal_is_answered_the_same_too(program, card):
    first = program.post("/gift-cards/transact", paying(card, 4001), key="a-1")
    create_more = program.post("/gift-cards/transact", paying(card, 4001), key="a-1")
    assert (first.status, first.body) == (create_more.status, create_more.body)
    assert create_more.headers["Content-Type"] == "application/problem+json"


def test_the_same_key_with_another_request_is_refused(program, card):
    program.post("/gift-cards/transact", paying(card), key="a-1")
    told = program.post("/gift-cards/transact", paying(card, 2501), key="a-1")
    assert (told.status, told.reason) == (422, "key_reused")
    sale = {
        "shop": "saint-denis",
        "receipt": "W-1",
        "lines": [{"label": "Pain", "unit_cents": 2500}],
    }
    assert program.post("/sales", sale, key="a-1").reason == "key_reused"
    assert left(program, card) == 1500


def test_a_key_of_another_merchant_is_another_key(program, card, stranger, program_of):
    program.post("/gift-cards/transact", paying(card), key="a-1")
    other = program_of(stranger.terminal.merchant)
    told = other.post("/gift-cards/transact", paying(card, shop="le-port"), key="a-1")
    assert (told.status, told.reason) == (404, "gift_unknown")


def test_a_request_that_lacked_something_may_be_put_right_under_its_key(program, card):
    assert program.post("/gift-cards/transact", paying(card, shop="x"), key="a-1").status == 404
    assert program.post("/gift-cards/transact", paying(card), key="a-1").status == 201


def test_without_a_key_nothing_is_done(program, card):
    told = program.post("/gift-cards/transact", paying(card), key=None)
    assert told.status == 422
    assert told.body["errors"][0]["field"] == "header.Idempotency-Key"
    assert left(program, card) == 4000


def test_keys_are_forgotten_after_a_month(program, card):
    program.post("/gift-cards/transact", paying(card, 100), key="a-1")
    Asked.objects.update(at=timezone.now() - KEPT - timedelta(seconds=1))
    program.post("/gift-cards/transact", paying(card, 100), key="a-2")
    assert list(Asked.objects.values_list("key", flat=True)) == ["a-2"]


# ── guessing ────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_number_is_refused_in_one_way(program, card):
    for wrong in ("000000000000", "x", card.code[:-1]):
        told = program.post("/gift-cards/transact", paying(card, code=wrong))
        assert (told.status, told.reason) == (404, "gift_unknown")
        assert told.body["facts"] == {}


def test_a_blocked_or_expired_card_is_refused_as_if_it_were_unknown(program, card):
    card.blocked_at = timezone.now()
    card.save()
    for way, asked in (("transact", paying(card)), ("balance", {"code": card.code})):
        key = {} if way == "transact" else {"key": None}
        told = program.post(f"/gift-cards/{way}", asked, **key)
        assert (told.status, told.reason) == (404, "gift_unknown")
    card.blocked_at, card.expires_on = None, timezone.localdate() - timedelta(days=1)
    card.save()
    assert program.post("/gift-cards/transact", paying(card), key="again").status == 404


def test_whoever_guesses_has_to_wait(program, card):
    """SPEC H6: ten tries a minute, then a pause, for the right number too."""
    for n in range(MISSED_A_MINUTE):
        assert program.post("/gift-cards/balance", {"code": f"{n:012d}"}, key=None).status == 404
    told = program.post("/gift-cards/transact", paying(card))
    assert (told.status, told.reason) == (429, "too_many")
    assert 1 <= int(told.headers["Retry-After"]) <= 60
    sale = {
        "shop": "saint-denis",
        "receipt": "W-1",
        "lines": [{"label": "Pain", "unit_cents": 2500}],
    }
    gifts = [{"code": card.code, "cents": 100}]
    assert program.post("/sales", sale | {"gifts": gifts}).status == 429
    assert program.post("/sales", sale).status == 201, "a sale without a card goes on"
    Token.objects.update(minute=0)
    assert program.post("/gift-cards/transact", paying(card)).status == 201
