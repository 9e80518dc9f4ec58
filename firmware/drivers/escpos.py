# SPDX-License-Identifier: Apache-2.0
"""The bytes that make an ESC/POS printer put a receipt on paper."""

import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from firmware.drivers.layout import CHARACTERS, spread, wrapped
from firmware.drivers.paper import (
    Align,
    Block,
    Code,
    Columns,
    Cut,
    Feed,
    OpenDrawer,
    Paper,
    Rule,
    Size,
    Symbology,
    Text,
)
from firmware.faults import BadSetting, Unprintable
from loyalty.card import EAN_DIGITS, check_digit

if TYPE_CHECKING:
    from escpos.printer import Dummy

COLUMNS: Final = 48
"""Characters across 80 mm of paper; 58 mm has 32."""

_COLUMN_DOTS: Final = 12
_LARGEST_MODULE_DOTS: Final = 6
_SMALLEST_MODULE_DOTS: Final = 3
"""Three eighths of a millimetre; phones do not tell smaller ones apart."""

_QUIET_MODULES: Final = 8
"""White on both sides of a code."""

_QUIET_LINES: Final = 1
"""White above and below a code, five modules high: phones need four."""

_BAR_DOTS: Final = 3
_BAR_HEIGHT_DOTS: Final = 80

_TALLEST_LOGO_DOTS: Final = 240
"""Three centimetres: a logo is no poster, and each line of dots takes paper and time."""
_LARGEST_LOGO_DOTS: Final = 4096
_CENTRED: Final = b"\x1ba\x01"
_RASTER: Final = b"\x1dv0\x00"
_DRAWER_PIN: Final = 2
"""Which wire of the printer's socket opens the drawer: on nearly every drawer this one."""

_ALIGN: Final = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
_SCALE: Final = {Size.NORMAL: 1, Size.LARGE: 2}


def encode(paper: Paper, *, columns: int = COLUMNS, logo: bytes = b"") -> bytes:
    """The bytes of one receipt, from a reset of the printer on, so that nothing before it shows.

    Args:
        logo: what `logo` made of a picture; it stands at the top.

    Raises:
        Unprintable: a code on it is longer or other than its symbology takes.
    """
    out = _encoder()()
    out.hw("INIT")
    out.charcode(CHARACTERS.upper())
    out._raw(logo)  # noqa: SLF001 - bytes of ours, made by the same library
    for block in paper.blocks:
        _put(out, block, columns)
    return bytes(out.output)


def logo(picture: Path, *, columns: int = COLUMNS) -> bytes:
    """A picture as the printer's dots, centred, no wider than the paper; light is paper.

    Raises:
        BadSetting: it is no picture, or one that makes no sense on a receipt.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(picture) as file:
            if max(file.size) > _LARGEST_LOGO_DOTS:
                raise BadSetting("Le logo {path} est trop grand.", path=picture)
            drawn = Image.new("RGBA", file.size, "white")
            drawn.alpha_composite(file.convert("RGBA"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadSetting("Le logo {path} n’est pas une image lisible.", path=picture) from error
    drawn.thumbnail((columns * _COLUMN_DOTS, _TALLEST_LOGO_DOTS))
    dots = ImageOps.invert(drawn.convert("L")).convert("1")
    sides = (*((dots.width + 7) // 8).to_bytes(2, "little"), *dots.height.to_bytes(2, "little"))
    return _CENTRED + _RASTER + bytes(sides) + dots.tobytes()


def warm() -> None:
    """Import the library now, so that the first receipt does not wait half a second for it."""
    _encoder()


@cache
def _encoder() -> "type[Dummy]":
    from escpos import capabilities
    from escpos.printer import Dummy

    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        # the library makes a temporary folder at each import and never removes it
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return cast("type[Dummy]", Dummy)


def _put(out: "Dummy", block: Block, columns: int) -> None:
    match block:
        case Text(line=line, align=align, size=size, bold=bold):
            _style(out, align, bold=bold, scale=_SCALE[size])
            for part in wrapped(line, columns // _SCALE[size]):
                out.textln(part)
        case Columns(left=left, right=right, bold=bold):
            _style(out, bold=bold)
            for part in spread(left, right, columns):
                out.textln(part)
        case Rule():
            _style(out)
            out.textln("─" * columns)
        case Code(content=content, symbology=symbology):
            _style(out, Align.CENTRE)
            out.print_and_feed(_QUIET_LINES)
            if symbology is Symbology.QR:
                _qr(out, content, columns)
            else:
                _ean13(out, content)
            out.print_and_feed(_QUIET_LINES)
        case Feed(lines=lines):
            out.print_and_feed(lines)
        case OpenDrawer():
            out.cashdraw(_DRAWER_PIN)
        case Cut():
            out.cut(feed=False)  # GS V 66: the printer itself feeds as far as its blade is


def _style(out: "Dummy", align: Align = Align.LEFT, *, bold: bool = False, scale: int = 1) -> None:
    out.set(align=_ALIGN[align], bold=bold, custom_size=True, width=scale, height=scale)


def _qr(out: "Dummy", content: str, columns: int) -> None:
    from escpos.constants import QR_ECLEVEL_M

    if not content:
        raise Unprintable
    free = columns * _COLUMN_DOTS // (_qr_modules(content.encode()) + _QUIET_MODULES)
    if free < _SMALLEST_MODULE_DOTS:
        raise Unprintable
    # drawn by the printer: 77 bytes on the line instead of 4,475
    out.qr(content, ec=QR_ECLEVEL_M, size=min(free, _LARGEST_MODULE_DOTS), native=True)


def _qr_modules(content: bytes) -> int:
    """The side of the code that the printer will draw, in modules."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode
    from qrcode.util import MODE_8BIT_BYTE, QRData

    code = QRCode(error_correction=ERROR_CORRECT_M)
    # printers take any content as bytes, even where digits alone would be smaller
    code.add_data(QRData(content, mode=MODE_8BIT_BYTE))
    try:
        code.best_fit()
    except (DataOverflowError, ValueError):  # which one depends on its version
        raise Unprintable from None
    return 17 + 4 * int(code.version)


def _ean13(out: "Dummy", content: str) -> None:
    digits = content if content.isascii() and content.isdigit() else ""
    if len(digits) != EAN_DIGITS or check_digit(digits[:-1]) != int(digits[-1]):
        raise Unprintable
    # not barcode(): it writes on standard output which renderer it took
    out._hw_barcode(  # noqa: SLF001
        digits, "EAN13", height=_BAR_HEIGHT_DOTS, width=_BAR_DOTS, function_type="B"
    )
