# SPDX-License-Identifier: Apache-2.0
"""A receipt printer's head: from the ESC/POS bytes on its cable to marks on its paper."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

WIDTH_DOTS: Final = 576
"""What 80 mm printers can print on, at 8 dots a millimetre."""

CELL_WIDTH: Final = 12
CELL_HEIGHT: Final = 24
"""One character of font A, in dots."""

MOST_DOTS: Final = 24_000
"""Three metres of paper; what comes after is not drawn."""

_LINE_DOTS: Final = 30
_TAB: Final = 8
_SPACE: Final = 0x20
_LARGEST_MODULE: Final = 16
_CODE_TABLES: Final = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}
_EAN13: Final = (2, 67)
_LAST_FUNCTION_A: Final = 6


class Side(StrEnum):
    """Where a mark stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """How a character is struck; width and height are multiples."""

    width: int = 1
    height: int = 1
    bold: bool = False
    underline: bool = False
    invert: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one baseline."""

    cells: tuple[tuple[str, Style], ...]
    side: Side
    dots: int


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code drawn by the printer itself."""

    content: str
    level: str
    module_dots: int
    side: Side


@dataclass(frozen=True, slots=True)
class Bars:
    """An EAN-13 drawn by the printer itself."""

    digits: str
    bar_dots: int
    height_dots: int
    with_digits: bool
    side: Side


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots sent one by one, eight in a byte, a set bit is black."""

    width_dots: int
    height_dots: int
    data: bytes
    side: Side


@dataclass(frozen=True, slots=True)
class Gap:
    """White paper."""

    dots: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The blade came down."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command this printer does not know, in hexadecimal. A real one may print rubbish."""

    command: str


Mark = Line | Qr | Bars | Picture | Gap | Cut | Unknown


def marks(raw: bytes) -> Iterator[Mark]:
    """What the printer does with these bytes, in order; a command cut short does nothing."""
    head = _Head(raw)
    try:
        while True:
            yield from head.step()
    except EOFError:
        yield from head.end_line(feed=False)


class _Head:
    """Reads its cable byte by byte, and keeps what the printer's memory keeps."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0
        self._reset()

    def step(self) -> Iterator[Mark]:
        """Obey the next character or command.

        Raises:
            EOFError: the cable is silent.
        """
        first = self._byte()
        match first:
            case 0x0A:
                yield from self.end_line()
            case 0x09:
                for _ in range(_TAB - len(self._cells) % _TAB):
                    yield from self._strike(" ")
            case 0x10:  # DLE EOT: a question, answered elsewhere
                self._take(2)
            case 0x1B:
                yield from self._escape()
            case 0x1C:  # FS: Chinese characters, switched off by python-escpos
                self._byte()
            case 0x1D:
                yield from self._group()
            case _ if first >= _SPACE:
                yield from self._strike(bytes([first]).decode(self._table, errors="replace"))

    def end_line(self, *, feed: bool = True) -> Iterator[Mark]:
        """Print what stands in the buffer; an empty line is fed only when asked."""
        if self._cells:
            tallest = max(style.height for _, style in self._cells)
            dots = max(self._spacing, tallest * CELL_HEIGHT + self._spacing - CELL_HEIGHT)
            yield Line(tuple(self._cells), self._side, dots)
            self._cells.clear()
        elif feed:
            yield Gap(self._spacing)

    def _reset(self) -> None:
        self._style = Style()
        self._side = Side.LEFT
        self._table = _CODE_TABLES[0]
        self._spacing = _LINE_DOTS
        self._cells: list[tuple[str, Style]] = []
        self._bar_dots, self._bar_height, self._bar_digits = 3, 162, False
        self._qr_dots, self._qr_level, self._qr_content = 3, "L", ""

    def _strike(self, character: str) -> Iterator[Mark]:
        used = sum(style.width for _, style in self._cells)
        if (used + self._style.width) * CELL_WIDTH > WIDTH_DOTS:
            yield from self.end_line()
        self._cells.append((character, self._style))

    def _escape(self) -> Iterator[Mark]:
        command = self._byte()
        match chr(command):
            case "@":
                self._reset()
            case "a":
                self._side = tuple(Side)[self._byte() % 48 % 3]
            case "E" | "G":
                self._style = replace(self._style, bold=bool(self._byte() & 1))
            case "-":
                self._style = replace(self._style, underline=bool(self._byte() & 3))
            case "!":
                mode = self._byte()
                self._style = replace(
                    self._style,
                    width=2 if mode & 0x20 else 1,
                    height=2 if mode & 0x10 else 1,
                    bold=bool(mode & 0x08),
                    underline=bool(mode & 0x80),
                )
            case "t":
                self._table = _CODE_TABLES.get(self._byte(), _CODE_TABLES[0])
            case "d":
                lines = self._byte() - bool(self._cells)
                yield from self.end_line(feed=False)
                yield Gap(max(lines, 0) * self._spacing)
            case "J":
                yield from self.end_line(feed=False)
                yield Gap(self._byte())
            case "2":
                self._spacing = _LINE_DOTS
            case "3":
                self._spacing = max(self._byte(), CELL_HEIGHT)
            case "M":  # font B is not drawn smaller
                self._byte()
            case "p":  # the drawer opens: nothing on paper
                self._take(3)
            case _:
                yield Unknown(f"1B {command:02X}")

    def _group(self) -> Iterator[Mark]:
        command = self._byte()
        match chr(command):
            case "!":
                size = self._byte()
                width, height = 1 + (size >> 4 & 7), 1 + (size & 7)
                self._style = replace(self._style, width=width, height=height)
            case "B":
                self._style = replace(self._style, invert=bool(self._byte() & 1))
            case "h":
                self._bar_height = self._byte()
            case "w":
                self._bar_dots = self._byte()
            case "H":
                self._bar_digits = self._byte() % 48 > 0
            case "f" | "r":
                self._byte()
            case "V":
                if self._byte() in (65, 66):
                    self._byte()
                yield from self.end_line(feed=False)
                yield Cut()
            case "v":
                yield from self._raster()
            case "k":
                yield from self._barcode()
            case "(":
                yield from self._extended()
            case _:
                yield Unknown(f"1D {command:02X}")

    def _raster(self) -> Iterator[Mark]:
        _, _, width_bytes, height = self._byte(), self._byte(), self._word(), self._word()
        data = self._take(width_bytes * height)
        yield from self.end_line(feed=False)
        yield Picture(width_bytes * 8, height, data, self._side)

    def _barcode(self) -> Iterator[Mark]:
        kind = self._byte()
        if kind > _LAST_FUNCTION_A:  # function B says its length, function A ends with a zero
            data = self._take(self._byte())
        else:
            data = self._take(max(self._raw.find(0, self._at) - self._at, 0))
            self._byte()
        yield from self.end_line(feed=False)
        if kind in _EAN13 and data.isdigit() and len(data) in (12, 13):
            yield Bars(
                data.decode(), self._bar_dots, self._bar_height, self._bar_digits, self._side
            )
        else:
            yield Unknown(f"1D 6B {kind:02X}")

    def _extended(self) -> Iterator[Mark]:
        family, data = self._byte(), self._take(self._word())
        value = next(iter(data[2:]), 0)
        match family, data[:2]:
            case 0x6B, b"1C":
                self._qr_dots = min(max(value, 1), _LARGEST_MODULE)
            case 0x6B, b"1E":
                self._qr_level = "LMQH"[value % 48 % 4]
            case 0x6B, b"1P":
                self._qr_content = data[3:].decode(errors="replace")
            case 0x6B, b"1Q":
                yield from self.end_line(feed=False)
                yield Qr(self._qr_content, self._qr_level, self._qr_dots, self._side)
            case 0x6B, b"1A":  # model 1 or 2: all codes are model 2
                pass
            case _:
                yield Unknown(f"1D 28 {family:02X} {data[:2].hex(' ').upper()}".rstrip())

    def _byte(self) -> int:
        return self._take(1)[0]

    def _word(self) -> int:
        return int.from_bytes(self._take(2), "little")

    def _take(self, count: int) -> bytes:
        taken = self._raw[self._at : self._at + count]
        if len(taken) < count:
            raise EOFError
        self._at += count
        return taken
