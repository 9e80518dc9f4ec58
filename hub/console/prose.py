# SPDX-License-Identifier: Apache-2.0
"""A merchant's own words with light marks: headings, lists and paragraphs, never any HTML."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

LONGEST: Final = 8_000
"""Characters of a page."""
_MARKS: Final = re.compile(r"^(#|[-*•])\s+")
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the words around them: nobody types one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a list or a paragraph; its lines are plain text."""

    kind: str
    lines: tuple[str, ...]


def clean(text: str) -> str:
    """What is kept of what was typed: no control characters, no more than one empty line."""
    whole = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in whole if c == "\n" or _seen(c))
    lines = (line.rstrip() for line in seen.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST]


def blocks(text: str) -> tuple[Block, ...]:
    """The page, block by block: « # » begins a heading, « - » an item, an empty line a paragraph."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    for kind, lines in groupby(text.split("\n"), _kind):
        said = tuple(_MARKS.sub("", line.strip()) for line in lines)
        if kind == "heading":
            yield from (Block(kind=kind, lines=(line,)) for line in said)
        elif kind:
            yield Block(kind=kind, lines=said)


def _kind(line: str) -> str:
    mark = _MARKS.match(line.strip())
    if mark:
        return "heading" if mark[1] == "#" else "list"
    return "paragraph" if line.strip() else ""


def _seen(char: str) -> bool:
    return unicodedata.category(char) != "Cc" and char not in _DIRECTIONS
