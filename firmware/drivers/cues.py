# SPDX-License-Identifier: Apache-2.0
"""What a counter hears and sees: every sound and light of the product, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Cue(StrEnum):
    """Something the person at the counter should notice without reading."""

    READ = "read"
    """A card was read."""
    SAVED = "saved"
    """It is on the disk."""
    REFUSED = "refused"
    PRINTER = "printer"
    """The printer needs a hand."""
    READY = "ready"
    """A card may be shown; lasts until the next cue."""
    REPAIR = "repair"
    """The terminal needs a hand; lasts until the next cue."""


@dataclass(frozen=True, slots=True)
class Rgb:
    """A colour of light, each part from 0 to 255."""

    red: int
    green: int
    blue: int


@dataclass(frozen=True, slots=True)
class Tone:
    """One note."""

    frequency_hz: int
    length_ms: int


class Light(StrEnum):
    """Whose colour is shown."""

    SHOP = "shop"
    WHITE = "white"
    BRICK = "brick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How one cue sounds and shines."""

    tones: tuple[Tone, ...] = ()
    light: Light | None = None
    """None leaves the light as it is."""
    light_ms: int | None = None
    """None: until the next steady light."""

    @property
    def steady(self) -> Light | None:
        """The light that stays, if this sign has one."""
        return self.light if self.light_ms is None else None


GAP_MS: Final = 40
"""Silence between two notes, so that two equal ones are heard as two."""

SIGNS: Final[Mapping[Cue, Sign]] = {
    Cue.READ: Sign(tones=(Tone(880, 60), Tone(1175, 60)), light=Light.SHOP, light_ms=400),
    Cue.SAVED: Sign(tones=(Tone(1175, 80), Tone(1568, 80)), light=Light.SHOP, light_ms=400),
    Cue.REFUSED: Sign(tones=(Tone(220, 180),)),
    Cue.PRINTER: Sign(tones=(Tone(330, 120), Tone(330, 120))),
    Cue.READY: Sign(light=Light.WHITE),
    Cue.REPAIR: Sign(light=Light.BRICK),
}

VERT_WAGON: Final = Rgb(0x1D, 0x4A, 0x3C)
"""The shop's colour where the merchant has chosen none."""

WHITE: Final = Rgb(255, 255, 255)
BRICK: Final = Rgb(0xAE, 0x31, 0x1B)


def colour(light: Light, shop: Rgb) -> Rgb:
    """The colour to shine, in the shop that has this colour."""
    match light:
        case Light.SHOP:
            return shop
        case Light.WHITE:
            return WHITE
        case Light.BRICK:
            return BRICK
