# SPDX-License-Identifier: Apache-2.0
"""Cards to print and cut out: ten to a sheet, each with its number, bars and a QR code."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import segno
from barcode.codex import Code128
from barcode.ean import EuropeanArticleNumber13
from django.utils.translation import gettext as _

from hub.console.templatetags.console import card, day, euros
from hub.ledger.cardbatches import CardBatch
from hub.ledger.giftcards import GiftBatch
from hub.merchants.models import Merchant
from loyalty import giftcard
from loyalty.card import CardCode, read

if TYPE_CHECKING:
    from fpdf import FPDF

logging.getLogger("fontTools").setLevel(logging.WARNING)
"""It tells each table that it leaves out of a font."""
FONTS: Final = Path(__file__).parent / "static" / "console" / "fonts"
FAMILY: Final = "hanken"
FALLBACKS: Final = ("latin-ext", "vietnamese")
WEIGHTS: Final = {"": 400, "B": 700}

CARD_MM: Final = (85.6, 53.98)
"""A bank card's."""
ACROSS, DOWN = 2, 5
MARGIN_MM: Final = (19.4, 13.55)
MARK_MM: Final = 3.0
"""Where to cut."""
PAD_MM: Final = 5.0
QR_MM: Final = 20.0
BARS_MM: Final = (50.0, 9.0)
INK: Final = (21, 35, 30)
SMALLEST_PT: Final = 5.0
LINE: Final = 0.36
"""Millimetres that a line takes for each point of its letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """What is printed on each card besides its number."""

    title: str
    """Of the sheets."""
    kind: str
    amount: str = ""
    said: str
    spaced: Callable[[str], str]
    """The number as people read it."""


class Bars(Code128):
    """Code 128 of any number.

    The library takes the figures 99 at a number's beginning for its own word to go over to figures,
    and leaves them out.
    """

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        return encoded if self.code.startswith("99") else super()._try_to_optimize(encoded)


def gift_cards(batch: GiftBatch, merchant: Merchant) -> bytes:
    """A batch of gift cards as sheets of A4."""
    ends = _ends(batch)
    said = _("Valable jusqu’au %(day)s.") % {"day": ends} if ends else _("Valable sans limite.")
    face = _Face(
        title=_("Cartes cadeaux"),
        kind=_("Carte cadeau"),
        amount=euros(batch.cents) if batch.cents else "",
        said=said if batch.cents else _("À charger en caisse."),
        spaced=giftcard.spaced,
    )
    return _pdf(batch.codes, merchant, face)


def blank_cards(batch: CardBatch, merchant: Merchant) -> bytes:
    """Cards that are nobody's yet as sheets of A4: their bars are the EAN-13 of their number."""
    face = _Face(
        title=_("Cartes de fidélité"),
        kind=_("Carte de fidélité"),
        said=_("À présenter à chaque passage."),
        spaced=card,
    )
    return _pdf(batch.codes, merchant, face)


def _pdf(codes: Sequence[str], merchant: Merchant, face: _Face) -> bytes:
    """The cards, ten to a sheet, cut marks at the corners of each."""
    # two seconds of every start of the hub, for what is printed once a year
    from fpdf import FPDF  # noqa: PLC0415

    sheets = FPDF(unit="mm", format="A4")
    sheets.set_auto_page_break(auto=False)
    sheets.c_margin = 0
    sheets.set_title(face.title)
    sheets.set_creator("Comptoir")
    for style, weight in WEIGHTS.items():
        sheets.add_font(FAMILY, style, FONTS / f"hanken-grotesk-latin-{weight}-normal.woff2")
        for part in FALLBACKS:
            sheets.add_font(part, style, FONTS / f"hanken-grotesk-{part}-{weight}-normal.woff2")
    sheets.set_fallback_fonts(list(FALLBACKS))
    for place, code in enumerate(codes):
        here = place % (ACROSS * DOWN)
        if here == 0:
            sheets.add_page()
        left = MARGIN_MM[0] + here % ACROSS * CARD_MM[0]
        top = MARGIN_MM[1] + here // ACROSS * CARD_MM[1]
        _marks(sheets, left, top)
        _card(sheets, left, top, code=code, face=face, merchant=merchant)
    return bytes(sheets.output())


def _card(
    sheets: "FPDF", left: float, top: float, *, code: str, face: _Face, merchant: Merchant
) -> None:
    width, height = CARD_MM
    front = tuple(bytes.fromhex(merchant.colour.removeprefix("#")))
    sheets.set_fill_color(*front)
    sheets.rect(left, top, width, 4, style="F")
    sheets.set_text_color(*INK)
    inner = width - 2 * PAD_MM
    beside = inner - QR_MM
    name_mm = inner - 26 if face.amount else inner
    _words(sheets, left + PAD_MM, top + 7, merchant.name, size=13, bold=True, width=name_mm)
    _words(sheets, left + PAD_MM, top + 13, face.kind, size=9, width=inner)
    if face.amount:
        amount = face.amount
        _words(sheets, left + PAD_MM, top + 7, amount, size=17, bold=True, width=inner, align="R")
    _qr(sheets, left + width - PAD_MM - QR_MM, top + height - PAD_MM - QR_MM, code)
    _bars(sheets, left + PAD_MM, top + 19, code)
    _words(sheets, left + PAD_MM, top + 31, face.spaced(code), size=13, bold=True, width=beside)
    _words(sheets, left + PAD_MM, top + 41, face.said, size=8, width=beside)


def _ends(batch: GiftBatch) -> str:
    """The last day on which loaded cards can be used; empty: no limit, or not known yet."""
    sold = batch.cards.first()
    return day(sold.expires_on - timedelta(days=1)) if sold and sold.expires_on else ""


def _words(
    sheets: "FPDF",
    left: float,
    top: float,
    text: str,
    *,
    size: float,
    width: float,
    bold: bool = False,
    align: str = "L",
) -> None:
    """One line, made smaller until it fits."""
    sheets.set_font(FAMILY, "B" if bold else "", size)
    while sheets.get_string_width(text) > width and size > SMALLEST_PT:
        size -= 0.5
        sheets.set_font_size(size)
    sheets.set_xy(left, top)
    sheets.cell(w=width, h=size * LINE, text=text, align=align)


def _qr(sheets: "FPDF", left: float, top: float, code: str) -> None:
    """The number as a QR code, its dark modules as rectangles: sharp at any size."""
    rows = [list(row) for row in segno.make(code, error="m", micro=False).matrix]
    module = QR_MM / len(rows)
    for number, row in enumerate(rows):
        _runs(sheets, left, top + number * module, row, module=module, height=module)


def _bars(sheets: "FPDF", left: float, top: float, code: str) -> None:
    """The number as the EAN-13 that it is, else as Code 128."""
    ours = read(code)
    symbol = EuropeanArticleNumber13 if isinstance(ours, CardCode) and ours.in_store else Bars
    modules = [int(bit) for bit in symbol(code).build()[0]]
    width, height = BARS_MM
    _runs(sheets, left, top, modules, module=width / len(modules), height=height)


def _runs(
    sheets: "FPDF", left: float, top: float, modules: list[int], *, module: float, height: float
) -> None:
    """Paint what is dark of a row, neighbours in one: no hairline between them."""
    sheets.set_fill_color(0, 0, 0)
    place = 0
    for dark, run in groupby(modules):
        length = sum(1 for _module in run)
        if dark:
            sheets.rect(left + place * module, top, length * module, height, style="F")
        place += length


def _marks(sheets: "FPDF", left: float, top: float) -> None:
    """Where to cut: at each corner, outside the card's own face as far as the sheet has room."""
    width, height = CARD_MM
    sheets.set_draw_color(160, 160, 160)
    sheets.set_line_width(0.1)
    for x in (left, left + width):
        for y in (top, top + height):
            sheets.line(x - MARK_MM / 2, y, x + MARK_MM / 2, y)
            sheets.line(x, y - MARK_MM / 2, x, y + MARK_MM / 2)
