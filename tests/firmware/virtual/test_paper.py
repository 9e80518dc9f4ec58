# SPDX-License-Identifier: Apache-2.0
"""The virtual paper shows what a real printer would put on it, from the same bytes."""

from io import BytesIO

import pytest
import zxingcpp
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from firmware.drivers.escpos import encode, logo
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
from firmware.virtual import paper
from firmware.virtual.head import CELL_WIDTH, MOST_DOTS, WIDTH_DOTS

LINK = "https://fidelite.example/t/7Q4F-9KX2-MM3D"
RECEIPT = Paper(
    (
        Text("Boulangerie Lantier", align=Align.CENTRE, size=Size.LARGE, bold=True),
        Rule(),
        Columns("2 × Croissant au beurre", "2,40 €"),
        Columns("Payé", "2,40 €", bold=True),
        Text("à bientôt", align=Align.RIGHT),
        Code(LINK),
        Code("2000000000015", Symbology.EAN13),
        Feed(2),
        Cut(),
    )
)


def picture(raw: bytes) -> Image.Image:
    """The paper on a white desk."""
    drawn = Image.open(BytesIO(paper.png(raw)))
    desk = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(desk, drawn).convert("L")


def ink(raw: bytes) -> tuple[int, int, int, int] | None:
    """The box around everything dark."""
    return picture(raw).point(lambda grey: 255 * (grey < 128)).getbbox()


def test_the_words_stand_where_they_are_printed():
    assert paper.text(encode(RECEIPT)).splitlines()[:5] == [
        "              Boulangerie Lantier",
        "─" * 48,
        "2 × Croissant au beurre                   2,40 €",
        "Payé                                      2,40 €",
        "                                       à bientôt",
    ]


def test_both_codes_can_be_scanned_from_the_drawing():
    read = {code.text for code in zxingcpp.read_barcodes(picture(encode(RECEIPT)))}
    assert read == {LINK, "2000000000015"}


@pytest.mark.parametrize("length", [1, 60, 250, 900])
def test_a_qr_code_of_any_length_can_be_scanned(length):
    content = ("https://fidelite.example/" + "7Q4F" * 300)[:length]
    (code,) = zxingcpp.read_barcodes(picture(encode(Paper((Code(content),)))))
    assert code.text == content


def test_a_qr_code_has_the_size_that_was_asked_for():
    left, _, right, _ = ink(encode(Paper((Code("HA112"),))))
    assert right - left == 21 * 6


def test_our_receipts_use_only_commands_that_the_printer_knows():
    receipt = paper.render(encode(RECEIPT))
    assert receipt.unknown == ()
    assert receipt.qr == (LINK,)
    assert receipt.text == paper.text(encode(RECEIPT))


def test_the_paper_is_eighty_millimetres_wide_and_torn_at_both_ends():
    drawn = Image.open(BytesIO(paper.png(encode(RECEIPT))))
    assert drawn.width == 640
    alpha = drawn.getchannel("A")
    middle = alpha.crop((0, 20, 640, drawn.height - 20))
    assert middle.getextrema() == (255, 255)
    for edge in (0, drawn.height - 1):
        lowest, highest = alpha.crop((0, edge, 640, edge + 1)).getextrema()
        assert highest - lowest > 150


def test_large_words_are_twice_as_wide_and_bold_words_darker():
    plain, large = (
        ink(encode(Paper((Text("MMMM", size=size),)))) for size in (Size.NORMAL, Size.LARGE)
    )
    assert large[2] - large[0] == pytest.approx(2 * (plain[2] - plain[0]), abs=4)

    def darkness(*, bold):
        return -sum(picture(encode(Paper((Text("MMMM", bold=bold),)))).tobytes())

    assert darkness(bold=True) > darkness(bold=False)


def test_alignment_moves_the_ink():
    left, centre, right = (ink(encode(Paper((Text("MM", align=align),)))) for align in Align)
    assert left[0] == pytest.approx(32, abs=2)
    assert right[2] == pytest.approx(640 - 32, abs=2)
    assert centre[0] - left[0] == pytest.approx((WIDTH_DOTS - 2 * CELL_WIDTH) / 2, abs=2)


def test_a_picture_sent_dot_by_dot_is_drawn_dot_by_dot():
    logo = Image.new("1", (64, 40), 1)
    ImageDraw.Draw(logo).rectangle((8, 8, 55, 31), fill=0)
    printer = Dummy()
    printer.image(logo, impl="bitImageRaster")
    left, top, right, bottom = ink(printer.output)
    assert (right - left, bottom - top, left) == (48, 24, 32 + 8)


def test_a_logo_comes_out_in_the_middle_of_the_top(tmp_path):
    drawn = Image.new("1", (200, 80), 1)
    ImageDraw.Draw(drawn).rectangle((20, 10, 179, 69), fill=0)
    drawn.save(tmp_path / "logo.png")
    left, top, right, bottom = ink(encode(Paper(()), logo=logo(tmp_path / "logo.png")))
    assert (right - left, bottom - top) == (160, 60)
    assert (left + right) // 2 == 640 // 2


def test_a_qr_code_sent_as_a_picture_can_be_scanned_too():
    printer = Dummy()
    printer.qr(LINK, size=6)
    (code,) = zxingcpp.read_barcodes(picture(printer.output))
    assert code.text == LINK


def test_bars_in_the_older_form_end_with_a_zero():
    raw = b"\x1b@\x1dh\x50\x1dw\x03\x1dH\x02\x1dk\x022000000000015\x00Merci\n"
    assert paper.text(raw) == "[EAN-13 2000000000015]\nMerci"


def test_old_modes_and_tables_are_obeyed():
    raw = b"\x1b!\x30GRAND\x1b!\x00\n\x1bt\x10\x80 \xe9\n\x1b-\x01sous\x1b-\x00\n\x1dB\x01noir\n"
    assert paper.text(raw) == "GRAND\n€ é\nsous\nnoir"


def test_words_beyond_the_edge_go_on_with_the_next_line():
    assert paper.text(b"M" * 50) == "M" * 48 + "\nMM"


def test_the_drawer_and_questions_leave_no_trace_on_the_paper():
    assert paper.render(b"\x1bp\x00\x19\xfa\x10\x04\x02A\x1dr\x01B\n").text == "AB"


def test_two_slips_are_parted_by_the_cut():
    slip = encode(Paper((Text("un"), Cut())))
    assert paper.text(slip + slip).splitlines() == ["un", "- " * 24, "un"]


def test_a_command_that_no_printer_of_ours_knows_is_named():
    receipt = paper.render(b"\x1b\x7eA\x1d(Z\x02\x00abB\n")
    assert receipt.unknown == ("1B 7E", "1D 28 5A 61 62")
    assert receipt.text == "AB"


@settings(max_examples=60)
@given(st.binary(max_size=300) | st.text("\x1b\x1d@a!tdEVk(v0123\n", max_size=80).map(str.encode))
def test_no_bytes_break_the_paper(raw):
    receipt = paper.render(raw)
    assert Image.open(BytesIO(receipt.png)).height < MOST_DOTS + 200


@pytest.mark.parametrize(
    "raw",
    [b"\n" * 300_000, b"\x1dv0\x00\x01\x00\xff\xff" + bytes(65_535)],
    ids=["lines", "picture"],
)
def test_endless_paper_has_an_end(raw):
    assert Image.open(BytesIO(paper.png(raw))).height < MOST_DOTS + 200
