# SPDX-License-Identifier: Apache-2.0
"""Rounding: half up to the cent, and parts that sum to their whole."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.money import half_up, share, spread
from tests.loyalty.strategies import OFTEN

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, 3),
        (-5, 2, -3),
        (4, 3, 1),
        (5, 3, 2),
        (1, 2, 1),
        (-1, 2, -1),
        (5, -2, -3),
        (0, 7, 0),
        (49, 100, 0),
        (50, 100, 1),
    ],
)
def test_a_half_goes_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@OFTEN
@given(AMOUNTS, AMOUNTS.filter(bool))
def test_rounding_is_never_off_by_more_than_a_half(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@OFTEN
@given(AMOUNTS, AMOUNTS.filter(bool))
def test_what_is_taken_back_mirrors_what_was_given(numerator: int, denominator: int) -> None:
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)


@pytest.mark.parametrize(
    ("cents", "rate_bp", "part"),
    [(1_999, 1_000, 200), (5, 1_000, 1), (4, 1_000, 0), (1_250, 550, 69), (100, 10_000, 100)],
)
def test_a_percentage_is_rounded_half_up_to_the_cent(cents: int, rate_bp: int, part: int) -> None:
    assert share(cents, rate_bp) == part


def test_ten_cents_over_three_equal_lines_give_the_odd_cent_to_the_first() -> None:
    assert spread(10, (1, 1, 1)) == (4, 3, 3)


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    assert spread(100, (333, 333, 334)) == (33, 33, 34)


def test_nothing_can_be_spread_over_nothing() -> None:
    with pytest.raises(ValueError):
        spread(1, (0, 0))
    assert spread(0, (0, 0)) == (0, 0)
    assert spread(0, ()) == ()


@OFTEN
@given(st.integers(0, 10**9), WEIGHTS.filter(any))
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)


@OFTEN
@given(st.integers(0, 10**9), WEIGHTS.filter(any))
def test_a_part_is_within_a_cent_of_its_fair_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(spread(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@OFTEN
@given(st.data(), WEIGHTS.filter(any))
def test_a_discount_takes_from_no_line_more_than_it_costs(
    data: st.DataObject, weights: list[int]
) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    assert all(0 <= p <= w for p, w in zip(spread(total, weights), weights, strict=True))
