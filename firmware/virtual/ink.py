# SPDX-License-Identifier: Apache-2.0
"""Marks of a print head, drawn as the strip of paper that comes out of the slot."""

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Final

import segno
from barcode.ean import EuropeanArticleNumber13
from PIL import Image, ImageDraw, ImageFont, ImageOps

from firmware.virtual.head import (
    CELL_HEIGHT,
    CELL_WIDTH,
    MOST_DOTS,
    WIDTH_DOTS,
    Bars,
    Cut,
    Gap,
    Line,
    Mark,
    Picture,
    Qr,
    Side,
    Style,
    Unknown,
)

_PAPER: Final = (250, 249, 244)
_INK: Final = (38, 36, 44)
"""Heat makes this paper a blueish dark grey, never black."""

_EDGE_DOTS: Final = 32
"""From the edge of the paper to the head, on both sides: 80 mm less 72."""

_TOP_DOTS: Final = 56
_BOTTOM_DOTS: Final = 48
_TOOTH_DOTS: Final = 12
"""The tear bar's teeth, half as high as wide."""

_CUT_DOTS: Final = 64
_FONT_DOTS: Final = 20
"""At this size a letter of the font is as wide as a cell of the printer."""

_FULL: Final = 255


def draw(printed: Iterable[Mark]) -> bytes:
    """The paper as a picture of 640 dots' width, transparent beyond its torn ends."""
    pieces: list[Image.Image] = []
    height = 0
    for mark in printed:
        pieces.append(_drawn(mark))
        height += pieces[-1].height
        if height > MOST_DOTS:
            break
    ink = Image.new("L", (WIDTH_DOTS, min(height, MOST_DOTS)))
    top = 0
    for piece in pieces:
        ink.paste(piece, (0, top))
        top += piece.height
    paper = _paper(ink.height + _TOP_DOTS + _BOTTOM_DOTS)
    paper.paste(_INK, (_EDGE_DOTS, _TOP_DOTS), ink)
    file = BytesIO()
    paper.save(file, "PNG")
    return file.getvalue()


def _paper(height: int) -> Image.Image:
    """Empty paper with the teeth of the tear bar at both ends."""
    width = WIDTH_DOTS + 2 * _EDGE_DOTS
    shape = Image.new("L", (width, height), _FULL)
    depth = _TOOTH_DOTS // 2
    fine = 4  # drawn larger and shrunk, so that the slopes are smooth
    bar = Image.new("L", (width * fine, depth * fine))
    pen = ImageDraw.Draw(bar)
    for left in range(-bar.height, bar.width, _TOOTH_DOTS * fine):
        right = left + _TOOTH_DOTS * fine
        pen.polygon([(left, 0), (right, 0), ((left + right) // 2, bar.height)], _FULL)
    teeth = bar.resize((width, depth), Image.Resampling.BOX)
    shape.paste(ImageOps.flip(teeth), (0, 0))
    shape.paste(teeth, (0, height - depth))
    paper = Image.new("RGB", shape.size, _PAPER)
    paper.putalpha(shape)
    return paper


def _drawn(mark: Mark) -> Image.Image:
    """A piece as wide as the head, ink in white on black."""
    match mark:
        case Line():
            return _line(mark)
        case Qr():
            return _across(_qr(mark), mark.side)
        case Bars():
            return _across(_bars(mark), mark.side)
        case Picture(width_dots=width, height_dots=height, data=data, side=side):
            return _across(Image.frombytes("1", (width, height), data).convert("L"), side)
        case Gap(dots=dots):
            return Image.new("L", (WIDTH_DOTS, dots))
        case Cut():
            return _cut()
        case Unknown():
            return Image.new("L", (WIDTH_DOTS, 0))


def _line(line: Line) -> Image.Image:
    struck = Image.new("L", (sum(style.width for _, style in line.cells) * CELL_WIDTH, line.dots))
    left = 0
    for character, style in line.cells:
        cell = _cell(character, style)
        # all sizes stand on one baseline
        struck.paste(cell, (left, line.dots - cell.height))
        left += cell.width
    return _across(struck, line.side)


@lru_cache(maxsize=1024)
def _cell(character: str, style: Style) -> Image.Image:
    """One character as the head strikes it."""
    cell = Image.new("L", (CELL_WIDTH * style.height, CELL_HEIGHT * style.height))
    pen = ImageDraw.Draw(cell)
    baseline = round(0.79 * cell.height)
    for strike in range(1 + style.height * style.bold):  # bold is struck again, a dot apart
        pen.text((strike, baseline), character, _FULL, _font(style.height), "ls")
    if style.underline:
        pen.line((0, cell.height - 2, cell.width, cell.height - 2), _FULL, 2)
    cell = cell.resize((CELL_WIDTH * style.width, cell.height))
    return ImageOps.invert(cell) if style.invert else cell


@cache
def _font(height: int) -> ImageFont.FreeTypeFont:
    # python-escpos brings python-barcode, which brings this font: no system font is needed
    with as_file(files("barcode") / "fonts" / "DejaVuSansMono.ttf") as path:
        return ImageFont.truetype(path, _FONT_DOTS * height)


def _qr(qr: Qr) -> Image.Image:
    try:
        code = segno.make_qr(qr.content, error=qr.level, boost_error=False)
    except ValueError:  # too much for any code: a real printer prints nothing
        return Image.new("L", (0, 0))
    side = len(code.matrix)
    dots = bytes(_FULL * module for row in code.matrix for module in row)
    modules = Image.frombytes("L", (side, side), dots)
    return modules.resize((side * qr.module_dots,) * 2, Image.Resampling.NEAREST)


def _bars(bars: Bars) -> Image.Image:
    (pattern,) = EuropeanArticleNumber13(bars.digits).build()
    row = Image.frombytes("L", (len(pattern), 1), bytes(_FULL * int(bar) for bar in pattern))
    width = len(pattern) * bars.bar_dots
    struck = Image.new("L", (width, bars.height_dots + CELL_HEIGHT * bars.with_digits))
    struck.paste(row.resize((width, bars.height_dots), Image.Resampling.NEAREST))
    if bars.with_digits:
        pen = ImageDraw.Draw(struck)
        pen.text((width // 2, struck.height), bars.digits, _FULL, _font(1), "md")
    return struck


def _across(piece: Image.Image, side: Side) -> Image.Image:
    """The piece at its place between the edges; what is wider than the head is lost."""
    whole = Image.new("L", (WIDTH_DOTS, piece.height))
    free = max(WIDTH_DOTS - piece.width, 0)
    left = {Side.LEFT: 0, Side.CENTRE: free // 2, Side.RIGHT: free}[side]
    whole.paste(piece, (left, 0))
    return whole


def _cut() -> Image.Image:
    """Where one slip ends and another begins."""
    gap = Image.new("L", (WIDTH_DOTS, _CUT_DOTS))
    pen = ImageDraw.Draw(gap)
    for left in range(0, WIDTH_DOTS, 2 * CELL_WIDTH):
        pen.line((left, _CUT_DOTS // 2, left + CELL_WIDTH, _CUT_DOTS // 2), _FULL // 3, 2)
    return gap
