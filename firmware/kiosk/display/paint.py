# SPDX-License-Identifier: Apache-2.0
"""Paints marks: flat fills, smooth corners, our icons as SVG, letters; all of it kept for reuse."""

from functools import lru_cache
from io import BytesIO
from math import ceil, sqrt

import pygame

from firmware.kiosk import icons, qr
from firmware.kiosk.display.fonts import Fonts
from firmware.kiosk.marks import (
    Bar,
    Code,
    Drawing,
    Faint,
    Likeness,
    Mark,
    Panel,
    Rect,
    Sign,
    Words,
)
from firmware.kiosk.theme import Theme
from loyalty.colour import Rgb, hexed

_DARK: Rgb = (0x15, 0x23, 0x1E)
_WHITE: Rgb = (255, 255, 255)
_CODE_RADIUS = 12


class Painter:
    """Paints marks in the colours of a theme."""

    def __init__(self, theme: Theme, fonts: Fonts) -> None:
        self.theme, self._fonts = theme, fonts

    def paint(self, surface: pygame.Surface, mark: Mark) -> None:
        """Put one mark on a surface."""
        match mark:
            case Panel():
                self._panel(surface, mark)
            case Words():
                self._fonts.draw(
                    surface,
                    (mark.x, mark.baseline),
                    mark.text,
                    size_px=mark.size_px,
                    weight=mark.weight,
                    tracking_px=mark.tracking_px,
                    colour=self.theme[mark.tone],
                )
            case Sign(rect=rect, name=name, tone=tone):
                self._sign(surface, rect, name, self.theme[tone])
            case Faint():
                self._faint(surface, mark)
            case Drawing(rect=rect, name=name):
                drawn = icons.picture(name, rect.width, rect.height, self.theme.__getitem__)
                surface.blit(_svg(drawn), rect[:2])
            case Likeness():
                self._likeness(surface, mark)
            case Code():
                self._code(surface, mark)
            case Bar():
                self._bar(surface, mark)

    def _panel(self, surface: pygame.Surface, panel: Panel) -> None:
        fill = self.theme[panel.fill] if panel.fill else None
        line = self.theme[panel.line] if panel.line else None
        rect = panel.rect
        if not panel.radius_px and not line:
            if fill:
                surface.fill(fill, rect)
            return
        _rounded(
            surface,
            rect,
            fill=fill,
            line=line,
            line_px=panel.line_px,
            radius_px=panel.radius_px,
        )

    def _sign(self, surface: pygame.Surface, rect: Rect, name: str, colour: Rgb) -> None:
        if name in icons.EMBLEMS:
            surface.blit(_svg(icons.emblem(name, rect.width, colour)), rect[:2])
        elif len(name) == 1:
            line = max(2, rect.width // 16)
            _rounded(surface, rect, line=colour, line_px=line, radius_px=rect.width / 2)
            self._letter(surface, name, rect, round(rect.width * 0.56), colour)
        else:
            surface.blit(_svg(icons.icon(name, rect.width, colour)), rect[:2])

    def _letter(
        self, surface: pygame.Surface, letter: str, rect: Rect, size_px: int, colour: Rgb
    ) -> None:
        width = self._fonts.width(letter, size_px=size_px, weight=700, tracking_px=0)
        x = rect.x + (rect.width - width) / 2
        baseline = round(rect.y + rect.height / 2 + size_px * 0.355)
        self._fonts.draw(
            surface,
            (x, baseline),
            letter,
            size_px=size_px,
            weight=700,
            tracking_px=0,
            colour=colour,
        )

    def _faint(self, surface: pygame.Surface, mark: Faint) -> None:
        colour = self.theme[mark.tone]
        clip = surface.get_clip()
        surface.set_clip(clip.clip(pygame.Rect(mark.rect)))
        if mark.name in icons.EMBLEMS:
            drawn = _svg(icons.emblem(mark.name, mark.size_px, colour))
            surface.blit(drawn, (mark.left, mark.top))
        else:
            whole = Rect(mark.left, mark.top, mark.size_px, mark.size_px)
            self._letter(surface, mark.name, whole, mark.size_px, colour)
        surface.set_clip(clip)

    def _likeness(self, surface: pygame.Surface, mark: Likeness) -> None:
        photo = _photo(mark.content, mark.rect.width, mark.rect.height, mark.radius_px)
        if photo:
            surface.blit(photo, mark.rect[:2])
            return
        size = min(mark.rect.width, mark.rect.height) // 2
        x = mark.rect.x + (mark.rect.width - size) // 2
        y = mark.rect.y + (mark.rect.height - size) // 2
        self._sign(surface, Rect(x, y, size, size), mark.icon, self.theme[mark.tone])

    def _code(self, surface: pygame.Surface, code: Code) -> None:
        """As large as whole pixels allow: a blurred module is one that phones misread."""
        rows = qr.modules(code.content)
        step = max(1, code.rect.width // (len(rows) + 2 * qr.QUIET))
        size = step * (len(rows) + 2 * qr.QUIET)
        ground = Rect(code.rect.x, code.rect.y, size, size)
        _rounded(surface, ground, fill=_WHITE, radius_px=_CODE_RADIUS)
        start = step * qr.QUIET
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    left, top = code.rect.x + start + x * step, code.rect.y + start + y * step
                    surface.fill(_DARK, (left, top, step, step))

    def _bar(self, surface: pygame.Surface, bar: Bar) -> None:
        """The bottom of the inside of a rounded box, cut where the bar ends."""
        width, height, radius = bar.rect.width, bar.rect.height, bar.radius_px
        end = min(bar.length_px, round(width - radius))
        if end <= radius:
            return
        start = radius - sqrt(max(0.0, radius**2 - (radius - height) ** 2))
        colour = hexed(self.theme[bar.tone])
        drawn = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
            f'<path fill="{colour}" d="M{start:.2f} 0H{end}V{height}H{radius}'
            f'A{radius} {radius} 0 0 1 {start:.2f} 0z"/></svg>'
        )
        surface.blit(_svg(drawn), bar.rect[:2])


@lru_cache(maxsize=256)
def _svg(drawn: str) -> pygame.Surface:
    return pygame.image.load(BytesIO(drawn.encode()), "drawn.svg")


@lru_cache(maxsize=64)
def _photo(content: bytes, width: int, height: int, radius_px: float) -> pygame.Surface | None:
    """Cut to that size with round corners; None: no program of ours can read it."""
    try:
        found = pygame.image.load(BytesIO(content), "photo.jpg")
        scaled = pygame.transform.smoothscale(found, (width, height))
    except (pygame.error, ValueError):
        return None
    shown = pygame.Surface((width, height), pygame.SRCALPHA, 32)
    shown.blit(scaled, (0, 0))
    mask = pygame.Surface((width, height), pygame.SRCALPHA, 32)
    _rounded(mask, Rect(0, 0, width, height), fill=_WHITE, radius_px=radius_px)
    shown.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MIN)
    return shown


def _rounded(
    surface: pygame.Surface,
    rect: Rect,
    *,
    fill: Rgb | None = None,
    line: Rgb | None = None,
    line_px: int = 0,
    radius_px: float,
) -> None:
    """A rectangle whose line lies within it: smooth corners, and plain fills between them."""
    x, y, width, height = rect
    corner = min(max(ceil(radius_px), line_px) + 1, width // 2, height // 2)
    drawn = _corners(2 * corner, fill, line, line_px, radius_px)
    for right in (0, 1):
        for bottom in (0, 1):
            at = (x + right * (width - corner), y + bottom * (height - corner))
            surface.blit(drawn, at, (right * corner, bottom * corner, corner, corner))
    across, down = width - 2 * corner, height - 2 * corner
    if fill:
        surface.fill(fill, (x + corner, y, across, height))
        surface.fill(fill, (x, y + corner, corner, down))
        surface.fill(fill, (x + width - corner, y + corner, corner, down))
    if line:
        for top in (y, y + height - line_px):
            surface.fill(line, (x + corner, top, across, line_px))
        for left in (x, x + width - line_px):
            surface.fill(line, (left, y + corner, line_px, down))


@lru_cache(maxsize=64)
def _corners(
    size: int, fill: Rgb | None, line: Rgb | None, line_px: int, radius_px: float
) -> pygame.Surface:
    inset = line_px / 2
    return _svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<rect x="{inset}" y="{inset}" width="{size - line_px}" height="{size - line_px}"'
        f' rx="{max(0.0, radius_px - inset)}" fill="{hexed(fill) if fill else "none"}"'
        f' stroke="{hexed(line) if line else "none"}" stroke-width="{line_px}"/></svg>'
    )
