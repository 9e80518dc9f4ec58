# SPDX-License-Identifier: Apache-2.0
"""What a person would hold in their hand after the printer got these bytes."""

from dataclasses import dataclass

from firmware.virtual.head import (
    CELL_WIDTH,
    WIDTH_DOTS,
    Bars,
    Cut,
    Line,
    Mark,
    Qr,
    Side,
    Unknown,
    marks,
)
from firmware.virtual.ink import draw

MOST_BYTES = 256 * 1024
"""A receipt has one or two thousand; what comes after is not read."""

_COLUMNS = WIDTH_DOTS // CELL_WIDTH


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt, read back from its ESC/POS bytes."""

    text: str
    png: bytes
    qr: tuple[str, ...]
    """What its QR codes say."""
    unknown: tuple[str, ...]
    """Commands that this printer does not know; a real one may print rubbish for them."""


def render(raw: bytes) -> Receipt:
    """All there is to know about what a printer was sent; never raises."""
    printed = _printed(raw)
    return Receipt(
        text(raw),
        png(raw),
        tuple(mark.content for mark in printed if isinstance(mark, Qr)),
        tuple(mark.command for mark in printed if isinstance(mark, Unknown)),
    )


def text(raw: bytes) -> str:
    """The words on the paper, each line where it stands between the edges; codes in brackets."""
    lines = (_words(mark) for mark in _printed(raw) if not isinstance(mark, Unknown))
    return "\n".join(lines).strip("\n")


def png(raw: bytes) -> bytes:
    """A picture of the paper: 640 dots wide, 8 a millimetre, transparent beyond its torn ends."""
    return draw(_printed(raw))


def _printed(raw: bytes) -> tuple[Mark, ...]:
    printed = tuple(marks(raw[:MOST_BYTES]))
    if printed and isinstance(printed[-1], Cut):
        return printed[:-1]  # the last cut is the edge of the paper
    return printed


def _words(mark: Mark) -> str:
    match mark:
        case Line(cells=cells, side=side):
            return _at("".join(character for character, _ in cells), side)
        case Qr(content=content, side=side):
            return _at(f"[QR {content}]", side)
        case Bars(digits=digits, side=side):
            return _at(f"[EAN-13 {digits}]", side)
        case Cut():
            return "- " * (_COLUMNS // 2)
        case _:
            return ""


def _at(words: str, side: Side) -> str:
    match side:
        case Side.LEFT:
            return words.rstrip()
        case Side.CENTRE:
            return words.center(_COLUMNS).rstrip()
        case Side.RIGHT:
            return words.rjust(_COLUMNS)
