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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What an hour sold; an hour under way is outlined."""

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
class HourChart:
    """Sales by hour, in a box of width × height."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    usual: str
    """SVG path of the strokes of a usual day."""
    hours: tuple[Tick, ...]
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
    height: int = 286,
) -> HourChart:
    """Draw what each hour sold, beside what the same hour usually sells."""
    hours = span(sold_cents, usual_cents)
    step = _step(max([*sold_cents.values(), *usual_cents.values(), 0]))
    top = step * 3
    slot = (width - AXIS_PX) / len(hours)
    base = height - FOOT_PX

    def y_of(cents: int) -> float:
        return round(base - (base - HEAD_PX) * cents / top, 1)

    best = max(sold_cents, key=lambda hour: sold_cents[hour], default=None)
    bars = [
        Bar(
            x=round(AXIS_PX + slot * (i + 0.15), 1),
            y=y_of(cents),
            width=round(slot * 0.7, 1),
            height=round(base - y_of(cents), 1),
            label=_("%(amount)s\u00a0€") % {"amount": _euros(cents)},
            under_way=hour == hour_now,
            highest=hour == best,
        )
        for i, hour in enumerate(hours)
        if (cents := sold_cents.get(hour, 0))
    ]
    strokes = [
        f"M{AXIS_PX + slot * (i + 0.055):.1f} {y_of(cents)}h{slot * 0.89:.1f}"
        for i, hour in enumerate(hours)
        if (cents := usual_cents.get(hour, 0))
    ]
    levels = [Tick(label=_euros(step * i), at=y_of(step * i)) for i in range(4)]
    return HourChart(
        width=width,
        height=height,
        bars=tuple(bars),
        usual="".join(strokes),
        hours=_hours(hours, slot),
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
        hours=_hours(hours, slot),
        days=tuple(Tick(label=name, at=ROW_PX * i + 22) for i, (_day, name) in enumerate(days)),
    )


def _hours(hours: range, slot: float) -> tuple[Tick, ...]:
    every = 1 if slot >= 44 else 3  # noqa: PLR2004 - « 12 h » is 30 px wide
    return tuple(
        Tick(label=f"{hour}{GAP}h", at=round(AXIS_PX + slot * (i + 0.5), 1))
        for i, hour in enumerate(hours)
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
