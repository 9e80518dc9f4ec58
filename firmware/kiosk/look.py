# SPDX-License-Identifier: Apache-2.0
"""How one terminal looks: its panel, its shop's colour, and what people may switch on it."""

from dataclasses import dataclass

from firmware.kiosk.layout import Frame
from firmware.kiosk.text import Language, Speech
from firmware.kiosk.theme import VERT_WAGON, Theme, theme
from firmware.kiosk.ui import Ctx, Pointing


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Settings of one screen."""

    width: int = 800
    height: int = 480
    language: Language = Language.FRENCH
    colour: str = VERT_WAGON
    """The merchant's own, as #RRGGBB."""
    emblem: str = ""
    """A name of `icons.EMBLEMS`; empty: the merchant's initial."""
    pointing: Pointing = Pointing.BELOW
    dark: bool = False
    sharp: bool = False
    """High contrast."""
    large: bool = False
    """Large text."""

    @property
    def frame(self) -> Frame:
        """The panel to lay out on."""
        return Frame(self.width, self.height, self.large, self.sharp)

    @property
    def theme(self) -> Theme:
        """The colours to paint with."""
        return theme(self.colour, dark=self.dark, sharp=self.sharp)

    def ctx(self, *, page: int = 0, away: bool = False) -> Ctx:
        """What screens are told of it."""
        return Ctx(
            Speech(self.language),
            portrait=self.frame.portrait,
            large=self.large,
            sharp=self.sharp,
            page=page,
            away=away,
            pointing=self.pointing,
            emblem=self.emblem,
        )
