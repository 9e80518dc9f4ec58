# SPDX-License-Identifier: Apache-2.0
"""Colours are counted as WCAG and OKLCH say."""

import pytest

from loyalty.colour import Tint, contrast, hexed, of_hex

COLOURS = (
    *("#1D4A3C", "#4A90D9", "#B5D39B", "#C2185B", "#F2B705", "#FFD143", "#000000", "#FFFFFF"),
    *("#7F7F7F", "#FF0000", "#00FF00", "#0000FF", "#FFF8E7", "#2B1B17", "#8E44AD", "#E67E22"),
)
WHITE = of_hex("#FFFFFF")


def test_contrast_is_wcags() -> None:
    assert contrast(of_hex("#000000"), WHITE) == pytest.approx(21)
    assert contrast(of_hex("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("text", ["1D4A3C", "#1D4A3", "#1D4A3CFF", "vert", "#GGGGGG"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        of_hex(text)


@pytest.mark.parametrize("shop", COLOURS)
def test_a_colour_survives_the_way_through_oklch(shop: str) -> None:
    assert hexed(Tint.of(of_hex(shop)).rgb) == shop
