# SPDX-License-Identifier: Apache-2.0
"""Colours: what each is for, in light, in dark, in high contrast, and around a merchant's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from loyalty.colour import Rgb, contrast, of_hex
from loyalty.fitting import (
    BLACK,
    DARK_PAPER,
    GOOD,
    INK,
    LINE,
    ON_RAISED,
    PAPER,
    WHITE,
    YELLOW,
    emblem,
    fitted,
    front_of,
    is_near_yellow,
    outline,
    raised,
    words_on,
)


class Tone(StrEnum):
    """What a colour is for; no screen names a colour otherwise."""

    PAPER = "paper"
    CARD = "card"
    INK = "ink"
    SOFT = "soft"
    RULE = "rule"
    SHOP = "shop"
    """Acts and marks, in the merchant's colour."""
    ON_SHOP = "on_shop"
    TINT = "tint"
    FRONT = "front"
    """The painted front: waiting and saved."""
    ON_FRONT = "on_front"
    FRONT_LINE = "front_line"
    EMBLEM = "emblem"
    FRONT_FIGURE = "front_figure"
    """The one big figure on the front."""
    SIGN = "sign"
    """Usable here, now, on the front: yellow, unless the front itself is."""
    ON_SIGN = "on_sign"
    NOW = "now"
    ON_NOW = "on_now"
    STOP = "stop"
    STOP_PALE = "stop_pale"


VERT_WAGON: Final = "#1D4A3C"
"""The shop's colour where the merchant has chosen none."""

_LIGHT: Final[Mapping[Tone, Rgb]] = {
    Tone.PAPER: PAPER,
    Tone.CARD: of_hex("#FCFCF9"),
    Tone.INK: INK,
    Tone.SOFT: of_hex("#4D5C55"),
    Tone.RULE: of_hex("#CAD1C8"),
    Tone.TINT: of_hex("#DDE8DF"),
    Tone.NOW: YELLOW,
    Tone.ON_NOW: INK,
    Tone.STOP: of_hex("#AE311B"),
    Tone.STOP_PALE: of_hex("#FAE3DA"),
}
_DARK: Final[Mapping[Tone, Rgb]] = {
    Tone.PAPER: DARK_PAPER,
    Tone.CARD: of_hex("#1B2822"),
    Tone.INK: of_hex("#EEF2EB"),
    Tone.SOFT: of_hex("#A9B7AF"),
    Tone.RULE: of_hex("#394A42"),
    Tone.TINT: of_hex("#22372E"),
    Tone.NOW: YELLOW,
    Tone.ON_NOW: INK,
    Tone.STOP: of_hex("#FF9077"),
    Tone.STOP_PALE: of_hex("#3D2019"),
}
_SHARP: Final[Mapping[Tone, Rgb]] = {
    Tone.PAPER: WHITE,
    Tone.CARD: WHITE,
    Tone.INK: BLACK,
    Tone.SOFT: BLACK,
    Tone.RULE: BLACK,
    Tone.ON_NOW: BLACK,
}
# Drawn by eye for the house's green; every other colour is fitted.
_HOUSE: Final = {
    False: {Tone.FRONT_LINE: of_hex("#7DA494"), Tone.EMBLEM: of_hex("#245747")},
    True: {
        Tone.SHOP: of_hex("#8FCBB0"),
        Tone.FRONT: of_hex("#8FCBB0"),
        Tone.FRONT_LINE: of_hex("#35624F"),
        Tone.EMBLEM: of_hex("#83C0A5"),
    },
}


@dataclass(frozen=True, slots=True)
class Theme:
    """A colour for each tone."""

    tones: Mapping[Tone, Rgb]
    sharp: bool = False
    """High contrast: lines are two pixels thicker."""

    def __getitem__(self, tone: Tone) -> Rgb:
        return self.tones[tone]


def theme(given: str = VERT_WAGON, *, dark: bool = False, sharp: bool = False) -> Theme:
    """The colours of a shop whose own colour is `given`, as #RRGGBB.

    High contrast wins over dark.
    """
    if sharp:
        return _sharp(given)
    ground = _DARK if dark else _LIGHT
    shop = of_hex(given)
    act = raised(shop) if dark else fitted(shop)
    front = act if dark else front_of(shop)
    tones = dict(ground) | _front_tones(front, dark=dark)
    tones |= {Tone.SHOP: act, Tone.ON_SHOP: ON_RAISED if dark else WHITE}
    if given.upper() == VERT_WAGON:
        tones |= _HOUSE[dark]
    return Theme(tones)


def _front_tones(front: Rgb, *, dark: bool) -> dict[Tone, Rgb]:
    on_front = ON_RAISED if dark else words_on(front)
    yellowish = is_near_yellow(front)
    return {
        Tone.FRONT: front,
        Tone.ON_FRONT: on_front,
        Tone.FRONT_LINE: outline(front),
        Tone.EMBLEM: emblem(front, on_front),
        Tone.FRONT_FIGURE: on_front if contrast(YELLOW, front) < LINE else YELLOW,
        Tone.SIGN: INK if yellowish else YELLOW,
        Tone.ON_SIGN: YELLOW if yellowish else INK,
    }


def _sharp(given: str) -> Theme:
    act = fitted(of_hex(given))
    shop = act if contrast(WHITE, act) >= GOOD else BLACK
    tones = dict(_LIGHT) | _front_tones(shop, dark=False) | dict(_SHARP)
    tones |= {
        Tone.SHOP: shop,
        Tone.ON_SHOP: WHITE,
        Tone.ON_FRONT: WHITE,
        Tone.FRONT_LINE: WHITE,
        Tone.EMBLEM: shop,
        Tone.ON_SIGN: BLACK,
    }
    return Theme(tones, sharp=True)
