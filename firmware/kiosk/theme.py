# SPDX-License-Identifier: Apache-2.0
"""Colours: what each is for, in light, in dark, in high contrast, and around a merchant's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from firmware.kiosk.colour import Rgb, Tint, contrast, of_hex


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

_WHITE: Final = of_hex("#FFFFFF")
_BLACK: Final = of_hex("#000000")
_INK: Final = of_hex("#15231E")
_NOW: Final = of_hex("#FFD143")
_ON_DARK_SHOP: Final = of_hex("#0E1814")

_LIGHT: Final[Mapping[Tone, Rgb]] = {
    Tone.PAPER: of_hex("#EFF1EB"),
    Tone.CARD: of_hex("#FCFCF9"),
    Tone.INK: _INK,
    Tone.SOFT: of_hex("#4D5C55"),
    Tone.RULE: of_hex("#CAD1C8"),
    Tone.TINT: of_hex("#DDE8DF"),
    Tone.NOW: _NOW,
    Tone.ON_NOW: _INK,
    Tone.STOP: of_hex("#AE311B"),
    Tone.STOP_PALE: of_hex("#FAE3DA"),
}
_DARK: Final[Mapping[Tone, Rgb]] = {
    Tone.PAPER: of_hex("#101A16"),
    Tone.CARD: of_hex("#1B2822"),
    Tone.INK: of_hex("#EEF2EB"),
    Tone.SOFT: of_hex("#A9B7AF"),
    Tone.RULE: of_hex("#394A42"),
    Tone.TINT: of_hex("#22372E"),
    Tone.NOW: _NOW,
    Tone.ON_NOW: _INK,
    Tone.STOP: of_hex("#FF9077"),
    Tone.STOP_PALE: of_hex("#3D2019"),
}
_SHARP: Final[Mapping[Tone, Rgb]] = {
    Tone.PAPER: _WHITE,
    Tone.CARD: _WHITE,
    Tone.INK: _BLACK,
    Tone.SOFT: _BLACK,
    Tone.RULE: _BLACK,
    Tone.ON_NOW: _BLACK,
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

_MOST_CHROMA: Final = 0.15
_STEP: Final = 0.005
_TEXT: Final = 4.5
_GOOD: Final = 7.0
_LINE: Final = 3.0
_YELLOW_DEG: Final = 25
_YELLOW_LIGHTNESS: Final = 0.15
_GREY_CHROMA: Final = 0.04
"""Below it a colour has no hue that anyone sees."""


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
    tones |= {Tone.SHOP: act, Tone.ON_SHOP: _ON_DARK_SHOP if dark else _WHITE}
    if given.upper() == VERT_WAGON:
        tones |= _HOUSE[dark]
    return Theme(tones)


def fitted(given: Rgb) -> Rgb:
    """A merchant's colour for acts: darkened until it reads on paper (LOOK 3.1)."""
    return _moved(given, _LIGHT[Tone.PAPER], least=_TEXT, step=-_STEP)


def front_of(given: Rgb) -> Rgb:
    """A merchant's colour for the front: pale colours keep their charm (LOOK 3.2)."""
    return given if contrast(_INK, given) >= _GOOD else fitted(given)


def raised(given: Rgb) -> Rgb:
    """A merchant's colour at night: lightened until it reads on dark paper (LOOK 3.3)."""
    return _moved(given, _DARK[Tone.PAPER], least=_GOOD, step=_STEP)


def _front_tones(front: Rgb, *, dark: bool) -> dict[Tone, Rgb]:
    on_front = _INK if contrast(_INK, front) >= _GOOD else _WHITE
    if dark:
        on_front = _ON_DARK_SHOP  # a raised colour is always pale enough
    yellowish = _near_yellow(front)
    return {
        Tone.FRONT: front,
        Tone.ON_FRONT: on_front,
        Tone.FRONT_LINE: _outline(front),
        Tone.EMBLEM: _emblem(front, on_front),
        Tone.FRONT_FIGURE: on_front if contrast(_NOW, front) < _LINE else _NOW,
        Tone.SIGN: _INK if yellowish else _NOW,
        Tone.ON_SIGN: _NOW if yellowish else _INK,
    }


def _sharp(given: str) -> Theme:
    act = fitted(of_hex(given))
    shop = act if contrast(_WHITE, act) >= _GOOD else _BLACK
    tones = dict(_LIGHT) | _front_tones(shop, dark=False) | dict(_SHARP)
    tones |= {
        Tone.SHOP: shop,
        Tone.ON_SHOP: _WHITE,
        Tone.ON_FRONT: _WHITE,
        Tone.FRONT_LINE: _WHITE,
        Tone.EMBLEM: shop,
        Tone.ON_SIGN: _BLACK,
    }
    return Theme(tones, sharp=True)


def _moved(given: Rgb, ground: Rgb, *, least: float, step: float) -> Rgb:
    """Shift lightness until the contrast is enough; the hue is always kept."""
    if contrast(given, ground) >= least:
        return given
    tint = Tint.of(given).at_most(_MOST_CHROMA)
    end = 1.0 if step > 0 else 0.0
    while contrast(tint.rgb, ground) < least and tint.lightness != end:
        tint = tint.lighter(step)
    return tint.rgb


def _outline(front: Rgb) -> Rgb:
    """A line that is seen on the front: lighter on a dark one, darker on a light one."""
    step = _STEP if contrast(_WHITE, front) > contrast(_BLACK, front) else -_STEP
    return _moved(front, front, least=_LINE, step=step)


def _emblem(front: Rgb, on_front: Rgb) -> Rgb:
    """A shade that is felt more than seen; a pale front takes a darker one, as on the pictures."""
    tint = Tint.of(front)
    lighter = tint.lighter(0.04).rgb
    fits = on_front == _WHITE and contrast(on_front, lighter) >= _TEXT
    return lighter if fits else tint.lighter(-0.04).rgb


def _near_yellow(front: Rgb) -> bool:
    tint, yellow = Tint.of(front), Tint.of(_NOW)
    turn = abs(tint.hue_deg - yellow.hue_deg) % 360
    near = min(turn, 360 - turn) <= _YELLOW_DEG and tint.chroma > _GREY_CHROMA
    return near and abs(tint.lightness - yellow.lightness) <= _YELLOW_LIGHTNESS
