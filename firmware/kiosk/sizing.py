# SPDX-License-Identifier: Apache-2.0
"""How large widgets are and how boxes share their room among children, as on a web page."""

from collections.abc import Sequence
from typing import Final, TypeGuard

from firmware.kiosk.setting import Setting
from firmware.kiosk.ui import (
    Axis,
    Box,
    Emblem,
    Icon,
    Leave,
    Meter,
    Photo,
    Picture,
    Qr,
    Space,
    Text,
    Widget,
)

TOLERANCE_PX: Final = 1.0
"""Less than this is rounding."""

Shares = tuple[tuple[Widget, ...], list[float]]
"""The children that fit, and what each gets along the axis of its box, in pixels."""


class Sizer:
    """Sizes on one panel; remembers what it measured while one screen is laid out."""

    def __init__(self, setting: Setting, scale: float) -> None:
        self.setting, self._k = setting, scale
        # by identity: while a screen is laid out its widgets stay where they are
        self._sizes: dict[tuple[int, float], tuple[float, float]] = {}
        self._narrowest: dict[int, float] = {}

    def size(self, widget: Widget, limit: float) -> tuple[float, float]:
        """Width and height that a widget wants where it may be `limit` wide."""
        key = (id(widget), limit)
        if key not in self._sizes:
            self._sizes[key] = self._size(widget, limit)
        return self._sizes[key]

    def height(self, widget: Widget, width: float) -> float:
        """Height of a child of a column of that width."""
        if isinstance(widget, Box) and widget.width is not None:
            width = widget.width * self._k
        return self.size(widget, width)[1]

    def inset(self, box: Box) -> tuple[float, float]:
        """Room that padding and lines take: beside each other, above each other."""
        across, down = box.pad.left + box.pad.right, box.pad.top + box.pad.bottom
        around = 2 * box.line.width if box.line else 0
        across += sum(edge.width for edge in (box.left, box.right) if edge)
        down += sum(edge.width for edge in (box.top, box.bottom) if edge)
        return (across + around) * self._k, (down + around) * self._k

    def gaps(self, box: Box, kids: Sequence[object]) -> float:
        """Room between the children."""
        return box.gap * self._k * max(0, len(kids) - 1)

    def widths(self, box: Box, inner: float) -> Shares:
        """How the children of a row share its width."""
        kids = box.children
        while True:
            room = inner - self.gaps(box, kids)
            floors = [self._least(child) for child in kids]
            if sum(floors) <= room + TOLERANCE_PX or not any(child.optional for child in kids):
                break
            kids = _without_last_optional(kids)
        wants = [
            self.inset(child)[0] if _even(child) else max(self.size(child, inner)[0], floor)
            for child, floor in zip(kids, floors, strict=True)
        ]
        free = room - sum(wants)
        if free >= 0:
            return kids, _grown(wants, floors, [child.grow for child in kids], free)
        slack = [max(0.0, want - floor) for want, floor in zip(wants, floors, strict=True)]
        part = min(1, -free / sum(slack)) if sum(slack) else 0
        return kids, [
            max(want - part * give, floor)
            for want, give, floor in zip(wants, slack, floors, strict=True)
        ]

    def heights(self, box: Box, widths: list[float], inner: float) -> tuple[Shares, float]:
        """How the children of a column share its height, and by how much they overflow it.

        Args:
            widths: of each child.
        """
        kids = list(zip(box.children, widths, strict=True))
        while True:
            wants = [
                self._floor(child) if _even(child) and child.grow else self.height(child, width)
                for child, width in kids
            ]
            free = inner - self.gaps(box, kids) - sum(wants)
            last = max((i for i, (child, _) in enumerate(kids) if child.optional), default=None)
            if free >= -TOLERANCE_PX or last is None:
                break
            del kids[last]
        shown = tuple(child for child, _ in kids)
        room = max(0.0, free)
        shares = _grown(wants, wants, [child.grow for child in shown], room)
        return (shown, shares), max(0.0, -free)

    def _floor(self, box: Box) -> float:
        """Height of a box that takes the room there is, before it does."""
        return max(self.inset(box)[1], box.least * self._k)

    def _size(self, widget: Widget, limit: float) -> tuple[float, float]:
        k = self._k
        match widget:
            case Text():
                return self.setting.size(widget, limit)
            case Box():
                return self._box_size(widget, limit)
            case Icon(size=size) | Photo(size=size) | Qr(size=size) | Space(size=size):
                return size * k, size * k
            case Picture(width=width, height=height):
                return width * k, height * k
            case Leave(height=height):
                return limit, height * k
            case Emblem() | Meter():
                return 0, 0

    def _box_size(self, box: Box, limit: float) -> tuple[float, float]:
        width = limit if box.width is None else box.width * self._k
        beside, above = self.inset(box)
        inner = width - beside
        if box.axis is Axis.ACROSS:
            kids, widths = self.widths(box, inner)
            wide = sum(widths) + self.gaps(box, kids)
            heights = [self.size(c, w)[1] for c, w in zip(kids, widths, strict=True)]
            high = max(heights, default=0)
        else:
            sizes = [self.size(child, inner) for child in box.children]
            wide = max((w for w, _ in sizes), default=0)
            heights = [h for _, h in sizes]
            down = box.axis is Axis.DOWN
            high = sum(heights) + self.gaps(box, heights) if down else max(heights, default=0)
        wide = wide + beside if box.width is None else width
        high = high + above if box.height is None else box.height * self._k
        return wide, max(high, box.least * self._k)

    def _least(self, widget: Widget) -> float:
        """How narrow a widget can be made."""
        key = id(widget)
        if key not in self._narrowest:
            self._narrowest[key] = self._narrow(widget)
        return self._narrowest[key]

    def _narrow(self, widget: Widget) -> float:
        match widget:
            case Text():
                return self.setting.least(widget)
            case Box(width=float() | int() as width):
                return width * self._k
            case Box():
                kids = [child for child in widget.children if not child.optional]
                least = [self._least(child) for child in kids]
                across = widget.axis is Axis.ACROSS
                inner = sum(least) + self.gaps(widget, kids) if across else max(least, default=0)
                return inner + self.inset(widget)[0]
            case Leave():
                return 0
            case _:
                return self.size(widget, 0)[0]


def _grown(bases: list[float], floors: list[float], grow: list[float], room: float) -> list[float]:
    """Share room among those that grow; nobody ends below its floor."""
    sizes = [
        max(base, floor) if not g else base
        for base, floor, g in zip(bases, floors, grow, strict=True)
    ]
    held: set[int] = {i for i, g in enumerate(grow) if not g}
    room -= sum(sizes[i] - bases[i] for i in held)
    while True:
        parts = sum(g for i, g in enumerate(grow) if i not in held)
        if not parts:
            return sizes
        trial = {i: bases[i] + room * grow[i] / parts for i in range(len(bases)) if i not in held}
        short = [i for i, size in trial.items() if size < floors[i] - TOLERANCE_PX / 2]
        for i in short:
            held.add(i)
            sizes[i] = floors[i]
            room -= floors[i] - bases[i]
        if not short:
            for i, size in trial.items():
                sizes[i] = size
            return sizes


def _even(widget: Widget) -> TypeGuard[Box]:
    """Whether it takes the room there is, whatever is in it."""
    return isinstance(widget, Box) and widget.even


def _without_last_optional(kids: tuple[Widget, ...]) -> tuple[Widget, ...]:
    last = max(i for i, child in enumerate(kids) if child.optional)
    return kids[:last] + kids[last + 1 :]
