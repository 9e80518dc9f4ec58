# SPDX-License-Identifier: Apache-2.0
"""The exact bytes that reach a printer, command by command."""

import subprocess
import sys
from contextlib import nullcontext

import pytest
from PIL import Image

from firmware.drivers import thermal
from firmware.drivers.base import PrinterStatus
from firmware.drivers.escpos import encode, logo
from firmware.drivers.line import Line
from firmware.drivers.paper import (
    Align,
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
from firmware.faults import BadSetting

RESET_AND_CP858 = b"\x1b@\x1bt\x13"
PLAIN_LEFT = b"\x1d!\x00\x1bE\x00\x1ba\x00"
PLAIN_CENTRE = b"\x1d!\x00\x1bE\x00\x1ba\x01"


def encoded(*blocks) -> bytes:
    data = encode(Paper(blocks), columns=16)
    assert data.startswith(RESET_AND_CP858)
    return data.removeprefix(RESET_AND_CP858)


def test_a_receipt_begins_with_a_reset_and_the_characters_of_europe():
    assert encode(Paper(())) == RESET_AND_CP858


def test_accents_and_euro_are_single_bytes():
    assert encoded(Text("é è à 5 €")) == PLAIN_LEFT + b"\x82 \x8a \x85 5 \xd5\n"


def test_a_title_is_large_bold_and_centred_and_wraps_at_half_the_columns():
    title = Text("Chez Léa Dupont", align=Align.CENTRE, size=Size.LARGE, bold=True)
    assert encoded(title) == b"\x1d!\x11\x1bE\x01\x1ba\x01Chez L\x82a\nDupont\n"


def test_a_row_puts_its_figure_at_the_right_edge():
    assert encoded(Columns("Pay\u00e9", "2,40 €")) == PLAIN_LEFT + b"Pay\x82      2,40 \xd5\n"


def test_a_rule_goes_from_edge_to_edge():
    assert encoded(Rule()) == PLAIN_LEFT + b"\xc4" * 16 + b"\n"


def test_a_qr_code_is_drawn_by_the_printer_with_white_around():
    assert encoded(Code("HA112")) == (
        PLAIN_CENTRE + b"\x1bd\x01"
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1"
        b"\x1d(k\x08\x001P0HA112\x1d(k\x03\x001Q0\x1bd\x01"
    )


@pytest.mark.parametrize(
    ("columns", "length", "module_dots"), [(48, 250, 6), (32, 250, 5), (48, 900, 4), (32, 900, 3)]
)
def test_a_longer_qr_code_has_smaller_modules_and_still_fits(columns, length, module_dots):
    data = encode(Paper((Code("x" * length),)), columns=columns)
    assert b"\x1d(k\x03\x001C" + bytes([module_dots]) in data


def test_a_card_number_is_drawn_as_bars_with_its_digits(capsys):
    assert b"\x1dhP\x1dw\x03\x1df\x00\x1dH\x02\x1dkC\r2000000000015" in encoded(
        Code("2000000000015", Symbology.EAN13)
    )
    assert capsys.readouterr().out == ""


def test_white_paper_and_the_cut():
    assert encoded(Feed(3), Cut()) == b"\x1bd\x03\x1dVB\x00"


def test_nothing_a_customer_is_called_can_command_the_printer():
    assert encoded(Text("Zo\u00eb\x1b@\x1dV\x00")) == PLAIN_LEFT + b"Zo\x89?@ V?\n"


def test_importing_the_library_leaves_nothing_behind(tmp_path):
    code = "from firmware.drivers import escpos; escpos.warm()"
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert list(tmp_path.iterdir()) == []


def test_the_drawer_gets_its_pulse():
    assert encoded(OpenDrawer()) == b"\x1bp\x002\x32"


def test_a_logo_stands_at_the_top_dot_by_dot(tmp_path):
    drawn = Image.new("RGBA", (16, 2), (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (0, 0, 8, 1))
    drawn.save(tmp_path / "logo.png")
    dots = logo(tmp_path / "logo.png")
    assert dots == b"\x1ba\x01\x1dv0\x00\x02\x00\x02\x00\xff\x00\x00\x00"
    assert encode(Paper(()), logo=dots) == RESET_AND_CP858 + dots


def test_a_large_logo_is_made_as_wide_as_the_paper_and_no_taller_than_a_logo(tmp_path):
    for size, width, height in [((2000, 500), 576, 144), ((300, 900), 80, 240), ((40, 20), 40, 20)]:
        Image.new("L", size).save(tmp_path / "logo.png")
        dots = logo(tmp_path / "logo.png")
        assert dots[7:11] == bytes([(width + 7) // 8, 0, height, 0])
    Image.new("L", (2000, 500)).save(tmp_path / "logo.png")
    assert logo(tmp_path / "logo.png", columns=32)[7] == 384 // 8


def test_what_is_no_logo_is_refused_in_words(tmp_path):
    path = tmp_path / "logo.png"
    with pytest.raises(BadSetting, match="pas une image"):
        logo(path)
    path.write_bytes(b"GIF89a")
    with pytest.raises(BadSetting, match="pas une image"):
        logo(path)
    Image.new("1", (4097, 1)).save(path)
    with pytest.raises(BadSetting, match="trop grand"):
        logo(path)


def test_the_questions_of_the_manual_are_asked_and_their_answers_read():
    """DLE EOT 2 and 4, GS r 1, as printers' manuals print them."""
    asked = [thermal._CAUSE.command, thermal._PAPER.command, thermal._PRINTED.command]
    assert asked == [b"\x10\x04\x02", b"\x10\x04\x04", b"\x1d\x72\x01"]


@pytest.mark.parametrize(
    ("cause", "paper", "status"),
    [
        (0b0001_0010, 0b0001_0010, PrinterStatus.READY),
        (0b0001_0110, 0b0001_0010, PrinterStatus.COVER_OPEN),
        (0b0011_0010, 0b0111_0010, PrinterStatus.PAPER_OUT),
        (0b0001_0010, 0b0111_0010, PrinterStatus.PAPER_OUT),
        (0b0001_0010, 0b0001_1110, PrinterStatus.PAPER_LOW),
        (0b0101_0010, 0b0001_0010, PrinterStatus.OFFLINE),
        (0b0001_1010, 0b0001_0010, PrinterStatus.READY),
        (0b0001_0010, 0b1111_1111, PrinterStatus.READY),
        (0b1111_1111, 0b0001_0010, PrinterStatus.UNKNOWN),
    ],
    ids=["well", "cover", "end", "sensor", "near end", "blade", "feed key", "rubbish", "no answer"],
)
def test_each_byte_of_status_has_one_meaning(cause, paper, status):
    class Said(Line):
        """A printer that answers with these bytes."""

        def write(self, data: memoryview, timeout_s: float) -> int:
            answers = {thermal._CAUSE.command: cause, thermal._PAPER.command: paper}
            self.answer = bytes([answers[bytes(data)]])
            return len(data)

        def read(self, timeout_s: float) -> bytes:
            answer, self.answer = getattr(self, "answer", b""), b""
            return answer

    class Printer(thermal.ThermalPrinter):
        def _line(self):
            return nullcontext(Said(timeout_s=0.05))

    assert Printer("x:?timeout_s=0.05").status() is status
