# SPDX-License-Identifier: Apache-2.0
"""What goes on a receipt, before any printer is known."""

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum


class Align(StrEnum):
    """Where a block stands between the two edges."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Size(StrEnum):
    """How large words are printed."""

    NORMAL = "normal"
    LARGE = "large"
    """Twice as wide and twice as high."""


class Symbology(StrEnum):
    """How a code is drawn."""

    QR = "qr"
    EAN13 = "ean13"


@dataclass(frozen=True, slots=True)
class Text:
    """Words, wrapped at spaces when they are wider than the paper."""

    line: str
    _: KW_ONLY
    align: Align = Align.LEFT
    size: Size = Size.NORMAL
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Words on the left, a figure on the right: the words wrap, the figure never does."""

    left: str
    right: str
    _: KW_ONLY
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from edge to edge."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a scanner or a phone can read, centred."""

    content: str
    symbology: Symbology = Symbology.QR


@dataclass(frozen=True, slots=True)
class Feed:
    """White paper, in lines (1 to 255)."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of a slip: the printer feeds it past its blade and cuts."""


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """No ink: the drawer that is wired to the printer opens."""


Block = Text | Columns | Rule | Code | Feed | Cut | OpenDrawer


@dataclass(frozen=True, slots=True)
class Paper:
    """One receipt, from top to bottom."""

    blocks: tuple[Block, ...]
