# SPDX-License-Identifier: Apache-2.0
"""Gift-card numbers: hard to guess, easy to read out, checked where ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.giftcard import (
    ALPHABET,
    damaged,
    fingerprint,
    normalise,
    number,
    ours,
    plausible,
    spaced,
)

RANDOM = st.integers(0, (1 << 60) - 1)


@given(RANDOM)
def test_a_number_is_thirteen_unambiguous_characters(random: int) -> None:
    code = number(random)
    assert len(code) == 13
    assert set(code) <= set(ALPHABET)
    assert plausible(code)
    assert not damaged(code)


@given(RANDOM)
def test_a_number_of_ours_is_known_by_its_form(random: int) -> None:
    code = number(random)
    assert ours(code) is not code.isdecimal()
    assert not ours(code[:-1])


@pytest.mark.parametrize("code", ["2000417004415", "3760123456785", "0000000000000", "UNKNOWN"])
def test_a_customer_s_card_has_not_the_form_of_a_gift_card(code: str) -> None:
    assert not ours(code)


@given(st.sets(RANDOM, min_size=2, max_size=2))
def test_two_chances_make_two_numbers(chances: set[int]) -> None:
    assert len({number(chance)[:-1] for chance in chances}) == 2


@pytest.mark.parametrize("random", [-1, 1 << 60])
def test_a_number_needs_sixty_bits(random: int) -> None:
    with pytest.raises(ValueError):
        number(random)


@given(RANDOM)
def test_a_number_read_out_with_spaces_dashes_and_small_letters_is_the_same(random: int) -> None:
    code = number(random)
    assert normalise(spaced(code)) == code
    assert normalise(f" {spaced(code).lower().replace(' ', '-')}\r\n") == code


@given(RANDOM)
def test_letters_that_a_hand_confuses_are_read_as_digits(random: int) -> None:
    code = number(random)
    assert normalise(code.replace("0", "O").replace("1", "l")) == code
    assert normalise(code.replace("1", "I")) == code


@given(RANDOM, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(random: int, place: int, wrong: str) -> None:
    code = number(random)
    typed = code[:place] + wrong + code[place + 1 :]
    if wrong != code[place]:
        assert damaged(typed)


@given(RANDOM, st.integers(0, 11))
def test_two_neighbours_swapped_are_noticed(random: int, place: int) -> None:
    code = number(random)
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if typed != code:
        assert damaged(typed)


@pytest.mark.parametrize("code", ["", "12345678901", "7" * 10_000])
def test_what_is_too_short_or_absurd_is_no_gift_card(code: str) -> None:
    assert not plausible(normalise(code))


def test_a_number_of_another_maker_is_never_called_damaged() -> None:
    assert not damaged("6280043210000000")
    assert not damaged("")


@given(st.text(max_size=100))
def test_whatever_is_typed_can_be_looked_up(typed: str) -> None:
    code = normalise(typed)
    assert normalise(code) == code
    assert len(fingerprint(b"key", code)) == 32


def test_a_fingerprint_depends_on_the_key_and_on_every_character() -> None:
    one = fingerprint(b"key", "4000123412341")
    assert one == fingerprint(b"key", "4000123412341")
    assert one != fingerprint(b"another", "4000123412341")
    assert one != fingerprint(b"key", "4000123412342")
    assert "2341" not in one
