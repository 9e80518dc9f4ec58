# SPDX-License-Identifier: Apache-2.0
"""Colours read as the look promises, whatever colour the merchant has chosen."""

import pytest

from firmware.kiosk.theme import Theme, Tone, theme
from loyalty.colour import Rgb, Tint, contrast, hexed, of_hex
from loyalty.fitting import front_of, raised

SHOPS = (
    *("#1D4A3C", "#4A90D9", "#B5D39B", "#C2185B", "#F2B705", "#FFD143", "#000000", "#FFFFFF"),
    *("#7F7F7F", "#FF0000", "#00FF00", "#0000FF", "#FFF8E7", "#2B1B17", "#8E44AD", "#E67E22"),
)
WHITE = of_hex("#FFFFFF")
INK = of_hex("#15231E")


def ratio(colours: Theme, one: Tone, other: Tone) -> float:
    return round(contrast(colours[one], colours[other]), 1)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Tone.INK, Tone.PAPER, 14.3),
        (Tone.INK, Tone.CARD, 15.8),
        (Tone.SOFT, Tone.PAPER, 6.2),
        (Tone.SOFT, Tone.CARD, 6.9),
        (Tone.SOFT, Tone.TINT, 5.6),
        (Tone.SHOP, Tone.PAPER, 8.8),
        (Tone.ON_SHOP, Tone.SHOP, 10.0),
        (Tone.FRONT_LINE, Tone.FRONT, 3.6),
        (Tone.ON_FRONT, Tone.EMBLEM, 8.3),
        (Tone.ON_NOW, Tone.NOW, 11.2),
        (Tone.NOW, Tone.SHOP, 6.9),
        (Tone.STOP, Tone.PAPER, 5.7),
        (Tone.INK, Tone.STOP_PALE, 13.2),
    ],
)
def test_the_light_colours_keep_their_ratios(one: Tone, other: Tone, expected: float) -> None:
    assert ratio(theme(), one, other) == pytest.approx(expected, abs=0.11)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Tone.INK, Tone.PAPER, 15.7),
        (Tone.SOFT, Tone.CARD, 7.3),
        (Tone.SHOP, Tone.PAPER, 9.6),
        (Tone.ON_SHOP, Tone.SHOP, 9.8),
        (Tone.ON_FRONT, Tone.EMBLEM, 8.6),
        (Tone.FRONT_LINE, Tone.FRONT, 3.8),
        (Tone.STOP, Tone.PAPER, 8.0),
    ],
)
def test_the_dark_colours_keep_their_ratios(one: Tone, other: Tone, expected: float) -> None:
    assert ratio(theme(dark=True), one, other) == pytest.approx(expected, abs=0.11)


@pytest.mark.parametrize(
    ("given", "act", "white"),
    [
        ("#4A90D9", "#2870B6", 5.1),
        ("#B5D39B", "#5A7441", 5.2),
        ("#C2185B", "#C2185B", 5.9),
        ("#F2B705", "#8B6700", 5.2),
    ],
)
def test_a_merchants_colour_is_fitted_for_acts(given: str, act: str, white: float) -> None:
    colours = theme(given)
    assert hexed(colours[Tone.SHOP]) == act
    assert round(contrast(WHITE, colours[Tone.SHOP]), 1) == white


def test_pale_colours_keep_their_charm_on_the_front() -> None:
    assert hexed(front_of(of_hex("#B5D39B"))) == "#B5D39B"
    assert hexed(theme("#B5D39B")[Tone.EMBLEM]) == "#A8C68F"
    assert theme("#B5D39B")[Tone.ON_FRONT] == INK


@pytest.mark.parametrize("shop", SHOPS)
def test_every_merchants_colour_can_be_read(shop: str) -> None:
    for colours in (theme(shop), theme(shop, dark=True), theme(shop, sharp=True)):
        assert contrast(colours[Tone.SHOP], colours[Tone.PAPER]) >= 4.5
        assert contrast(colours[Tone.ON_SHOP], colours[Tone.SHOP]) >= 4.5
        assert contrast(colours[Tone.ON_FRONT], colours[Tone.FRONT]) >= 4.5
        assert contrast(colours[Tone.ON_FRONT], colours[Tone.EMBLEM]) >= 4.5
        assert contrast(colours[Tone.FRONT_LINE], colours[Tone.FRONT]) >= 3
        assert contrast(colours[Tone.FRONT_FIGURE], colours[Tone.FRONT]) >= 3
        assert contrast(colours[Tone.ON_SIGN], colours[Tone.SIGN]) >= 7


@pytest.mark.parametrize("shop", SHOPS)
def test_at_night_the_shop_is_raised_to_seven(shop: str) -> None:
    assert contrast(raised(of_hex(shop)), theme(dark=True)[Tone.PAPER]) >= 7


@pytest.mark.parametrize("shop", SHOPS)
def test_yellow_ink_and_brick_are_never_themed(shop: str) -> None:
    for tone in (Tone.NOW, Tone.INK, Tone.STOP, Tone.ON_NOW):
        assert theme(shop)[tone] == theme()[tone]


def test_the_sign_turns_ink_on_a_yellow_front() -> None:
    sunny = theme("#F2B705")
    assert (sunny[Tone.SIGN], sunny[Tone.ON_SIGN]) == (INK, of_hex("#FFD143"))
    assert theme("#B5D39B")[Tone.SIGN] == of_hex("#FFD143")


def hue(colour: Rgb) -> float:
    return Tint.of(colour).hue_deg


@pytest.mark.parametrize("shop", ["#4A90D9", "#B5D39B", "#C2185B", "#F2B705", "#E67E22"])
def test_the_hue_is_always_kept(shop: str) -> None:
    for fitted in (theme(shop)[Tone.SHOP], raised(of_hex(shop))):
        assert hue(fitted) == pytest.approx(hue(of_hex(shop)), abs=2.5)


def test_high_contrast_is_black_on_white() -> None:
    colours = theme("#4A90D9", sharp=True)
    black = of_hex("#000000")
    assert colours[Tone.PAPER] == colours[Tone.CARD] == WHITE
    assert colours[Tone.INK] == colours[Tone.SOFT] == colours[Tone.RULE] == black
    assert colours[Tone.SHOP] == black, "5.1 would be below 7"
    assert colours.sharp
