# SPDX-License-Identifier: Apache-2.0
"""What screens are made of: frozen values that say what is shown and what a touch asks.

Lengths are in units: a pixel of the 800×480 panel, a pixel and a half of the 720×1280 one, so that
things have the same size in millimetres on both.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, TypedDict, TypeVar, Unpack

from firmware.kiosk.scale import Role
from firmware.kiosk.text import Speech
from firmware.kiosk.theme import Tone
from firmware.till.outcome import Outcome
from firmware.till.tap import KioskTap, Tap


class Pointing(StrEnum):
    """Where the scanner is, seen from the screen."""

    BELOW = "below"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Ctx:
    """Everything a screen is told besides the outcome."""

    speech: Speech
    portrait: bool = False
    large: bool = False
    """Large text: second lines go first."""
    sharp: bool = False
    """High contrast."""
    page: int = 0
    """How often `TurnPage` was touched on this screen."""
    away: bool = False
    """A scanner is unplugged."""
    pointing: Pointing = Pointing.BELOW
    emblem: str = ""
    """One of ours by name; empty: the merchant's initial."""

    def t(self, sentence: str, **facts: object) -> str:
        """A sentence of the interface in the language on the screen."""
        return self.speech.t(sentence, **facts)

    def n(self, one: str, many: str, count: int, **facts: object) -> str:
        """A sentence that counts; `{n}` in it is the count, written out."""
        return self.speech.n(one, many, count, **facts)

    def money(self, cents: int, *, short: bool = False, signed: bool = False) -> str:
        """An amount of money; `short` leaves out cents that are 0, `signed` writes its plus."""
        return self.speech.money(cents, short=short, signed=signed)

    def number(self, value: int, *, signed: bool = False) -> str:
        """A whole number; `signed` writes its plus."""
        return self.speech.number(value, signed=signed)

    def day(self, day: date, *, short: bool = False) -> str:
        """A day without its year."""
        return self.speech.day(day, short=short)

    def clock(self, at: datetime) -> str:
        """The time of day."""
        return self.speech.clock(at)


# ── what a screen is made of ────────────────────────────────────────────────────────────────────


class Align(StrEnum):
    """Where something stands along one axis."""

    START = "start"
    CENTRE = "centre"
    END = "end"
    STRETCH = "stretch"
    BETWEEN = "between"
    """Of several: the first at the start, the last at the end."""


class Axis(StrEnum):
    """How the children of a box follow each other."""

    DOWN = "down"
    ACROSS = "across"
    OVER = "over"
    """One on top of the other."""


class Pad(NamedTuple):
    """Room inside a box, clockwise from the top."""

    top: float = 0
    right: float = 0
    bottom: float = 0
    left: float = 0


class Line(NamedTuple):
    """A stroke along an edge."""

    width: float
    tone: Tone = Tone.INK


NO_PAD: Final = Pad()
HAIR: Final = Line(1, Tone.RULE)
"""Splits rows; says nothing."""
OUTLINE: Final = Line(2)
HEAD: Final = Line(3)
"""What a list hangs from."""


@dataclass(frozen=True, slots=True)
class Node:
    """Anything on a screen."""

    _: KW_ONLY
    grow: float = 0
    """Share of the room that is left over along its parent's axis."""
    optional: bool = False
    """Goes first where there is not room for everything."""


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words."""

    text: str
    role: Role = Role.TEXT
    _: KW_ONLY
    tone: Tone = Tone.INK
    weight: int = 0
    """0: the role's."""
    lines: int = 1
    """At most so many; one never wraps."""
    clip: bool = False
    """A name: ends in … where it does not fit. Our own words always fit."""
    tail: bool = False
    """Something being typed: where it does not fit, its end is what is seen."""
    align: Align = Align.START
    balance: bool = False
    """Lines of about the same length."""
    leading: float = 0
    """0: the role's."""


@dataclass(frozen=True, slots=True)
class Icon(Node):
    """A sign of ours, in one colour."""

    name: str
    _: KW_ONLY
    size: float = 28.8
    tone: Tone = Tone.INK


@dataclass(frozen=True, slots=True)
class Emblem(Node):
    """The merchant's sign, huge and faint, cut off at the edges of the box it is in."""

    name: str
    _: KW_ONLY
    size: float
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Picture(Node):
    """A drawing of ours in several colours."""

    name: str
    _: KW_ONLY
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Photo(Node):
    """A merchant's small picture, a square with round corners, never behind words."""

    content: bytes = field(repr=False)
    """JPEG; what can't be drawn is the icon instead."""
    icon: str
    _: KW_ONLY
    size: float
    tone: Tone = Tone.INK
    """Of the icon."""


@dataclass(frozen=True, slots=True)
class Qr(Node):
    """A code for phones, dark on white in every theme: some phones read no other."""

    content: str
    _: KW_ONLY
    size: float


@dataclass(frozen=True, slots=True)
class Meter(Node):
    """A bar along the bottom of a badge: how far it is."""

    share: float
    _: KW_ONLY
    height: float = 5
    radius: float = 8
    tone: Tone = Tone.SHOP


@dataclass(frozen=True, slots=True)
class Leave(Node):
    """How long this screen still stays."""

    seconds_left: int
    of_s: int = 15
    _: KW_ONLY
    height: float = 8


@dataclass(frozen=True, slots=True)
class Space(Node):
    """Nothing, so large."""

    size: float = 0


@dataclass(frozen=True, slots=True)
class Box(Node):
    """Children in a row, a column or a pile, with its own ground, and perhaps a touch."""

    children: "tuple[Widget, ...]" = ()
    _: KW_ONLY
    axis: Axis = Axis.DOWN
    gap: float = 0
    pad: Pad = NO_PAD
    main: Align = Align.START
    cross: Align = Align.STRETCH
    width: float | None = None
    height: float | None = None
    least: float = 0
    """Height at least."""
    even: bool = False
    """Grows from nothing instead of from its content, so that neighbours are equal; in a column it
    takes the room there is, even if its content wants more."""
    fill: Tone | None = None
    line: Line | None = None
    """Around it."""
    top: Line | None = None
    right: Line | None = None
    bottom: Line | None = None
    left: Line | None = None
    radius: float = 0
    tap: Tap | KioskTap | None = None
    label: str = ""
    """What the touch does, in words, also where only an icon is seen."""
    kind: str = ""
    """What it is to a program that reads the screen."""
    enabled: bool = True


Widget = Text | Icon | Emblem | Picture | Photo | Qr | Meter | Leave | Space | Box


class Boxed(TypedDict, total=False):
    """What may be said of a box besides its children, its axis and its gap."""

    grow: float
    optional: bool
    pad: Pad
    main: Align
    width: float | None
    height: float | None
    least: float
    even: bool
    fill: Tone | None
    line: Line | None
    top: Line | None
    right: Line | None
    bottom: Line | None
    left: Line | None
    radius: float
    tap: Tap | KioskTap | None
    label: str
    kind: str
    enabled: bool


def row(
    *children: Widget | None,
    gap: float = 0,
    cross: Align = Align.CENTRE,
    **more: Unpack[Boxed],
) -> Box:
    """Children from left to right; None is left out."""
    return Box(_real(children), axis=Axis.ACROSS, gap=gap, cross=cross, **more)


def column(
    *children: Widget | None,
    gap: float = 0,
    cross: Align = Align.STRETCH,
    **more: Unpack[Boxed],
) -> Box:
    """Children from top to bottom; None is left out."""
    return Box(_real(children), axis=Axis.DOWN, gap=gap, cross=cross, **more)


def pile(*children: Widget | None, **more: Unpack[Boxed]) -> Box:
    """Children one on top of the other, each as large as the pile; None is left out."""
    return Box(_real(children), axis=Axis.OVER, **more)


def spring() -> Space:
    """Takes the room that is left."""
    return Space(grow=1)


def walk(widget: Widget) -> Iterator[Widget]:
    """A widget and all that is in it, in reading order."""
    yield widget
    if isinstance(widget, Box):
        for child in widget.children:
            yield from walk(child)


def _real(children: tuple[Widget | None, ...]) -> tuple[Widget, ...]:
    return tuple(child for child in children if child is not None)


# ── which function shows what ───────────────────────────────────────────────────────────────────

O = TypeVar("O", bound=Outcome)  # noqa: E741 - the outcome that a screen shows


@dataclass(frozen=True, slots=True)
class Screen:
    """A function from an outcome to widgets, and outcomes that show all it can look like."""

    name: str
    show: Callable[[Outcome, Ctx], Widget]
    examples: Mapping[str, Outcome]


_screens: dict[type[Outcome], Screen] = {}
SCREENS: Final[Mapping[type[Outcome], Screen]] = MappingProxyType(_screens)
"""One screen for each type of outcome; filled by importing `firmware.kiosk.screens`."""


def screen(
    shows: type[O], *, examples: Mapping[str, O]
) -> Callable[[Callable[[O, Ctx], Widget]], Callable[[O, Ctx], Widget]]:
    """Make a function the screen of an outcome."""

    def registered(show: Callable[[O, Ctx], Widget]) -> Callable[[O, Ctx], Widget]:
        if shows in _screens:
            message = f"{shows.__name__} has a screen already"
            raise TypeError(message)
        _screens[shows] = Screen(show.__name__, show, examples)  # type: ignore[arg-type]
        return show

    return registered
