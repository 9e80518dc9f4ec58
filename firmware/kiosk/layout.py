# SPDX-License-Identifier: Apache-2.0
"""Where everything on a screen goes: from a tree of widgets to marks, touches and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware.kiosk.marks import (
    Arranged,
    Bar,
    Code,
    Drawing,
    Faint,
    Likeness,
    Mark,
    Overflow,
    Panel,
    Reading,
    Rect,
    Sign,
    Target,
    Words,
)
from firmware.kiosk.setting import Ruler, Setting
from firmware.kiosk.sizing import TOLERANCE_PX, Sizer
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Axis,
    Box,
    Emblem,
    Icon,
    Leave,
    Line,
    Meter,
    Photo,
    Picture,
    Qr,
    Text,
    Widget,
    walk,
)

_PHOTO_RADIUS: Final = 10
_SHARP_PX: Final = 2
"""Lines are so much thicker in high contrast."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The panel that is drawn on."""

    width: int
    height: int
    large: bool = False
    sharp: bool = False

    @property
    def portrait(self) -> bool:
        """Higher than wide."""
        return self.height > self.width

    @property
    def scale(self) -> float:
        """Pixels of a unit: 1 on 800×480, 1.5 on 720×1280."""
        if self.portrait:
            return min(self.width / 480, self.height / (1280 / 1.5))
        return min(self.width / 800, self.height / 480)


def arrange(widget: Widget, frame: Frame, ruler: Ruler) -> Arranged:
    """Lay a screen out on the whole panel."""
    layout = _Layout(frame, ruler)
    layout.place(widget, _Area(0, 0, frame.width, frame.height))
    return Arranged(
        tuple(layout.marks),
        tuple(layout.targets),
        tuple(layout.readings),
        tuple(layout.overflows),
    )


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of the screen before it is rounded to pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def rect(self) -> Rect:
        x, y = round(self.x), round(self.y)
        return Rect(x, y, round(self.x + self.w) - x, round(self.y + self.h) - y)


class _Layout:
    """One arrangement under way."""

    def __init__(self, frame: Frame, ruler: Ruler) -> None:
        self.k, self.sharp = frame.scale, frame.sharp
        self.setting = Setting(ruler, scale=frame.scale, portrait=frame.portrait, large=frame.large)
        self.sizer = Sizer(self.setting, frame.scale)
        self.marks: list[Mark] = []
        self.targets: list[Target] = []
        self.readings: list[Reading] = []
        self.overflows: list[Overflow] = []
        self._in_touch = False

    def place(self, widget: Widget, area: _Area) -> None:
        """Put a widget into an area that is at least as large as it wants."""
        match widget:
            case Text():
                self._text(widget, area)
            case Box():
                self._box(widget, area)
            case Icon(name=name, tone=tone):
                self.marks.append(Sign(area.rect, name, tone))
            case Picture(name=name):
                self.marks.append(Drawing(area.rect, name))
            case Photo(content=content, icon=icon, tone=tone):
                self.marks.append(Likeness(area.rect, content, icon, tone, _PHOTO_RADIUS * self.k))
            case Qr(content=content):
                self.marks.append(Code(area.rect, content))
            case Emblem():
                self._emblem(widget, area)
            case Meter():
                self._meter(widget, area)
            case Leave(seconds_left=left, of_s=of_s):
                self.marks.append(Panel(area.rect, Tone.RULE))
                part = _Area(area.x, area.y, area.w * min(1, left / of_s), area.h)
                self.marks.append(Panel(part.rect, Tone.INK))
            case _:
                pass

    # ── words ───────────────────────────────────────────────────────────────────────────────────

    def _text(self, text: Text, area: _Area) -> None:
        style = self.setting.style(text)
        lines = self.setting.lines(text, area.w)
        if not self._in_touch:
            self.readings.append(Reading(area.rect, text.text))
        widest = 0.0
        for i, line in enumerate(lines):
            wide = self.setting.width(line, style)
            widest = max(widest, wide)
            left = area.x + _aligned(text.align, area.w, wide)
            top = area.y + i * style.line_px
            self.marks.append(
                Words(
                    # letters reach beyond a tight line: accents above it, tails below
                    _Area(left - 2, top - style.size_px / 2, wide + 4, 2 * style.size_px).rect,
                    left,
                    round(top + style.base_px),
                    line,
                    style.size_px,
                    style.weight,
                    text.tone,
                    style.tracking_px,
                )
            )
        over = max(widest - area.w, (len(lines) - text.lines) * style.line_px)
        if over > TOLERANCE_PX:
            self.overflows.append(Overflow(text.text, over))

    # ── boxes ───────────────────────────────────────────────────────────────────────────────────

    def _box(self, box: Box, area: _Area) -> None:
        self._ground(box, area)
        touch = box.kind != "" and not self._in_touch
        if touch:
            radius = box.radius * self.k
            ring = _ink(box)
            self.targets.append(
                Target(area.rect, box.tap, box.label, box.kind, box.enabled, ring, radius)
            )
            self._in_touch = True
        inner = self._inner(box, area)
        match box.axis:
            case Axis.DOWN:
                self._down(box, inner)
            case Axis.ACROSS:
                self._across(box, inner)
            case Axis.OVER:
                for child in box.children:
                    self.place(child, inner)
        if touch:
            self._in_touch = False

    def _down(self, box: Box, inner: _Area) -> None:
        limits = [self._cross(box, child, inner.w) for child in box.children]
        (kids, heights), over = self.sizer.heights(box, limits, inner.h)
        if over > TOLERANCE_PX:
            self.overflows.append(Overflow(_said(box), over))
        gap, y = self._spread(box, heights, inner.h)
        y += inner.y
        for child, height in zip(kids, heights, strict=True):
            width = self._cross(box, child, inner.w)
            x = inner.x + _aligned(box.cross, inner.w, width)
            self.place(child, _Area(x, y, width, height))
            y += height + gap

    def _cross(self, box: Box, child: Widget, room: float) -> float:
        """Width of a child of a column."""
        if isinstance(child, Box) and child.width is not None:
            return child.width * self.k
        stretched = box.cross is Align.STRETCH and isinstance(child, Text | Box | Leave | Meter)
        return room if stretched else min(room, self.sizer.size(child, room)[0])

    def _across(self, box: Box, inner: _Area) -> None:
        kids, widths = self.sizer.widths(box, inner.w)
        over = sum(widths) + self.sizer.gaps(box, kids) - inner.w
        if over > TOLERANCE_PX:
            self.overflows.append(Overflow(_said(box), over))
        gap, x = self._spread(box, widths, inner.w)
        x += inner.x
        for child, width in zip(kids, widths, strict=True):
            height = self.sizer.size(child, width)[1]
            if box.cross is Align.STRETCH or (isinstance(child, Box) and height > inner.h):
                height = inner.h  # a box that is too high leaves out what it can
            elif height > inner.h + TOLERANCE_PX:
                self.overflows.append(Overflow(_said(box), height - inner.h))
            y = inner.y + _aligned(box.cross, inner.h, height)
            self.place(child, _Area(x, y, width, height))
            x += width + gap

    def _spread(self, box: Box, sizes: Sequence[float], room: float) -> tuple[float, float]:
        """The gap between children and where the first begins."""
        gap = box.gap * self.k
        used = sum(sizes) + gap * max(0, len(sizes) - 1)
        if box.main is Align.BETWEEN and len(sizes) > 1:
            return gap + max(0.0, room - used) / (len(sizes) - 1), 0.0
        return gap, max(0.0, _aligned(box.main, room, used))

    def _inner(self, box: Box, area: _Area) -> _Area:
        around = box.line.width if box.line else 0
        left = (box.pad.left + around + (box.left.width if box.left else 0)) * self.k
        top = (box.pad.top + around + (box.top.width if box.top else 0)) * self.k
        beside, above = self.sizer.inset(box)
        return _Area(area.x + left, area.y + top, area.w - beside, area.h - above)

    # ── grounds and lines ───────────────────────────────────────────────────────────────────────

    def _ground(self, box: Box, area: _Area) -> None:
        if box.fill or box.line:
            line = box.line
            self.marks.append(
                Panel(
                    area.rect,
                    box.fill,
                    line.tone if line else None,
                    self._thick(line) if line else 0,
                    box.radius * self.k,
                )
            )
        rect = area.rect
        if box.top:
            thick = self._thick(box.top)
            self._edge(Rect(rect.x, rect.y, rect.width, thick), box.top)
        if box.bottom:
            thick = self._thick(box.bottom)
            y = rect.y + rect.height - thick
            self._edge(Rect(rect.x, y, rect.width, thick), box.bottom)
        if box.left:
            thick = self._thick(box.left)
            self._edge(Rect(rect.x, rect.y, thick, rect.height), box.left)
        if box.right:
            thick = self._thick(box.right)
            x = rect.x + rect.width - thick
            self._edge(Rect(x, rect.y, thick, rect.height), box.right)

    def _edge(self, rect: Rect, line: Line) -> None:
        self.marks.append(Panel(rect, line.tone))

    def _thick(self, line: Line) -> int:
        # a hairline stays one pixel on both panels
        thick = max(1, int(line.width * self.k))
        return thick + _SHARP_PX if self.sharp else thick

    def _emblem(self, emblem: Emblem, area: _Area) -> None:
        left, top = area.x + emblem.left * self.k, area.y + emblem.top * self.k
        size = round(emblem.size * self.k)
        self.marks.append(Faint(area.rect, emblem.name, size, round(left), round(top)))

    def _meter(self, meter: Meter, area: _Area) -> None:
        rect = area.rect
        height = max(1, round(meter.height * self.k))
        length = round(rect.width * min(1.0, max(0.0, meter.share)))
        bottom = Rect(rect.x, rect.y + rect.height - height, rect.width, height)
        self.marks.append(Bar(bottom, length, meter.radius * self.k, meter.tone))


def _aligned(align: Align, room: float, size: float) -> float:
    match align:
        case Align.CENTRE:
            return (room - size) / 2
        case Align.END:
            return room - size
        case _:
            return 0


def _ink(box: Box) -> Tone:
    """What the words or the icon of a box are drawn in."""
    return next((w.tone for w in walk(box) if isinstance(w, Text | Icon)), Tone.INK)


def _said(box: Box) -> str:
    words = [widget.text for widget in walk(box) if isinstance(widget, Text)]
    return f"{box.kind or box.axis}: {' / '.join(words)}"
