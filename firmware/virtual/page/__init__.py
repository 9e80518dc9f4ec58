# SPDX-License-Identifier: Apache-2.0
"""The virtual terminal's pages: plain files, their words in the reader's language."""

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from firmware import kiosk
from firmware.virtual.words import LANGUAGES, say

HERE: Final = Path(__file__).parent
FONTS: Final = Path(kiosk.__file__).parent / "assets" / "fonts"
"""The page is set in the letters of the screen."""

KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

WORDS: Final = re.compile(r"\[\[(.+?)\]\]")
"""A French sentence in the page's source, to be said in the reader's language."""


def counter(language: str, *, size: tuple[int, int]) -> str:
    """The terminal's page in this language, for a screen of this many pixels."""
    width, height = size
    shape = "portrait" if height > width else "landscape"
    return _said("counter", language, width=str(width), height=str(height), shape=shape)


def enrolling(language: str) -> str:
    """The page of a board that is no terminal yet, in this language."""
    return _said("enrol", language)


def file(name: str) -> tuple[str, bytes] | None:
    """A file that the page loads: its type and content, None if there is none such."""
    return _files().get(name)


def source(name: str) -> str:
    """A page before its words are said."""
    return (HERE / f"{name}.html").read_text(encoding="utf-8")


def _said(name: str, language: str, **values: str) -> str:
    known = language if language in LANGUAGES else "fr"
    current = {"french": "fr", "english": "en"}
    values |= {key: 'aria-current="true"' * (known == one) for key, one in current.items()}
    text = WORDS.sub(lambda found: escape(say(found[1], known)), source(name))
    for key, value in {"language": known, **values}.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return text


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Everything that may be asked for: no path is made from a request."""
    own = {path.name: path for path in HERE.iterdir() if path.suffix in KINDS}
    fonts = {f"fonts/{path.name}": path for path in FONTS.glob("*.woff2")}
    return {name: (KINDS[path.suffix], path.read_bytes()) for name, path in (own | fonts).items()}
