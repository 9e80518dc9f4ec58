# SPDX-License-Identifier: Apache-2.0
"""Rows and columns share their room as on a web page, and say when something does not fit."""

import pytest

from firmware.kiosk.layout import Frame, arrange
from firmware.kiosk.marks import Arranged, Panel, Rect
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HEAD,
    Align,
    Box,
    Line,
    Pad,
    Space,
    Text,
    Widget,
    column,
    pile,
    row,
    spring,
)
from firmware.till.tap import Back, Finish
from tests.firmware.kiosk.test_setting import Typewriter


def laid(widget: Widget, width: int = 800, height: int = 480) -> Arranged:
    return arrange(widget, Frame(width, height), Typewriter())


def panels(widget: Widget, width: int = 800, height: int = 480) -> list[Rect]:
    return [mark.rect for mark in laid(widget, width, height).marks if isinstance(mark, Panel)]


def block(width: float | None = None, height: float | None = None, grow: float = 0) -> Box:
    return row(width=width, height=height, grow=grow, fill=Tone.INK)


def test_the_rest_of_a_row_goes_to_what_grows() -> None:
    found = panels(row(block(100, 10), block(height=10, grow=1), block(50, 10), gap=10))
    assert [(r.x, r.width) for r in found] == [(0, 100), (110, 630), (750, 50)]


def test_even_children_are_equal_whatever_they_hold() -> None:
    def cell(text: str) -> Box:
        return row(Text(text), fill=Tone.INK, grow=1, even=True)

    assert [r.width for r in panels(row(cell("a"), cell("abcdefgh")))] == [400, 400]


def test_an_even_child_is_never_narrower_than_its_words() -> None:
    small, large = panels(
        row(
            row(Text("abc"), fill=Tone.INK, grow=1, even=True),
            row(Text("a" * 50), fill=Tone.INK, grow=1, even=True),
        )
    )
    assert (large.width, small.width) == (600, 200)


def test_a_column_puts_its_spring_to_work() -> None:
    top, bottom = panels(column(block(height=20), spring(), block(height=30)))
    assert (top.y, bottom.y, bottom.height) == (0, 450, 30)


@pytest.mark.parametrize(
    ("main", "xs"),
    [
        (Align.START, [0, 100]),
        (Align.CENTRE, [300, 400]),
        (Align.END, [600, 700]),
        (Align.BETWEEN, [0, 700]),
    ],
)
def test_children_stand_where_they_are_told(main: Align, xs: list[int]) -> None:
    assert [r.x for r in panels(row(block(100, 10), block(100, 10), main=main))] == xs


def test_padding_and_lines_take_their_room() -> None:
    outer = column(
        block(height=10), pad=Pad(4, 8, 4, 8), line=Line(2), top=HEAD, fill=Tone.PAPER, height=100
    )
    child = panels(column(outer))[-1]
    assert child == Rect(10, 9, 780, 10)


def test_a_pile_gives_each_child_all_of_it() -> None:
    assert panels(pile(block(), block())) == [Rect(0, 0, 800, 480)] * 2


def test_what_is_optional_goes_before_anything_overflows() -> None:
    tree = column(
        Text("first"),
        Text("second", optional=True),
        Text("third", optional=True),
        height=65,
    )
    arranged = laid(column(tree))
    assert [r.text for r in arranged.readings] == ["first", "second"]
    assert not arranged.overflows


def test_a_row_lets_its_optional_words_go_too() -> None:
    tree = row(Text("a" * 10), Text("b" * 10, optional=True), width=150)
    arranged = laid(column(tree))
    assert [r.text for r in arranged.readings] == ["a" * 10]


def test_an_overflow_is_told() -> None:
    assert [o.what for o in laid(Text("a" * 100)).overflows] == ["a" * 100]
    assert laid(column(Space(500))).overflows
    assert not laid(column(Text("a"))).overflows


def test_a_name_gives_way_to_a_figure() -> None:
    tree = row(Text("a" * 100, clip=True, grow=1), Text("12,80"))
    arranged = laid(tree)
    assert not arranged.overflows
    assert arranged.readings[1].rect.x == 800 - 60


def test_a_touch_is_its_whole_box_and_says_what_it_does() -> None:
    tree = row(
        row(Text("ok"), width=100, height=70, tap=Finish(), label="Terminé", kind="button"),
        row(Text("no"), width=70, height=70, label="…", kind="button", enabled=False),
    )
    first, second = laid(column(tree)).targets
    assert (first.rect, first.tap, first.label) == (Rect(0, 0, 100, 70), Finish(), "Terminé")
    assert not second.enabled


def test_words_inside_a_touch_are_not_read_twice() -> None:
    tree = row(Text("Retour"), tap=Back(), label="Retour", kind="key")
    assert not laid(tree).readings


def test_units_are_half_as_large_again_on_the_tall_panel() -> None:
    assert Frame(800, 480).scale == 1
    assert Frame(720, 1280).scale == 1.5
    assert panels(column(block(100, 10), cross=Align.START), 720, 1280) == [Rect(0, 0, 150, 15)]


def test_hairlines_stay_one_pixel_and_grow_in_high_contrast() -> None:
    tree = column(row(height=10, bottom=Line(1)))
    sharp = arrange(tree, Frame(720, 1280, sharp=True), Typewriter())
    assert panels(tree, 720, 1280)[0].height == 1
    assert sharp.marks[0].rect.height == 3
