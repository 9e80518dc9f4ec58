# SPDX-License-Identifier: Apache-2.0
"""Letters are measured as they are drawn, in the right file, whatever the name."""

import pygame
import pytest

from firmware.kiosk.display.fonts import Fonts, _runs
from firmware.kiosk.text import NARROW

fonts = Fonts()


def width(text: str, size_px: int = 24, tracking_px: float = 0) -> float:
    return fonts.width(text, size_px=size_px, weight=600, tracking_px=tracking_px)


def files(text: str) -> list[str]:
    return [path.stem.split("-600")[0] if path else "gap" for path, _ in _runs(text, 600)]


def test_figures_are_as_wide_as_each_other_so_that_prices_line_up() -> None:
    assert len({width(digit, 84) for digit in "0123456789"}) == 1


def test_a_narrow_space_is_a_fifth_of_the_size() -> None:
    assert width(f"1{NARROW}€", 40) == pytest.approx(width("1", 40) + width("€", 40) + 8)


@pytest.mark.parametrize("tracking_px", [0, -2])
def test_nothing_is_no_wider_than_nothing(tracking_px: float) -> None:
    assert width("", 100, tracking_px) == 0


def test_tight_letters_are_tighter() -> None:
    assert width("245", 150, -3) == pytest.approx(width("245", 150) - 6, abs=3)


def test_the_three_files_of_hanken_share_a_name() -> None:
    latin, ext, viet = (f"hanken-grotesk-{name}" for name in ("latin", "latin-ext", "vietnamese"))
    assert files("Élodie") == [latin]
    assert files("Łukasz") == [ext, latin]
    assert files("Nguyễn") == [latin, viet, latin]


def test_what_hanken_lacks_falls_back_a_whole_word_at_a_time() -> None:
    assert files("Ελένη Martin") == ["Inter-SemiBold", "hanken-grotesk-latin"]


def test_decomposed_accents_are_drawn_as_one_letter() -> None:
    assert width("E\N{COMBINING ACUTE ACCENT}lodie") == width("Élodie")


@pytest.mark.parametrize("text", ["12,80", "Paris-Brest", "C’est enregistré", "245"])
@pytest.mark.parametrize(("size_px", "tracking_px"), [(24, 0), (84, -1.7)])
def test_what_is_measured_is_what_is_drawn(text: str, size_px: int, tracking_px: float) -> None:
    surface = pygame.Surface((1200, 200), pygame.SRCALPHA, 32)
    fonts.draw(
        surface,
        (10, 140),
        text,
        size_px=size_px,
        weight=600,
        tracking_px=tracking_px,
        colour=(0, 0, 0),
    )
    seen = surface.get_bounding_rect(min_alpha=64)
    measured = width(text, size_px, tracking_px)
    assert seen.left >= 10 - size_px * 0.05
    assert seen.right <= 10 + measured + size_px * 0.06
    assert seen.width >= measured * 0.8
