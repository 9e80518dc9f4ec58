# SPDX-License-Identifier: Apache-2.0
"""What is left of a screen once it is laid out: marks to paint, places to touch, words to read."""

from dataclasses import dataclass, field
from typing import NamedTuple

from firmware.kiosk.theme import Tone
from firmware.till.tap import KioskTap, Tap


class Rect(NamedTuple):
    """A part of the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: float, y: float) -> bool:
        """Whether that point is in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def meets(self, other: "Rect") -> bool:
        """Whether the two share a pixel."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def around(self, other: "Rect") -> "Rect":
        """The smallest part that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Rect(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled or outlined rectangle, its corners round or not."""

    rect: Rect
    fill: Tone | None = None
    line: Tone | None = None
    line_px: int = 0
    radius_px: float = 0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text from `x` along `baseline`; `rect` is what it may cover."""

    rect: Rect
    x: float
    baseline: int
    text: str
    size_px: int
    weight: int
    tone: Tone
    tracking_px: float = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """An icon."""

    rect: Rect
    name: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Faint:
    """The merchant's emblem; `rect` is what is seen of it, `left` and `top` where it begins.

    A name of one character is that letter.
    """

    rect: Rect
    name: str
    size_px: int
    left: int
    top: int
    tone: Tone = Tone.EMBLEM


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of several colours."""

    rect: Rect
    name: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A merchant's photo; what can't be drawn is an icon in its middle."""

    rect: Rect
    content: bytes = field(repr=False)
    icon: str
    tone: Tone
    radius_px: float


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with its quiet zone."""

    rect: Rect
    content: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the bottom of a rounded box."""

    rect: Rect
    length_px: int
    radius_px: float
    tone: Tone


Mark = Panel | Words | Sign | Faint | Drawing | Likeness | Code | Bar


@dataclass(frozen=True, slots=True)
class Target:
    """Something that may be touched."""

    rect: Rect
    tap: Tap | KioskTap | None
    label: str
    kind: str
    enabled: bool
    ring: Tone
    """Drawn around it while a finger is on it."""
    radius_px: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that are no touch."""

    rect: Rect
    text: str


@dataclass(frozen=True, slots=True)
class Overflow:
    """Something did not fit: a fault of a screen, seen by the tests."""

    what: str
    by_px: float


@dataclass(frozen=True, slots=True)
class Arranged:
    """A screen laid out."""

    marks: tuple[Mark, ...]
    targets: tuple[Target, ...]
    readings: tuple[Reading, ...]
    overflows: tuple[Overflow, ...]
