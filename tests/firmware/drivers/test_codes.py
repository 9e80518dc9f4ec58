# SPDX-License-Identifier: Apache-2.0
"""Whatever arrives in whatever pieces, readings are whole codes of bounded length."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.base import Reading
from firmware.drivers.codes import LIMIT, SILENCE_S, Assembler


def assemble(*pieces: tuple[float, str]) -> list[Reading]:
    readings: list[Reading] = []
    assembler = Assembler("scanner", readings.append)
    for at_s, text in pieces:
        assembler.feed(text, at_s)
    return readings


@given(st.lists(st.text("A9é", min_size=1, max_size=LIMIT), max_size=5), st.data())
def test_codes_survive_any_cutting_into_pieces(codes, data):
    stream = "".join(f"{code}\r\n" for code in codes)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    ends = [0, *cuts, len(stream)]
    pieces = [(0.0, stream[a:b]) for a, b in pairwise(ends)]
    assert [reading.code for reading in assemble(*pieces)] == codes


@given(st.text(max_size=2_000))
def test_no_reading_is_empty_long_or_unprintable(text):
    for reading in assemble((0.0, text), (0.0, "\r")):
        assert 0 < len(reading.code) <= LIMIT
        assert reading.code.isprintable()


def test_a_code_of_the_greatest_length_is_whole_and_one_more_is_not():
    assert assemble((0, "7" * LIMIT + "\r")) == [Reading("7" * LIMIT, "scanner")]
    assert assemble((0, "7" * (LIMIT + 1) + "\r")) == [
        Reading("7" * LIMIT, "scanner", too_long=True)
    ]


def test_a_flood_without_an_end_is_told_at_once_and_ends_with_a_silence():
    flood = [(n / 1000, "7" * 100) for n in range(100)]
    later = 0.1 + SILENCE_S + 0.1
    readings = assemble(*flood, (later, "A1\r"))
    assert [reading.too_long for reading in readings] == [True, False]
    assert readings[1].code == "A1"


def test_control_characters_around_a_code_are_dropped():
    assert assemble((0, "\x02A1\x03\r\n")) == [Reading("A1", "scanner")]
