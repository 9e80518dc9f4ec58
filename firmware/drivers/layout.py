# SPDX-License-Identifier: Apache-2.0
"""Fit words into the columns and characters that a receipt printer has."""

from textwrap import wrap
from typing import Final
from unicodedata import combining, normalize

CHARACTERS: Final = "cp858"
"""The characters of every printer sold here: French accents and the euro sign."""

_SPELT: Final = str.maketrans(
    {
        "œ": "oe",
        "Œ": "Oe",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "\N{MINUS SIGN}": "-",
    }
)


def printable(text: str) -> str:
    """The same words in the printer's characters; what it has nothing for becomes a '?'."""
    return "".join(map(_printable, text.translate(_SPELT)))


def wrapped(text: str, columns: int) -> list[str]:
    """The lines of a text, at most so many characters each; at least one."""
    return wrap(printable(text), columns) or [""]


def spread(left: str, right: str, columns: int) -> list[str]:
    """Words from the left edge and a figure at the right edge of the first line."""
    figure = printable(right)[: columns - 2]
    words = wrapped(left, columns - len(figure) - 1)
    return [f"{words[0]:<{columns - len(figure)}}{figure}", *words[1:]]


def _printable(character: str) -> str:
    if character.isspace():
        return " "
    if character.isprintable() and _has(character):
        return character
    plain = "".join(part for part in normalize("NFKD", character) if not combining(part))
    return plain if plain.isprintable() and plain.isascii() and plain else "?"


def _has(character: str) -> bool:
    try:
        character.encode(CHARACTERS)
    except UnicodeEncodeError:
        return False
    return True
