# SPDX-License-Identifier: Apache-2.0
"""When an entry happened, as well as can be known: a terminal's clock may be wrong (DESIGN 8)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from loyalty.entry import ClockQuality, Stamp

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""A clock outside of these is no clock, whatever it says of itself."""


@dataclass(slots=True)
class Calendar:
    """Dates the entries of one segment, that is of one boot.

    An entry made while the clock was trusted says when the boot was; the others are dated from it
    by the monotonic clock, which no correction moves.
    """

    received_at: datetime
    wall_minus_mono_ms: int | None = None

    def learn(self, stamp: Stamp) -> None:
        """Take what a trusted stamp says of this boot."""
        if stamp.quality is ClockQuality.SYNCED and _plausible(stamp.wall_ms):
            self.wall_minus_mono_ms = stamp.wall_ms - stamp.mono_ms

    def date(self, stamp: Stamp) -> tuple[datetime, bool]:
        """When it happened, and whether a trusted clock says so."""
        if stamp.quality is ClockQuality.SYNCED and (at := _plausible(stamp.wall_ms)):
            return at, True
        if self.wall_minus_mono_ms is not None and (
            at := _plausible(stamp.mono_ms + self.wall_minus_mono_ms)
        ):
            return at, True
        guess = _plausible(stamp.wall_ms)
        return (guess if guess and guess <= self.received_at else self.received_at), False


def hour_of(at: datetime) -> int:
    """Whole hours since 1970, UTC."""
    return int(at.timestamp() // 3600)


def day_of_hour(hour: int, zone: ZoneInfo) -> date:
    """The day there on which such an hour begins."""
    return datetime.fromtimestamp(hour * 3600, zone).date()


def day_of(text: str) -> date | None:
    """The day of an ISO text; None: it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plausible(ms: int) -> datetime | None:
    first, last = (int(at.timestamp() * 1000) for at in (EARLIEST, LATEST))
    if not first <= ms < last:
        return None
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
