# SPDX-License-Identifier: Apache-2.0
"""The screen itself: shows an outcome, says what is under a finger. The only door to pygame."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from threading import RLock
from typing import Final

import pygame

from firmware.kiosk.display.fonts import Fonts
from firmware.kiosk.display.paint import Painter
from firmware.kiosk.layout import Frame, arrange
from firmware.kiosk.look import Look
from firmware.kiosk.marks import Arranged, Mark, Panel, Rect, Target
from firmware.kiosk.screens import tree
from firmware.kiosk.theme import Tone
from firmware.till.outcome import Front, Outcome
from firmware.till.tap import KioskTap, SwitchContrast, SwitchLanguage, Tap, TurnPage

_RING: Final = 4
"""Thickness of the ring on what a finger is on, in units."""


class Display:
    """One panel. Without a window it is painted in memory: tests and the virtual terminal.

    Its methods may be called from any thread, but `touches` only from the one that made it.
    """

    def __init__(self, look: Look, *, window: bool = False) -> None:
        self._set_look = self._look = look
        self._lock = RLock()
        self._fonts = Fonts()
        self._canvas = pygame.Surface((look.width, look.height), 0, 32)
        self._window = _open(look) if window else None
        self._outcome: Outcome | None = None
        self._page = 0
        self._away = False
        self._arranged = Arranged((), (), (), ())
        self._painted: tuple[Mark, ...] = ()
        self._painter = Painter(look.theme, self._fonts)
        self._pressed: Target | None = None
        self.frame = 0
        """Counts what was painted: who watches looks again when it moved."""

    # ── showing ─────────────────────────────────────────────────────────────────────────────────

    @property
    def look(self) -> Look:
        """How it looks now, whatever was switched by a touch."""
        return self._look

    def show(self, outcome: Outcome) -> None:
        """Put the screen of an outcome on the panel; the frame is finished when this returns."""
        with self._lock:
            if type(outcome) is not type(self._outcome):
                self._page = 0
            if isinstance(outcome, Front) and outcome.colour:
                self._wear(outcome.colour)
            self._outcome = outcome
            self._draw()

    def switch(self, tap: KioskTap) -> None:
        """Do what the screen decides by itself."""
        with self._lock:
            match tap:
                case SwitchLanguage():
                    self._relook(replace(self._look, language=self._look.language.other))
                case SwitchContrast():
                    self._relook(easier(self._look))
                case TurnPage():
                    self._page += 1
            self._draw()

    def restore(self) -> None:
        """Back to the settings it was made with: the next customer reads French again."""
        with self._lock:
            if self._look != self._set_look:
                self._relook(self._set_look)
                self._draw()

    def scanner_away(self, *, away: bool) -> None:
        """Say on the screen that a scanner is unplugged, or no longer."""
        with self._lock:
            if away is not self._away:
                self._away = away
                self._draw()

    def _wear(self, colour: str) -> None:
        """Take the merchant's colour, where it was changed: between two customers."""
        if colour != self._set_look.colour:
            self._set_look = replace(self._set_look, colour=colour)
            self._relook(replace(self._look, colour=colour))

    def _relook(self, look: Look) -> None:
        self._look = look
        self._painter = Painter(look.theme, self._fonts)
        self._painted = ()

    def _draw(self) -> None:
        if self._outcome is None:
            return
        ctx = self._look.ctx(page=self._page, away=self._away)
        self._arranged = arrange(tree(self._outcome, ctx), self._look.frame, self._fonts)
        marks = self._arranged.marks
        if self._pressed in self._arranged.targets:
            marks += _ring(self._pressed, self._look.frame)
        else:
            self._pressed = None
        self._paint(marks)

    def _paint(self, marks: tuple[Mark, ...]) -> None:
        """Paint what changed since the last time, and all that lies over or under it."""
        whole = Rect(0, 0, self._look.width, self._look.height)
        changed = whole
        if self._painted:
            rects = [mark.rect for mark in set(marks).symmetric_difference(self._painted)]
            if not rects:
                return
            changed = rects[0]
            for rect in rects[1:]:
                changed = changed.around(rect)
        self._painted = marks
        self.frame += 1
        self._canvas.set_clip(pygame.Rect(changed))
        self._canvas.fill(self._painter.theme[Tone.PAPER])
        for mark in marks:
            if mark.rect.meets(changed):
                self._painter.paint(self._canvas, mark)
        self._canvas.set_clip(None)
        if self._window:
            self._window.blit(self._canvas, changed[:2], changed)
            pygame.display.update(changed)

    # ── touching ────────────────────────────────────────────────────────────────────────────────

    def hit(self, x: float, y: float) -> Tap | KioskTap | None:
        """What a touch there asks; None where there is nothing to touch."""
        with self._lock:
            target = self._target(x, y)
            return target.tap if target and target.enabled else None

    def press(self, x: float, y: float) -> Tap | KioskTap | None:
        """Like `hit`, and shows that it was felt until `release`."""
        with self._lock:
            target = self._target(x, y)
            if target is None or not target.enabled or target.tap is None:
                return None
            self._pressed = target
            self._paint(self._arranged.marks + _ring(target, self._look.frame))
            return target.tap

    def release(self) -> None:
        """The finger is gone."""
        with self._lock:
            if self._pressed:
                self._pressed = None
                self._paint(self._arranged.marks)

    def touches(self) -> Iterator[tuple[float, float] | None]:
        """Where fingers came down on the window since the last call, None for each that left."""
        if self._window is None:
            return
        for event in pygame.event.get():
            if event.type == pygame.MOUSEBUTTONDOWN:
                yield event.pos
            elif event.type == pygame.MOUSEBUTTONUP:
                yield None
            elif event.type in {pygame.VIDEOEXPOSE, pygame.WINDOWEXPOSED}:
                self._window.blit(self._canvas, (0, 0))
                pygame.display.flip()
            elif event.type == pygame.QUIT:
                raise SystemExit

    def _target(self, x: float, y: float) -> Target | None:
        return next((t for t in reversed(self._arranged.targets) if t.rect.holds(x, y)), None)

    # ── for programs ────────────────────────────────────────────────────────────────────────────

    def png(self) -> bytes:
        """The panel as a PNG."""
        with self._lock:
            written = BytesIO()
            pygame.image.save(self._canvas, written, "screen.png")
            return written.getvalue()

    def widgets(self) -> list[dict[str, object]]:
        """What is on the screen: {kind, label, enabled, rect: [x, y, width, height]}."""
        with self._lock:
            touch = [
                _said(t.kind, t.label, t.rect, enabled=t.enabled) for t in self._arranged.targets
            ]
            read = [_said("text", r.text, r.rect, enabled=False) for r in self._arranged.readings]
            return touch + read

    @property
    def outcome_name(self) -> str:
        """What the screen shows, by the name of its type; empty before the first."""
        return type(self._outcome).__name__ if self._outcome else ""

    @property
    def arranged(self) -> Arranged:
        """The screen as it is laid out."""
        return self._arranged


def easier(look: Look) -> Look:
    """The next step of the one switch for who sees badly: contrast, then large, then neither."""
    if not look.sharp:
        return replace(look, sharp=True, large=False)
    return replace(look, large=True) if not look.large else replace(look, sharp=False, large=False)


def _open(look: Look) -> pygame.Surface:
    pygame.display.init()
    pygame.mouse.set_visible(False)
    size = (look.width, look.height)
    fits = size in pygame.display.get_desktop_sizes()
    # on the terminal's own panel nothing is scaled; on a developer's screen it is
    return pygame.display.set_mode(size, pygame.FULLSCREEN | (0 if fits else pygame.SCALED))


def _ring(target: Target | None, frame: Frame) -> tuple[Mark, ...]:
    if target is None:
        return ()
    thick = round(_RING * frame.scale)
    return (Panel(target.rect, None, target.ring, thick, target.radius_px),)


def _said(kind: str, label: str, rect: Rect, *, enabled: bool) -> dict[str, object]:
    return {"kind": kind, "label": label, "enabled": enabled, "rect": list(rect)}
