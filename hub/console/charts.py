# SPDX-License-Identifier: Apache-2.0
"""Work out where each bar and each cell of a chart stands, so that a page needs no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from hub.console.templatetags.console import figure
from loyalty.money import half_up

AXIS_PX: Final = 40
"""Room for the figures at the left."""
FOOT_PX: Final = 30
"""Room for the hours below."""
HEAD_PX: Final = 14
ROW_PX: Final = 34
NARROW_PX: Final = 500
"""Below it, a chart is a phone's."""
LABEL_PX: Final = 44
"""Room that a label needs: « 12 h » is 30 px wide."""
GAP: Final = "\N{NO-BREAK SPACE}"
FIRST_HOUR, LAST_HOUR = 7, 19
"""Shown even without a sale; a shop that sells earlier or later widens them."""
STEPS: Final = (1, 2, 3, 5)
"""What the first figures of a grid line may be, times a power of ten."""
TINTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A figure or an hour beside an axis; `at` is where its line stands."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class Column:
    """What an hour or a day came to, and what it is compared to."""

    label: str
    cents: int
    usual_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What an hour or a day came to; one under way is outlined."""

    x: float
    y: float
    width: float
    height: float
    label: str
    under_way: bool
    highest: bool

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)

    @property
    def label_y(self) -> float:
        """Just above the bar."""
        return self.y - 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Amounts side by side, in a box of width × height."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    usual: str
    """SVG path of the strokes of what they are compared to."""
    ticks: tuple[Tick, ...]
    levels: tuple[Tick, ...]

    @property
    def fit(self) -> str:
        """Which screens it is for."""
        return "narrow" if self.width < NARROW_PX else "wide"

    @property
    def base(self) -> int:
        """Where the bars stand."""
        return self.height - FOOT_PX


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The visits of one weekday and hour; tint 0 is none."""

    x: float
    y: float
    width: float
    count: int
    tint: int

    @property
    def middle(self) -> float:
        """Where its figure is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChart:
    """Visits by weekday and hour."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    hours: tuple[Tick, ...]
    days: tuple[Tick, ...]
    cell_height: int = ROW_PX - 2

    @property
    def fit(self) -> str:
        """Which screens it is for."""
        return "narrow" if self.width < NARROW_PX else "wide"


def span(*by_hour: Mapping[int, int]) -> range:
    """The hours a chart shows: the usual opening hours and every hour that has something."""
    busy = [hour for counts in by_hour for hour, count in counts.items() if count]
    return range(min([FIRST_HOUR, *busy]), max([LAST_HOUR, *busy]) + 1)


def sales_by_hour(
    sold_cents: Mapping[int, int],
    usual_cents: Mapping[int, int],
    *,
    hour_now: int,
    width: int = 750,
) -> Columns:
    """Draw what each hour sold, beside what the same hour usually sells."""
    hours = span(sold_cents, usual_cents)
    return columns(
        [Column(f"{h}{GAP}h", sold_cents.get(h, 0), usual_cents.get(h, 0)) for h in hours],
        under_way=hour_now - hours[0],
        every=_every_hour(width / len(hours)),
        width=width,
    )


def columns(
    given: Sequence[Column],
    *,
    under_way: int | None = None,
    every: int | None = None,
    width: int = 750,
    height: int = 286,
) -> Columns:
    """Draw amounts side by side, each beside what it is compared to.

    Args:
        given: from left to right; none below 0 is drawn.
        under_way: which of them is not over yet.
        every: how many of them share a label; None: as few as have room for theirs.
        width: of the whole drawing, in pixels.
        height: the same.
    """
    step = _step(max([*(c.cents for c in given), *(c.usual_cents for c in given), 0]))
    top = step * 3
    slot = (width - AXIS_PX) / max(1, len(given))
    base = height - FOOT_PX

    def y_of(cents: int) -> float:
        return round(base - (base - HEAD_PX) * cents / top, 1)

    best = max(range(len(given)), key=lambda i: given[i].cents, default=None)
    bars = [
        Bar(
            x=round(AXIS_PX + slot * (i + 0.15), 1),
            y=y_of(column.cents),
            width=round(slot * 0.7, 1),
            height=round(base - y_of(column.cents), 1),
            label=_("%(amount)s\u00a0€") % {"amount": _euros(column.cents)},
            under_way=i == under_way,
            highest=i == best,
        )
        for i, column in enumerate(given)
        if column.cents > 0
    ]
    strokes = [
        f"M{AXIS_PX + slot * (i + 0.055):.1f} {y_of(column.usual_cents)}h{slot * 0.89:.1f}"
        for i, column in enumerate(given)
        if column.usual_cents > 0
    ]
    levels = [Tick(label=_euros(step * i), at=y_of(step * i)) for i in range(4)]
    return Columns(
        width=width,
        height=height,
        bars=tuple(bars),
        usual="".join(strokes),
        ticks=_ticks([column.label for column in given], slot, every or -int(-LABEL_PX // slot)),
        levels=tuple(levels),
    )


def visits_by_weekday(
    counts: Mapping[tuple[int, int], int],
    days: Sequence[tuple[int, str]],
    *,
    width: int = 750,
) -> WeekChart:
    """Draw a cell for each weekday and hour, darker where more people come.

    Args:
        counts: visits by (weekday from Monday 0, hour).
        days: the weekdays to draw, with their short names.
    """
    hours = span({hour: count for (_day, hour), count in counts.items()})
    slot = (width - AXIS_PX) / len(hours)
    most = max([*counts.values(), 1])
    cells = [
        Cell(
            x=round(AXIS_PX + slot * column + 1, 1),
            y=ROW_PX * row + 1,
            width=round(slot - 2, 1),
            count=count,
            tint=-(-count * TINTS // most),
        )
        for row, (weekday, _name) in enumerate(days)
        for column, hour in enumerate(hours)
        for count in (counts.get((weekday, hour), 0),)
    ]
    return WeekChart(
        width=width,
        height=ROW_PX * len(days) + 24,
        cells=tuple(cells),
        hours=_ticks([f"{hour}{GAP}h" for hour in hours], slot, _every_hour(width / len(hours))),
        days=tuple(Tick(label=name, at=ROW_PX * i + 22) for i, (_day, name) in enumerate(days)),
    )


def _every_hour(slot: float) -> int:
    return 1 if slot >= LABEL_PX else 3


def _ticks(labels: Sequence[str], slot: float, every: int) -> tuple[Tick, ...]:
    return tuple(
        Tick(label=label, at=round(AXIS_PX + slot * (i + 0.5), 1))
        for i, label in enumerate(labels)
        if i % every == 0
    )


def _step(most_cents: int) -> int:
    """The smallest round number of euros of which three reach the highest bar, in cents."""
    scale = 100
    while True:
        for first in STEPS:
            if first * scale * 3 >= most_cents:
                return first * scale
        scale *= 10


def _euros(cents: int) -> str:
    return figure(half_up(cents, 100))
