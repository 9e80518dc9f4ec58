# SPDX-License-Identifier: Apache-2.0
"""A piece of hardware is a URL: take it apart, and say what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from firmware.faults import BadSetting


@dataclass(frozen=True, slots=True)
class Address:
    """`scheme://place?option=value`, as written in the terminal's configuration."""

    url: str
    scheme: str
    place: str
    """Host and port, path, or pins: whatever stands between the scheme and the options."""
    options: Mapping[str, str]

    @classmethod
    def parse(cls, url: str, *, options: Collection[str] = ()) -> Self:
        """Take a URL apart; only the named options are allowed.

        Raises:
            BadSetting: it is no URL, or has an option that nobody reads.
        """
        try:
            parts = urlsplit(url)
            given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError as error:
            raise BadSetting("Adresse illisible : {url}.", url=url) from error
        for name, _ in given:
            if name not in options:
                raise unknown(url, name, options)
        place = unquote(parts.netloc + parts.path)
        return cls(url, parts.scheme, place, dict(given))

    def number(self, option: str, default: float, *, least: float, most: float) -> float:
        """An option that is a number between two others.

        Raises:
            BadSetting: it is not.
        """
        try:
            value = float(self.options.get(option, default))
        except ValueError:
            raise self.refused(option) from None
        if not least <= value <= most:
            raise self.refused(option)
        return value

    def refused(self, option: str) -> BadSetting:
        """The fault to raise when an option has a value that makes no sense."""
        return BadSetting(
            "Dans {url}, la valeur de {option} n’est pas possible.", url=self.url, option=option
        )


def unknown(url: str, word: str, known: Collection[str]) -> BadSetting:
    """The fault to raise for a word of the configuration that means nothing here."""
    close = get_close_matches(word, known, n=1)
    if close:
        return BadSetting(
            "Dans {url}, {word} est inconnu : vouliez-vous dire {close} ?",
            url=url,
            word=word,
            close=close[0],
        )
    return BadSetting(
        "Dans {url}, {word} est inconnu. Possible : {known}.",
        url=url,
        word=word,
        known=", ".join(sorted(known)) or "–",
    )
