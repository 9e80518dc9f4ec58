# SPDX-License-Identifier: Apache-2.0
"""The terminal's words: sentences, amounts and dates, in French first and in English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final


class Language(StrEnum):
    """What the terminal speaks."""

    FRENCH = "fr"
    ENGLISH = "en"

    @property
    def other(self) -> "Language":
        """The one that the switch on the front leads to."""
        return Language.ENGLISH if self is Language.FRENCH else Language.FRENCH


NARROW: Final = "\u202f"
"""The narrow space that never breaks: before € % : ; ! ? and between thousands, in French."""

MINUS: Final = "\N{MINUS SIGN}"

_LOCALE: Final = Path(__file__).parent / "locale"
_TIGHT: Final = re.compile(r" (?=[:;!?%€»])|(?<=«) ")
_DAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.FRENCH: ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    Language.ENGLISH: (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
}
_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.FRENCH: (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    Language.ENGLISH: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_SHORT_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.FRENCH: (
        *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
        *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
    ),
    Language.ENGLISH: (
        *("Jan", "Feb", "Mar", "Apr", "May", "June"),
        *("July", "Aug", "Sept", "Oct", "Nov", "Dec"),
    ),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """One language."""

    language: Language = Language.FRENCH

    def t(self, sentence: str, **facts: object) -> str:
        """A sentence of ours, which is French in the source; facts fill its braces."""
        return self._set(_catalogue(self.language).gettext(sentence)).format(**facts)

    def n(self, one: str, many: str, count: int, **facts: object) -> str:
        """A sentence that counts; `{n}` in it is the count, written out."""
        if self.language is Language.FRENCH:
            # 0 is singular in French, and gettext without a catalogue counts as English does
            sentence = one if abs(count) < 2 else many  # noqa: PLR2004 - two make a plural
        else:
            sentence = _catalogue(self.language).ngettext(one, many, count)
        return self._set(sentence).format(n=self.number(count), **facts)

    def money(self, cents: int, *, short: bool = False, signed: bool = False) -> str:
        """An amount: 12,80 €, or €12.80; `short` leaves out cents that are 0."""
        sign = MINUS if cents < 0 else "+" if signed else ""
        euros, rest = divmod(abs(cents), 100)
        whole = self._thousands(euros)
        if self.language is Language.FRENCH:
            return f"{sign}{whole}{'' if short and not rest else f',{rest:02}'}{NARROW}€"
        return f"{sign}€{whole}{'' if short and not rest else f'.{rest:02}'}"

    def number(self, value: int, *, signed: bool = False) -> str:
        """A whole number, its thousands apart; `signed` writes its plus."""
        sign = MINUS if value < 0 else "+" if signed else ""
        return sign + self._thousands(abs(value))

    def day(self, day: date, *, short: bool = False) -> str:
        """A day of this year: samedi 21 novembre, or 21 nov."""
        months = (_SHORT_MONTHS if short else _MONTHS)[self.language]
        first = self.language is Language.FRENCH and day.day == 1
        text = f"{day.day}{'er' if first else ''} {months[day.month - 1]}"
        return text if short else f"{_DAYS[self.language][day.weekday()]} {text}"

    def date(self, day: date) -> str:
        """A day with its year, for paper: 21/11/2026 in both languages."""
        return f"{day:%d/%m/%Y}"

    def clock(self, at: datetime) -> str:
        """The time of day."""
        return f"{at:%H:%M}"

    def _thousands(self, value: int) -> str:
        return (
            f"{value:,}".replace(",", NARROW) if self.language is Language.FRENCH else f"{value:,}"
        )

    def _set(self, sentence: str) -> str:
        """French punctuation keeps its distance without ever starting a line."""
        return _TIGHT.sub(NARROW, sentence) if self.language is Language.FRENCH else sentence


@cache
def _catalogue(language: Language) -> NullTranslations:
    return translation("kiosk", _LOCALE, [language], fallback=True)
