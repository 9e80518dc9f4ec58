# SPDX-License-Identifier: Apache-2.0
"""Numbers on the wire stay as small as every JSON reader and every database holds exactly."""

import re
from typing import Final

LARGEST_NUMBER: Final = 2**53
"""Whole numbers stay below it."""

_LONG: Final = re.compile(rb"[:,\[\s-]\d{16}")


def may_hold_large(raw: bytes) -> bool:
    """Whether JSON may hold a number that large: only then it is read twice."""
    return _LONG.search(raw) is not None


def bound(value: object) -> None:
    """Look through what was read. Raises ValueError where a whole number is too large."""
    left = [value]
    while left:
        match left.pop():
            case int(number) if abs(number) >= LARGEST_NUMBER:
                raise ValueError("a number too large")
            case list(values):
                left += values
            case dict(named):
                left += named.values()
