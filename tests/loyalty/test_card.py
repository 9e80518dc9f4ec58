# SPDX-License-Identifier: Apache-2.0
"""Card codes: known EAN-13 numbers, damaged ones, and whatever a scanner may spit out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.card import BadCode, CardCode, check_digit, is_goods, issue, mask, read

PREFIXES = st.integers(0, 9_999).map(lambda n: f"2{n}")


@pytest.mark.parametrize(
    "code",
    [
        "4006381333931",  # the example of every textbook
        "9780201379624",  # a book
        "5901234123457",
        "3017620422003",  # a jar of hazelnut spread
        "2000000000008",
    ],
)
def test_the_check_digit_of_known_numbers(code: str) -> None:
    assert check_digit(code[:12]) == int(code[12])


@pytest.mark.parametrize(
    ("code", "goods"),
    [
        ("3017620422003", True),
        ("3017620422004", False),
        ("2000417004415", False),
        ("96385074", False),
        ("THEO-TAG-0001", False),
    ],
)
def test_goods_have_a_barcode_that_shops_do_not_make(code: str, goods: bool) -> None:
    assert is_goods(code) is goods


def test_a_card_of_ours_is_an_in_store_number_with_its_check_digit() -> None:
    assert issue("29", 0) == "2900000000001"
    assert read(issue("2912", 42)) == CardCode(issue("2912", 42), in_store=True)


@pytest.mark.parametrize("typed", ["29 0000 0000 001", "  2900000000001\r\n", "2900000000001\t"])
def test_spaces_around_and_inside_a_number_mean_nothing(typed: str) -> None:
    assert read(typed) == CardCode("2900000000001", in_store=True)


def test_a_damaged_digit_is_refused() -> None:
    assert read("2900000000002") is BadCode.CHECK_DIGIT


@given(PREFIXES, st.integers(0, 10**7 - 1), st.integers(0, 12), st.integers(1, 9))
def test_any_single_wrong_digit_of_a_card_of_ours_is_noticed(
    prefix: str, serial: int, place: int, by: int
) -> None:
    code = issue(prefix, serial)
    digit = str((int(code[place]) + by) % 10)
    damaged = code[:place] + digit + code[place + 1 :]
    if damaged[0] == "2":
        assert read(damaged) is BadCode.CHECK_DIGIT
    else:  # not in our range any more: it checks as any other maker's
        assert check_digit(damaged[:12]) != int(damaged[12])


@given(PREFIXES, st.integers(0, 10**7 - 1))
def test_every_number_issued_can_be_read(prefix: str, serial: int) -> None:
    code = issue(prefix, serial)
    assert len(code) == 13
    assert read(code) == CardCode(code, in_store=True)


@given(PREFIXES, st.sets(st.integers(0, 10**7 - 1), min_size=2, max_size=2))
def test_no_two_customers_get_the_same_number(prefix: str, serials: set[int]) -> None:
    assert len({issue(prefix, serial) for serial in serials}) == 2


@pytest.mark.parametrize("prefix", ["", "3", "12", "2x", "2²", "200000000000", "-2", " 2"])
def test_a_prefix_outside_the_in_store_range_is_an_error(prefix: str) -> None:
    with pytest.raises(ValueError):
        issue(prefix, 0)


@pytest.mark.parametrize("serial", [-1, 10])
def test_a_prefix_runs_out_of_numbers(serial: int) -> None:
    assert issue("29999999999", 9)
    with pytest.raises(ValueError):
        issue("29999999999", serial)


@pytest.mark.parametrize(
    "code",
    [
        "4006381333930",  # an EAN-13 that is not ours: its scanner has checked it, or nobody has
        "ABC-123",
        "https://cards.example/c/9f3",
        "04A2B31C",
        "Carte nº 12 €",
        "290000000000٢",  # an Arabic-Indic digit is no digit of an EAN
    ],
)
def test_any_other_symbology_is_taken_as_it_is(code: str) -> None:
    assert read(code) == CardCode(code, in_store=False)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", BadCode.EMPTY),
        (" \r\n\t ", BadCode.EMPTY),
        ("7" * 10_000, BadCode.TOO_LONG),
        ("A" * 65, BadCode.TOO_LONG),
        ("12\x0034", BadCode.UNREADABLE),
        ("\x1b[31mrouge", BadCode.UNREADABLE),
        ("12\ud80034", BadCode.UNREADABLE),
        ("12\u202e34", BadCode.UNREADABLE),
    ],
)
def test_what_is_no_code_at_all_is_named(raw: str, why: BadCode) -> None:
    assert read(raw) is why


def test_sixty_four_characters_are_a_code() -> None:
    assert read("A" * 64) == CardCode("A" * 64, in_store=False)


@given(st.text(max_size=200))
def test_no_reading_breaks_the_till(raw: str) -> None:
    match read(raw):
        case CardCode(text=text):
            assert 1 <= len(text) <= 64
            assert read(text) == read(raw)
            text.encode()  # can be stored and sent
        case BadCode():
            pass


def test_a_log_shows_the_last_four_characters_only() -> None:
    assert mask("2900000000001") == "…0001"
