# SPDX-License-Identifier: Apache-2.0
"""Integer money, points and the only three places where something is rounded."""

from collections.abc import Sequence
from typing import Final, NewType

Cents = NewType("Cents", int)
"""Euro cents."""

BasisPoints = NewType("BasisPoints", int)
"""A hundredth of a percent: 1,000 is 10 %."""

WHOLE_BP: Final = BasisPoints(10_000)

LARGEST_CENTS: Final = Cents(9_999_999)
"""No line, order or gift card of a small shop is above 99,999.99 €: more is a typing error."""


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round half away from zero, as a cash register does."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator)))


def share(amount_cents: int, rate_bp: int) -> Cents:
    """The given part of an amount, half up to the cent."""
    return Cents(half_up(amount_cents * rate_bp, WHOLE_BP))


def spread(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split a total by weights so that the parts sum to it (largest remainder, first wins ties).

    Args:
        total: what to split, 0 or more.
        weights: 0 or more each; if all are 0 there is nothing to carry the total.

    Raises:
        ValueError: the weights are all 0 while the total is not.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            message = "nothing to spread the total over"
            raise ValueError(message)
        return tuple(0 for _ in weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)
