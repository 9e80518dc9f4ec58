# SPDX-License-Identifier: Apache-2.0
"""The virtual terminal's page: plain files, its words in the reader's language."""

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


def html(language: str, *, size: tuple[int, int]) -> str:
    """The page in this language, for a screen of this many pixels."""
    known = language if language in LANGUAGES else "fr"
    width, height = size
    current = {name: 'aria-current="true"' if name == known else "" for name in LANGUAGES}
    text = WORDS.sub(lambda found: escape(say(found[1], known)), source())
    for name, value in {
        "language": known,
        "width": str(width),
        "height": str(height),
        "shape": "portrait" if height > width else "landscape",
        "french": current["fr"],
        "english": current["en"],
    }.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def file(name: str) -> tuple[str, bytes] | None:
    """A file that the page loads: its type and content, None if there is none such."""
    return _files().get(name)


def source() -> str:
    """The page before its words are said."""
    return (HERE / "counter.html").read_text(encoding="utf-8")


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Everything that may be asked for: no path is made from a request."""
    own = {path.name: path for path in HERE.iterdir() if path.suffix in KINDS}
    fonts = {f"fonts/{path.name}": path for path in FONTS.glob("*.woff2")}
    return {name: (KINDS[path.suffix], path.read_bytes()) for name, path in (own | fonts).items()}
