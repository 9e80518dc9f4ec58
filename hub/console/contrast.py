# SPDX-License-Identifier: Apache-2.0
"""How well one colour reads on another, as WCAG counts it: a merchant may choose any colour."""

from typing import Final

WHITE, INK = "#FFFFFF", "#15231E"
READABLE: Final = 4.5
"""What words need at least."""
_KNEE: Final = 0.03928


def contrast(one: str, other: str) -> float:
    """Contrast of two colours written #RRGGBB, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= _KNEE else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(p * share for p, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
