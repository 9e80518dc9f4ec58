# SPDX-License-Identifier: Apache-2.0
"""The type scale: how large, how bold and how tight each kind of words is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What words are for; their size follows (LOOK 4)."""

    SECOND = "second"
    """The smallest allowed."""
    BADGE = "badge"
    CHOICE = "choice"
    TEXT = "text"
    SHOP = "shop"
    """The merchant's name on the front."""
    STRONG = "strong"
    TITLE = "title"
    KEY = "key"
    TOTAL = "total"
    CLOCK = "clock"
    FRONT = "front"
    AMOUNT = "amount"
    POINTS = "points"
    EARNED = "earned"


@dataclass(frozen=True, slots=True)
class Letters:
    """How a role is drawn. Sizes are in units: a pixel of the 800×480 panel."""

    landscape: float
    portrait: float
    weight: int
    leading: float
    """Height of a line, in sizes."""
    large: float
    """Size where large text is on, at least."""

    def size(self, *, portrait: bool, large: bool) -> float:
        """The size in units on this panel."""
        size = self.portrait if portrait else self.landscape
        return max(size, self.large) if large else size


LETTERS: Final[Mapping[Role, Letters]] = {
    Role.SECOND: Letters(20, 20, 500, 1.2, 24),
    Role.BADGE: Letters(21, 21, 600, 1.05, 24),
    Role.CHOICE: Letters(22, 22, 500, 1.2, 25),
    Role.TEXT: Letters(24, 24, 500, 1.2, 28),
    Role.SHOP: Letters(26, 26, 700, 1.05, 30),
    Role.STRONG: Letters(30, 30, 600, 1.2, 36),
    Role.TITLE: Letters(40, 44, 600, 1.05, 44),
    Role.KEY: Letters(40, 40, 600, 1.2, 44),
    Role.TOTAL: Letters(40, 40, 700, 1.02, 44),
    Role.CLOCK: Letters(56, 56, 600, 0.82, 56),
    Role.FRONT: Letters(64, 70, 600, 0.98, 64),
    Role.AMOUNT: Letters(84, 100, 600, 0.82, 84),
    Role.POINTS: Letters(150, 170, 600, 0.82, 150),
    Role.EARNED: Letters(170, 200, 600, 0.82, 170),
}

TIGHT_FROM: Final = 40
"""From this size in units, letters are set tighter: at their own distance they fall apart."""

TRACKING: Final = -0.02
"""So much tighter, in sizes."""

ASCENT: Final = 1.0
DESCENT: Final = 0.303
"""Of Hanken Grotesk, in sizes; a line's box is centred on them, as in a browser."""
