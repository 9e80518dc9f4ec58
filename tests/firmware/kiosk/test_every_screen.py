# SPDX-License-Identifier: Apache-2.0
"""What holds for every screen in every state, on both panels and in both languages."""

from dataclasses import replace
from functools import cache
from typing import get_args

import pytest

from firmware.kiosk.display.fonts import Fonts
from firmware.kiosk.layout import arrange
from firmware.kiosk.look import Look
from firmware.kiosk.marks import Arranged, Panel, Rect, Target
from firmware.kiosk.scale import Role
from firmware.kiosk.screens import SCREENS, tree
from firmware.kiosk.text import Language
from firmware.kiosk.theme import VERT_WAGON, Tone, theme
from firmware.kiosk.ui import Box, Ctx, Node, Text, Widget, column, row, screen, walk
from firmware.till import outcome as outcomes
from firmware.till import outcome_gifts as outcomes_of_gifts
from firmware.till import outcome_sales as outcomes_of_sales
from firmware.till import tap as taps
from firmware.till.outcome import Front, Outcome, TextAsked
from tests.firmware.kiosk import eye
from tests.firmware.kiosk.conftest import (
    EXAMPLES,
    EXAMPLES_OF,
    LANDSCAPE,
    PANELS,
    PORTRAIT,
    every_screen,
    looks,
)

FONTS = Fonts()
AWAY = ("front", "at_till")
COLOURS = tuple(
    theme(colour, dark=dark, sharp=sharp)
    for colour in (VERT_WAGON, "#B5D39B", "#F2B705")
    for dark, sharp in ((False, False), (True, False), (False, True))
)
WAYS = {"plain": {}, "large": {"large": True}}


@cache
def laid(name: str, look: Look, *, page: int = 0, away: bool = False) -> Arranged:
    ctx = look.ctx(page=page, away=away)
    return arrange(tree(EXAMPLES[name], ctx), look.frame, FONTS)


def test_every_outcome_has_exactly_one_screen() -> None:
    kinds = {
        kind
        for module in (outcomes, outcomes_of_gifts, outcomes_of_sales)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Outcome) and kind is not Outcome
    }
    assert kinds == set(SCREENS)


def test_an_outcome_can_t_have_a_second_screen() -> None:
    with pytest.raises(TypeError, match="Front"):

        @screen(shows=Front, examples={})
        def again(_seen: Front, _ctx: Ctx) -> Widget:
            return Box()


def test_every_screen_shows_more_than_one_state() -> None:
    assert all(len(shown.examples) >= 2 for shown in SCREENS.values())


@pytest.mark.row("T7")
@every_screen
@pytest.mark.parametrize("way", WAYS)
def test_everything_fits_both_panels_in_both_languages(shown: str, way: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for look in looks(**WAYS[way]):
            assert not laid(name, look).overflows, look


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith(AWAY)])
def test_an_unplugged_scanner_is_told_where_there_is_room(name: str) -> None:
    for look in [*looks(), *looks(large=True)]:
        assert not laid(name, look, away=True).overflows, look
        assert {"lecteur", "scanner"} & set(" ".join(texts(name, look)).lower().split())


def texts(name: str, look: Look) -> list[str]:
    return [reading.text for reading in laid(name, look, away=True).readings]


@every_screen
def test_every_page_of_what_is_turned_fits(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for look in looks():
            if any(target.tap == taps.TurnPage() for target in laid(name, look).targets):
                for page in (1, 2, 3):
                    assert not laid(name, look, page=page).overflows, look


@pytest.mark.parametrize("name", ["front-offline", "recognised-points", "at_till-order"])
def test_other_panels_of_the_same_shape_fit_too(name: str) -> None:
    for size in ((1280, 800), (1024, 600), (800, 1280), (1080, 1920)):
        assert not laid(name, Look(width=size[0], height=size[1])).overflows, size


@every_screen
@pytest.mark.parametrize("way", WAYS)
def test_every_touch_is_as_large_as_a_thumb(shown: str, way: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for look in looks(**WAYS[way]):
            arranged = laid(name, look)
            # ten keys stand beside each other: 8.6 mm on the tall panel, 12 mm high
            typed = isinstance(EXAMPLES[name], TextAsked)
            if look.frame.portrait:
                assert not eye.too_small(arranged, 99, 99, key_width=70 if typed else 99)
            else:
                assert not eye.too_small(arranged, 62, 67, key_width=62)


@every_screen
def test_touches_keep_apart_and_on_the_screen(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for look in looks():
            arranged = laid(name, look)
            assert not list(eye.overlapping(arranged))
            assert not eye.outside(arranged, Rect(0, 0, look.width, look.height))


@every_screen
def test_every_touch_has_a_word_and_asks_something_known(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        known = (*get_args(taps.Tap), *get_args(taps.KioskTap))
        for look in looks():
            for target in laid(name, look).targets:
                assert target.label.strip()
                assert target.kind in {"button", "key", "badge", "row"}
                assert isinstance(target.tap, known) or not target.enabled


@every_screen
def test_everything_can_be_read(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for panel in PANELS.values():
            for colours in COLOURS:
                assert not eye.unreadable(laid(name, panel), colours)


@every_screen
def test_at_most_one_yellow_button_beside_the_badges(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for look in looks():
            arranged = laid(name, look)
            yellow = {
                mark.rect
                for mark in arranged.marks
                if isinstance(mark, Panel) and mark.fill in {Tone.NOW, Tone.SIGN}
            }
            buttons = [t for t in arranged.targets if t.kind != "badge" and t.rect in yellow]
            assert len(buttons) <= 1


@every_screen
def test_at_most_one_main_act_and_it_stands_last_or_on_top(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        for look in (LANDSCAPE, PORTRAIT):
            acts = main_acts(laid(name, look))
            assert len(acts) <= 1, [act.label for act in acts]


def main_acts(arranged: Arranged) -> list[Target]:
    """Buttons in the shop's colour; a badge in the order has it too."""
    green = {
        mark.rect for mark in arranged.marks if isinstance(mark, Panel) and mark.fill is Tone.SHOP
    }
    return [t for t in arranged.targets if t.kind != "badge" and t.rect in green]


@every_screen
def test_a_screen_is_a_function_and_its_trees_compare(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        ctx = LANDSCAPE.ctx()
        assert tree(EXAMPLES[name], ctx) == tree(EXAMPLES[name], ctx)
        english = replace(LANDSCAPE, language=Language.ENGLISH).ctx()
        assert tree(EXAMPLES[name], ctx) != tree(EXAMPLES[name], english)


@every_screen
def test_figures_never_wrap(shown: str) -> None:
    for name in EXAMPLES_OF[shown]:
        large = {Role.POINTS, Role.EARNED, Role.AMOUNT, Role.CLOCK, Role.TOTAL}
        for widget in walk(tree(EXAMPLES[name], PORTRAIT.ctx())):
            if isinstance(widget, Text) and widget.role in large:
                assert widget.lines == 1
                assert not widget.clip


# ── the eye itself can fail ─────────────────────────────────────────────────────────────────────


def seen(widget: Widget) -> Arranged:
    assert isinstance(widget, Node)
    return arrange(widget, LANDSCAPE.frame, FONTS)


def test_the_eye_sees_yellow_on_paper() -> None:
    words = column(Text("Prêt", tone=Tone.NOW), fill=Tone.PAPER)
    assert eye.unreadable(seen(words), LANDSCAPE.theme) == ["Prêt: 1.3"]


def test_the_thumb_feels_a_small_button() -> None:
    small = row(
        row(width=40, height=40, tap=taps.Back(), label="Retour", kind="button"),
        row(width=80, height=80, tap=taps.Back(), label="Grand", kind="button"),
    )
    arranged = seen(column(small))
    assert eye.too_small(arranged, 62, 67, key_width=62) == ["Retour: 40×40"]
    assert not eye.outside(arranged, Rect(0, 0, 800, 480))
    assert eye.outside(arranged, Rect(0, 0, 100, 100)) == ["Grand"]
