# SPDX-License-Identifier: Apache-2.0
"""A token opens its merchant, what it was allowed and nothing else; what is wrong is said in words."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.merchants import tokens
from hub.merchants.tokens import ASKED_A_MINUTE, May, Token
from tests.hub.api.conftest import Program

CALLS = (
    ("get", "/shops", None),
    ("get", "/programme", None),
    ("get", "/customers", May.CUSTOMERS_READ),
    ("get", "/customers/x", May.CUSTOMERS_READ),
    ("get", "/customers/x/balance", May.CUSTOMERS_READ),
    ("post", "/customers", May.CUSTOMERS_WRITE),
    ("post", "/sales", May.SALES_WRITE),
    ("post", "/sales/x/refunds", May.SALES_REFUND),
    ("post", "/gift-cards/balance", May.GIFTCARDS_READ),
    ("post", "/gift-cards/transact", May.GIFTCARDS_SPEND),
    ("get", "/services", May.APPOINTMENTS_READ),
    ("get", "/appointments", May.APPOINTMENTS_READ),
    ("get", "/appointments/x", May.APPOINTMENTS_READ),
    ("post", "/appointments", May.APPOINTMENTS_WRITE),
    ("post", "/appointments/x/move", May.APPOINTMENTS_WRITE),
    ("post", "/appointments/x/cancel", May.APPOINTMENTS_WRITE),
    ("post", "/appointments/x/miss", May.APPOINTMENTS_WRITE),
)
"""Every operation, and what it needs."""


def test_every_operation_is_in_the_list_of_this_test(program):
    paths = program.get("/openapi.json").body["paths"]
    described = {
        (
            method,
            re.sub(r"{\w+}", "x", path.replace("/api/1", "")),
        )
        for path, operations in paths.items()
        for method in operations
    }
    assert described == {(method, path) for method, path, _ in CALLS}


@pytest.mark.parametrize(("method", "path", "may"), CALLS)
def test_without_a_token_nothing_is_answered(db, method, path, may):
    for secret, reason in (("", "no_token"), ("cpt_wrong", "bad_token")):
        told = getattr(Program(secret, Client()), method)(path)
        assert (told.status, told.reason) == (401, reason)
        assert told.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "may"), [call for call in CALLS if call[2]])
def test_a_token_that_may_everything_else_may_not_this(program_of, merchant, method, path, may):
    program = program_of(merchant, [one for one in May if one is not may])
    told = getattr(program, method)(path)
    assert (told.status, told.reason) == (403, "forbidden")
    assert told.body["facts"] == {"needs": may.value}


def test_a_revoked_token_opens_nothing(program, owner):
    assert program.get("/shops").status == 200
    tokens.revoke(Token.objects.get(), by_id=owner.pk)
    assert program.get("/shops").reason == "bad_token"
    assert Token.objects.get().revoked_by == owner


def test_the_secret_is_nowhere_in_the_database(program):
    token = Token.objects.get()
    assert program.secret.startswith(tokens.MARK)
    kept = [str(value) for value in Token.objects.values_list()[0]]
    assert not [value for value in kept if program.secret in value or program.secret[4:] in value]
    assert token.last4 == program.secret[-4:]


def test_when_a_token_was_last_used_is_known(program):
    assert Token.objects.get().used_at is None
    program.get("/shops")
    assert timezone.now() - Token.objects.get().used_at < timedelta(minutes=1)


def test_a_token_that_asks_too_often_waits_for_the_next_minute(merchant, owner):
    token, secret = tokens.make(merchant.pk, "Caisse", [], by_id=owner.pk)
    now = timezone.now().replace(second=20, microsecond=0)
    Token.objects.update(minute=int(now.timestamp()) // 60, asked=ASKED_A_MINUTE - 1)
    tokens.admit(secret, now=now)
    with pytest.raises(tokens.TooMany) as refused:
        tokens.admit(secret, now=now)
    assert refused.value.wait_s == 40
    tokens.admit(secret, now=now + timedelta(seconds=40))
    token.refresh_from_db()
    assert token.asked == 1


def test_who_asks_too_often_is_told_how_long_to_wait(program):
    program.get("/shops")
    Token.objects.update(asked=ASKED_A_MINUTE, minute=int(timezone.now().timestamp()) // 60)
    told = program.get("/shops")
    if told.status == 200:  # the minute was over
        Token.objects.update(asked=ASKED_A_MINUTE)
        told = program.get("/shops")
    assert (told.status, told.reason) == (429, "too_many")
    assert 1 <= int(told.headers["Retry-After"]) <= 60


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_wrong_is_said_in_the_callers_language(program):
    sentences = [
        program.post("/customers", {"shop": "x", "first_name": "A"}, language=language).body[
            "title"
        ]
        for language in ("fr", "en")
    ]
    assert sentences == ["Cette boutique n’existe pas ici.", "This shop is not here."]


def test_a_field_that_is_wrong_is_named(program):
    body = {"shop": "saint-denis", "first_name": "", "colour": "red"}
    told = program.post("/customers", body, language="en")
    assert (told.status, told.reason) == (422, "invalid")
    assert told.body["errors"] == [
        {"field": "body.first_name", "reason": "string_too_short", "detail": "This is too short."},
        {"field": "body.colour", "reason": "extra_forbidden", "detail": "There is no such field."},
    ]


def test_an_answer_is_in_letters_that_people_can_read(program):
    made = program.post("/customers", {"shop": "saint-denis", "first_name": "Élodie"})
    headers = {"Authorization": f"Bearer {program.secret}"}
    for path in (f"/api/1/customers/{made.body['id']}", "/api/1/customers"):
        assert "Élodie" in program.client.get(path, headers=headers).content.decode()
    assert "Il faut un jeton" in program.client.get("/api/1/shops").content.decode()


def test_what_is_no_json_is_told_so(program):
    answer = program.client.post(
        "/api/1/customers",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "1"},
    )
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["reason"] == "unreadable"
