# SPDX-License-Identifier: Apache-2.0
"""Words break, balance and end in … as a typesetter would."""

import pytest

from firmware.kiosk.scale import Role
from firmware.kiosk.setting import Setting
from firmware.kiosk.ui import Text


class Typewriter:
    """Each letter half as wide as it is high."""

    def width(self, text: str, *, size_px: int, weight: int, tracking_px: float) -> float:
        return len(text) * size_px / 2


setting = Setting(Typewriter(), scale=1)


def letters(count: int, role: Role = Role.TEXT) -> float:
    """So many letters of that role, in pixels."""
    return count * setting.style(Text("", role)).size_px / 2


def test_words_break_where_they_must() -> None:
    text = Text("Le reste est gardé", lines=3)
    assert setting.lines(text, letters(8)) == ["Le reste", "est", "gardé"]


def test_a_figure_never_breaks_nor_shrinks() -> None:
    assert setting.lines(Text("1 234,56"), letters(3)) == ["1 234,56"]


def test_a_name_ends_in_dots_after_its_lines() -> None:
    text = Text("Marie-Françoise de La Rochefoucauld-Montbel", lines=2, clip=True)
    assert setting.lines(text, letters(16)) == ["Marie-Françoise", "de La Rochefouc…"]


def test_one_word_longer_than_its_line_is_cut() -> None:
    assert setting.lines(Text("Viennoiserie", lines=2, clip=True), letters(6)) == ["Vienn…"]


def test_what_is_typed_shows_its_end() -> None:
    assert setting.lines(Text("elodie@exemple.fr", tail=True), letters(8)) == ["…mple.fr"]
    two = Text("un deux trois quatre", lines=2, tail=True)
    assert setting.lines(two, letters(7)) == ["…trois", "quatre"]


def test_percent_and_colon_never_start_a_line() -> None:
    text = Text("Remise de 10 % ici : voilà", lines=9)
    assert setting.lines(text, letters(9)) == ["Remise de", "10 %", "ici :", "voilà"]


def test_balanced_lines_are_of_about_the_same_length() -> None:
    words = "aaa bbb ccc ddd eee"
    assert setting.lines(Text(words, lines=3), letters(15)) == ["aaa bbb ccc ddd", "eee"]
    balanced = Text(words, lines=3, balance=True)
    assert setting.lines(balanced, letters(15)) == ["aaa bbb ccc", "ddd eee"]


def test_a_line_break_of_ours_is_kept() -> None:
    assert setting.lines(Text("Passez\nvotre carte", lines=2), 999) == ["Passez", "votre carte"]


def test_large_figures_are_set_tighter() -> None:
    assert setting.style(Text("245", Role.POINTS)).tracking_px == pytest.approx(-3)
    assert setting.style(Text("245", Role.STRONG)).tracking_px == 0


@pytest.mark.parametrize("role", Role)
def test_large_text_is_never_smaller(role: Role) -> None:
    for portrait in (False, True):
        normal = Setting(Typewriter(), scale=1, portrait=portrait)
        large = Setting(Typewriter(), scale=1, portrait=portrait, large=True)
        text = Text("x", role)
        assert large.style(text).size_px >= normal.style(text).size_px


def test_nothing_is_smaller_than_the_second_line() -> None:
    smallest = min(setting.style(Text("x", role)).size_px for role in Role)
    assert smallest == setting.style(Text("x", Role.SECOND)).size_px == 20
