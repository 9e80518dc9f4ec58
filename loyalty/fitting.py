# SPDX-License-Identifier: Apache-2.0
"""A merchant's own colour, fitted so that everybody can read it: on paper, at night, on a front.

Lightness alone is moved, the hue never: terminal and hub wear the same colour (LOOK 3).
"""

from typing import Final

from loyalty.colour import Rgb, Tint, contrast, of_hex

PAPER: Final = of_hex("#EFF1EB")
DARK_PAPER: Final = of_hex("#101A16")
INK: Final = of_hex("#15231E")
WHITE: Final = of_hex("#FFFFFF")
BLACK: Final = of_hex("#000000")
YELLOW: Final = of_hex("#FFD143")
"""Means: usable here, now."""
ON_RAISED: Final = of_hex("#0E1814")
"""Words on a colour that was raised for the night, which is always pale enough."""

TEXT: Final = 4.5
"""The contrast that words need at least."""
GOOD: Final = 7.0
LINE: Final = 3.0
"""The same for lines and large figures."""
_MOST_CHROMA: Final = 0.15
_STEP: Final = 0.005
_YELLOW_DEG: Final = 25
_YELLOW_LIGHTNESS: Final = 0.15
_GREY_CHROMA: Final = 0.04
"""Below it a colour has no hue that anyone sees."""


def fitted(given: Rgb) -> Rgb:
    """A merchant's colour for acts: darkened until it reads on paper (LOOK 3.1)."""
    return _moved(given, PAPER, least=TEXT, step=-_STEP)


def front_of(given: Rgb) -> Rgb:
    """A merchant's colour for the front: pale colours keep their charm (LOOK 3.2)."""
    return given if words_on(given) == INK else fitted(given)


def raised(given: Rgb) -> Rgb:
    """A merchant's colour at night: lightened until it reads on dark paper (LOOK 3.3)."""
    return _moved(given, DARK_PAPER, least=GOOD, step=_STEP)


def outline(front: Rgb) -> Rgb:
    """A line that is seen on the front: lighter on a dark one, darker on a light one."""
    step = _STEP if contrast(WHITE, front) > contrast(BLACK, front) else -_STEP
    return _moved(front, front, least=LINE, step=step)


def emblem(front: Rgb, words: Rgb) -> Rgb:
    """A shade that is felt more than seen; a pale front takes a darker one, as on the pictures."""
    tint = Tint.of(front)
    lighter = tint.lighter(0.04).rgb
    fits = words == WHITE and contrast(words, lighter) >= TEXT
    return lighter if fits else tint.lighter(-0.04).rgb


def is_near_yellow(front: Rgb) -> bool:
    """Whether a yellow sign would be lost on it (LOOK 3.5)."""
    tint, yellow = Tint.of(front), Tint.of(YELLOW)
    turn = abs(tint.hue_deg - yellow.hue_deg) % 360
    near = min(turn, 360 - turn) <= _YELLOW_DEG and tint.chroma > _GREY_CHROMA
    return near and abs(tint.lightness - yellow.lightness) <= _YELLOW_LIGHTNESS


def _moved(given: Rgb, ground: Rgb, *, least: float, step: float) -> Rgb:
    """Shift lightness until the contrast is enough; the hue is always kept."""
    if contrast(given, ground) >= least:
        return given
    tint = Tint.of(given).at_most(_MOST_CHROMA)
    end = 1.0 if step > 0 else 0.0
    while contrast(tint.rgb, ground) < least and tint.lightness != end:
        tint = tint.lighter(step)
    return tint.rgb


def words_on(front: Rgb) -> Rgb:
    """Ink on a pale front, white on any other."""
    return INK if contrast(INK, front) >= GOOD else WHITE
