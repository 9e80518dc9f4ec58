# SPDX-License-Identifier: Apache-2.0
"""An eye and a thumb: what on a laid-out screen can't be read or can't be hit."""

from collections.abc import Iterator

from firmware.kiosk.marks import Arranged, Faint, Panel, Rect, Words
from firmware.kiosk.theme import Theme, Tone
from loyalty.colour import contrast

READABLE = 4.5
LARGE = 3.0
LARGE_PX = 40


def unreadable(arranged: Arranged, theme: Theme) -> list[str]:
    """Words whose contrast with any ground under them is too low."""
    found = []
    for i, mark in enumerate(arranged.marks):
        if isinstance(mark, Words) and mark.text.strip():
            least = LARGE if mark.tone is Tone.FRONT_FIGURE else READABLE
            grounds = _grounds(arranged, i, mark)
            worst = min(contrast(theme[mark.tone], theme[ground]) for ground in grounds)
            if worst < least:
                found.append(f"{mark.text}: {worst:.1f}")
    return found


def _grounds(arranged: Arranged, before: int, words: Words) -> set[Tone]:
    x, y = words.rect.x + words.rect.width / 2, words.baseline - words.size_px * 0.3
    grounds = {Tone.PAPER}
    for mark in arranged.marks[:before]:
        if isinstance(mark, Panel) and mark.fill and mark.rect.holds(x, y):
            grounds = {mark.fill}
        elif isinstance(mark, Faint) and mark.rect.holds(x, y):
            grounds |= {mark.tone}
    return grounds


def too_small(arranged: Arranged, width: int, height: int, *, key_width: int) -> list[str]:
    """Touches smaller than a thumb; a keyboard's keys may be narrower."""
    found = []
    for target in arranged.targets:
        least = key_width if target.kind == "key" else width
        if target.rect.width < least or target.rect.height < height:
            found.append(f"{target.label}: {target.rect.width}×{target.rect.height}")
    return found


def overlapping(arranged: Arranged) -> Iterator[tuple[str, str]]:
    """Touches that share a pixel."""
    targets = arranged.targets
    for i, one in enumerate(targets):
        for other in targets[i + 1 :]:
            if one.rect.meets(other.rect):
                yield one.label, other.label


def outside(arranged: Arranged, screen: Rect) -> list[str]:
    """Touches that reach beyond the screen."""
    right, bottom = screen.width, screen.height
    return [
        target.label
        for target in arranged.targets
        if target.rect.x < 0
        or target.rect.y < 0
        or target.rect.x + target.rect.width > right
        or target.rect.y + target.rect.height > bottom
    ]
