# SPDX-License-Identifier: Apache-2.0
"""Letters: Hanken Grotesk in three files, Inter for what they lack, measured and drawn alike."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from unicodedata import normalize

import pygame

from firmware.kiosk.text import NARROW
from loyalty.colour import Rgb

_FOLDER: Final = Path(__file__).parent.parent / "assets" / "fonts"
_INTER: Final = Path("/usr/share/fonts/opentype/inter")
_SETS: Final = ("latin", "latin-ext", "vietnamese")
_INTER_WEIGHTS: Final = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}

_NARROW_EM: Final = 0.2
_NO_CHARACTER: Final = "\uffff"
_MEASURE_PX: Final = 256
"""Tight letters are set by what they measure at this size, finer than a pixel."""

Run = tuple[Path | None, str]
"""Characters that one file draws; no file: a narrow gap."""


class Fonts:
    """A ruler that measures what it will draw."""

    def width(self, text: str, *, size_px: int, weight: int, tracking_px: float) -> float:
        """Width of one line, in pixels."""
        return _width(normalize("NFC", text), size_px, weight, tracking_px)

    def draw(
        self,
        surface: pygame.Surface,
        at: tuple[float, int],
        text: str,
        *,
        size_px: int,
        weight: int,
        tracking_px: float,
        colour: Rgb,
    ) -> None:
        """Draw one line; `at` is where its baseline begins."""
        x, baseline = at
        for path, part in _runs(normalize("NFC", text), weight):
            if path is None:
                x += _NARROW_EM * size_px
            elif tracking_px:
                for letter, step in _steps(path, part):
                    self._put(surface, (x, baseline), _drawn(path, letter, size_px, colour))
                    x += step * size_px + tracking_px
            else:
                self._put(surface, (x, baseline), _drawn(path, part, size_px, colour))
                x += _font(path, size_px).size(part)[0]

    @staticmethod
    def _put(surface: pygame.Surface, at: tuple[float, int], drawn: "Drawn") -> None:
        letters, left, ascent = drawn
        surface.blit(letters, (round(at[0]) + left, at[1] - ascent))


Drawn = tuple[pygame.Surface, int, int]
"""Letters, how far they begin left of their origin, and their height above the line."""


@lru_cache(maxsize=2048)
def _drawn(path: Path, text: str, size_px: int, colour: Rgb) -> Drawn:
    font = _font(path, size_px)
    first = font.metrics(text[0])[0]
    return font.render(text, True, colour), min(0, first[0]) if first else 0, font.get_ascent()  # noqa: FBT003


@lru_cache(maxsize=4096)
def _width(text: str, size_px: int, weight: int, tracking_px: float) -> float:
    wide = 0.0
    for path, part in _runs(text, weight):
        if path is None:
            wide += _NARROW_EM * size_px
        elif tracking_px:
            wide += sum(step * size_px + tracking_px for _, step in _steps(path, part))
        else:
            wide += _font(path, size_px).size(part)[0]
    return wide - tracking_px if text else 0.0


@lru_cache(maxsize=1024)
def _steps(path: Path, text: str) -> tuple[tuple[str, float], ...]:
    """Each letter and its distance to the next, kerned, in sizes."""
    font = _font(path, _MEASURE_PX)
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    widths = [font.size(pair)[0] - font.size(pair[1])[0] for pair in pairs]
    widths.append(font.size(text[-1])[0])
    return tuple((c, w / _MEASURE_PX) for c, w in zip(text, widths, strict=True))


@lru_cache(maxsize=4096)
def _runs(text: str, weight: int) -> tuple[Run, ...]:
    """Split a line at narrow gaps, and at words or letters that another file draws."""
    runs: list[Run] = []
    for word in re.findall(rf"{NARROW}|[^\s{NARROW}]+|\s", text):
        pieces = [(None, "")] if word == NARROW else _pieces(word, weight, runs)
        for path, part in pieces:
            if runs and path is not None and runs[-1][0] == path:
                runs[-1] = (path, runs[-1][1] + part)
            else:
                runs.append((path, part))
    return tuple(runs)


def _pieces(word: str, weight: int, before: list[Run]) -> list[Run]:
    if word.isspace():
        last = before[-1][0] if before else None
        return [(last or _hanken(weight)[0], word if word == "\u00a0" else " ")]
    files = [next((f for f in _hanken(weight) if _draws(f, c)), None) for c in word]
    inter = _INTER / f"Inter-{_INTER_WEIGHTS[weight]}.otf"
    if None in files and inter.exists():
        return [(inter, word)]
    return [(file or _hanken(weight)[0], c) for file, c in zip(files, word, strict=True)]


@cache
def _hanken(weight: int) -> tuple[Path, ...]:
    return tuple(_FOLDER / f"hanken-grotesk-{name}-{weight}-normal.woff2" for name in _SETS)


@cache
def _font(path: Path, size_px: int) -> pygame.font.Font:
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(path, size_px)


@lru_cache(maxsize=1024)
def _draws(path: Path, character: str) -> bool:
    """Whether a file has a character: what it lacks measures as the empty box does.

    Drawn it could look right, for a missing accent is put together from two letters, badly.
    """
    font = _font(path, _MEASURE_PX)
    return font.metrics(character) != font.metrics(_NO_CHARACTER)
