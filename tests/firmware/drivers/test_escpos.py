# SPDX-License-Identifier: Apache-2.0
"""The exact bytes that reach a printer, command by command."""

import subprocess
import sys

import pytest

from firmware.drivers.escpos import encode
from firmware.drivers.paper import (
    Align,
    Code,
    Columns,
    Cut,
    Feed,
    Paper,
    Rule,
    Size,
    Symbology,
    Text,
)

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
