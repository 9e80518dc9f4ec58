# SPDX-License-Identifier: Apache-2.0
"""Over HTTP a board is answered or told in a word why not, and guessing soon ends."""

import pytest
from django.test import Client

from hub.merchants import claims, tries
from hub.merchants.models import Terminal
from loyalty import claim
from tests.hub.merchants.test_claims import NAME, asked

ADDRESS = "/api/1/enrol"


def post(body: bytes, **more: str):
    # a browser's page of elsewhere would send no token either: there is no cookie to misuse
    client = Client(enforce_csrf_checks=True, **more)
    return client.post(ADDRESS, body, content_type="application/octet-stream")


def test_a_board_with_a_code_is_answered(shop):
    code = claims.make(shop, NAME)
    question = asked(code)
    answer = post(question)
    assert answer.status_code == 200
    assert claim.read_answer(claim.claim(code), question, answer.content)["terminal"] == NAME


def test_one_that_is_turned_away_hears_why(shop):
    code = claims.make(shop, NAME)
    post(asked(code))
    again = post(asked(code))
    assert (again.status_code, again.json()) == (403, {"refused": "used"})
    wrong = post(asked("0000-0000-0000"))
    assert (wrong.status_code, wrong.json()) == (403, {"refused": "unknown"})


def test_garbage_of_any_size_is_turned_away(db):
    for body in (b"", b"\0" * 10, b"x" * (claim.LARGEST + 5000)):
        assert post(body).status_code == 403
    assert Client().get(ADDRESS).status_code == 405


def test_who_guesses_is_stopped_and_others_are_not(shop):
    for _ in range(tries.LIMITS[tries.What.ENROL][tries.Of.ADDRESS].most):
        post(asked("0000-0000-0000"))
    code = claims.make(shop, NAME)
    stopped = post(asked(code))
    assert (stopped.status_code, stopped.json()) == (429, {"refused": "slow"})
    assert not Terminal.objects.exists()
    assert post(asked(code), REMOTE_ADDR="192.0.2.9").status_code == 200


@pytest.mark.parametrize("reason", list(claims.Reason))
def test_a_reason_is_one_word(reason):
    assert reason.value.isalpha()
