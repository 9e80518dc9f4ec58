# SPDX-License-Identifier: Apache-2.0
"""Colour arithmetic: WCAG contrast, and OKLCH, where equal steps look equal."""

from dataclasses import dataclass, replace
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Final

Rgb = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

# Björn Ottosson's matrices: linear sRGB to cone responses, and their roots to Lab.
_TO_CONES: Final = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: Final = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB: Final = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_CONES: Final = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)

_KNEE: Final = 0.0031308
_LESS: Final = 0.002
_ROUNDING: Final = 0.0005


def of_hex(text: str) -> Rgb:
    """The colour written #RRGGBB.

    Raises:
        ValueError: it is not written so.
    """
    if len(text) != len("#RRGGBB") or text[0] != "#":
        message = f"not a colour: {text!r}"
        raise ValueError(message)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def hexed(colour: Rgb) -> str:
    """Write it #RRGGBB."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG contrast, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True, slots=True)
class Tint:
    """A colour in OKLCH."""

    lightness: float
    chroma: float
    hue_deg: float

    @classmethod
    def of(cls, rgb: Rgb) -> "Tint":
        """The same colour."""
        cones = _times(_TO_CONES, tuple(_linear(part) for part in rgb))
        lightness, a, b = _times(_TO_LAB, tuple(part ** (1 / 3) for part in cones))
        return cls(lightness, hypot(a, b), degrees(atan2(b, a)) % 360)

    def lighter(self, step: float) -> "Tint":
        """With so much more lightness (less, where negative)."""
        return replace(self, lightness=min(1.0, max(0.0, self.lightness + step)))

    def at_most(self, chroma: float) -> "Tint":
        """No more colourful than that."""
        return replace(self, chroma=min(chroma, self.chroma))

    @property
    def rgb(self) -> Rgb:
        """The nearest colour a screen has: less colourful where it must be, of the same hue."""
        tint = self
        while tint.chroma > 0 and not _shown(_linear_of(tint)):
            tint = tint.at_most(max(0.0, tint.chroma - _LESS))
        red, green, blue = (round(255 * _gamma(p)) for p in _linear_of(tint))
        return red, green, blue


def _linear_of(tint: Tint) -> tuple[float, ...]:
    """Linear red, green and blue; beyond 0 to 1 where no screen has the colour."""
    angle = radians(tint.hue_deg)
    lab = (tint.lightness, tint.chroma * cos(angle), tint.chroma * sin(angle))
    cones = tuple(part**3 for part in _times(_FROM_LAB, lab))
    return _times(_FROM_CONES, cones)


def _shown(parts: tuple[float, ...]) -> bool:
    return all(-_ROUNDING <= part <= 1 + _ROUNDING for part in parts)


def _times(matrix: tuple[tuple[float, ...], ...], vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(part) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: int) -> float:
    """SRGB's curve undone: straight near black, a power above (IEC 61966-2-1)."""
    share = part / 255
    return share / 12.92 if share <= _KNEE * 12.92 else ((share + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return 12.92 * part if part <= _KNEE else 1.055 * part ** (1 / 2.4) - 0.055
