# SPDX-License-Identifier: Apache-2.0
"""Words fit the paper, and every letter is one that the printer has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.layout import CHARACTERS, printable, spread, wrapped


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Crème brûlée, 12,50 €", "Crème brûlée, 12,50 €"),
        ("Œuf de l’œuvre… « été »", "Oeuf de l'oeuvre... « été »"),
        ("1\u202f234,50\u00a0€", "1 234,50 €"),
        ("Łukasz Nguyễn", "?ukasz Nguyen"),
        ("un\ndeux\x1b@", "un deux?@"),
        ("日", "?"),
    ],
)
def test_what_the_printer_has_no_letter_for_is_spelt(written, printed):
    assert printable(written) == printed


@given(st.text(max_size=200))
def test_any_text_can_be_printed(text):
    assert "\x1b" not in printable(text)
    printable(text).encode(CHARACTERS)


@given(st.text(max_size=300), st.integers(2, 64))
def test_no_line_is_wider_than_the_paper(text, columns):
    assert all(len(line) <= columns for line in wrapped(text, columns))


@given(st.text(max_size=300), st.text(max_size=80), st.integers(8, 64))
def test_no_row_is_wider_than_the_paper(left, right, columns):
    assert all(len(line) <= columns for line in spread(left, right, columns))


def test_a_long_name_wraps_and_its_price_stays_on_the_first_line():
    assert spread("Pain de campagne au levain", "6,20 €", 22) == [
        "Pain de campagn 6,20 €",
        "e au levain",
    ] or spread("Pain de campagne au levain", "6,20 €", 22) == [
        "Pain de         6,20 €",
        "campagne au",
        "levain",
    ]
