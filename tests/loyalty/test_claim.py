# SPDX-License-Identifier: Apache-2.0
"""A claim code is easy to type, hard to guess, and proves itself in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import claim
from loyalty.claim import BadCode, Claim, Forged

OURS = claim.claim("ABCD-EFGH-JKMN")
OTHER = Claim(OURS.name, bytes(32))
FACTS = {"csr": "…", "hw_id": "b" * 64}


@given(st.integers(0, 2**60 - 1))
def test_a_code_is_three_groups_of_four(random: int) -> None:
    made = claim.code(random)
    assert [len(group) for group in made.split("-")] == [4, 4, 4]
    assert not set(made) & set("ILOU")


def test_codes_are_as_many_as_their_random_bits() -> None:
    assert claim.code(0) == "0000-0000-0000"
    assert claim.code(2**60 - 1) == "ZZZZ-ZZZZ-ZZZZ"
    assert len({claim.code(1 << bit) for bit in range(60)}) == 60


def test_a_hand_may_type_it_as_it_likes() -> None:
    assert claim.claim(" abcd efgh-jkmn") == OURS
    assert claim.claim("0000-0000-0011") == claim.claim("oooo oooo ooil")
    assert claim.claim("ABCD-EFGH-JKMP") != OURS


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH", "ABCD-EFGH-JKMN-P", "ABCD-EFGH-JKMU"])
def test_what_is_no_code_is_said_so(typed: str) -> None:
    with pytest.raises(BadCode):
        claim.claim(typed)


def test_both_sides_understand_each_other() -> None:
    asked = claim.ask(OURS, FACTS, nonce=bytes(12))
    assert claim.name_of(asked) == OURS.name
    assert claim.read_ask(OURS.key, asked) == FACTS
    answered = claim.answer(OURS.key, asked, {"terminal": "x"}, nonce=bytes([1] * 12))
    assert claim.read_answer(OURS, asked, answered) == {"terminal": "x"}


def test_the_code_never_travels_nor_what_is_said() -> None:
    asked = claim.ask(OURS, FACTS, nonce=bytes(12))
    assert OURS.key not in asked
    assert b"ABCD" not in asked
    assert b"hw_id" not in asked


def test_who_does_not_know_the_code_is_not_believed() -> None:
    asked = claim.ask(OTHER, FACTS, nonce=bytes(12))
    with pytest.raises(Forged):
        claim.read_ask(OURS.key, asked)
    honest = claim.ask(OURS, FACTS, nonce=bytes(12))
    with pytest.raises(Forged):
        claim.read_answer(OURS, honest, claim.answer(OTHER.key, honest, {}, nonce=bytes(12)))


def test_an_answer_is_to_one_question_and_no_question() -> None:
    asked = claim.ask(OURS, FACTS, nonce=bytes(12))
    again = claim.ask(OURS, FACTS, nonce=bytes([7] * 12))
    answered = claim.answer(OURS.key, asked, FACTS, nonce=bytes([1] * 12))
    with pytest.raises(Forged):
        claim.read_answer(OURS, again, answered)
    with pytest.raises(Forged):
        claim.read_ask(OURS.key, bytes(16) + answered)


@pytest.mark.parametrize("asked", [b"", bytes(40), bytes(claim.LARGEST + 100)])
def test_garbage_is_forged(asked: bytes) -> None:
    with pytest.raises(Forged):
        claim.read_ask(OURS.key, asked)


@pytest.mark.parametrize("facts", [["a"], {"a": 1}, {"a": {"b": "c"}}])
def test_only_plain_facts_are_taken(facts: object) -> None:
    asked = claim.ask(OURS, facts, nonce=bytes(12))  # type: ignore[arg-type]
    with pytest.raises(Forged):
        claim.read_ask(OURS.key, asked)
