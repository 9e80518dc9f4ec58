# SPDX-License-Identifier: Apache-2.0
"""The time as this machine knows it, and whether it may be believed (DESIGN 8)."""

import ctypes
import time
from pathlib import Path
from secrets import randbits
from typing import Final, Protocol

from loyalty.entry import ClockQuality, Stamp

UNSYNCHRONISED: Final = 5
"""TIME_ERROR of adjtimex(2)."""


_TIMESYNCED: Final = Path("/run/systemd/timesync/synchronized")
_LIBC: Final = ctypes.CDLL(None)


class Clock(Protocol):
    """What needs the time is given one of these."""

    def stamp(self) -> Stamp:
        """The moment an entry is made."""

    def monotonic_s(self) -> float:
        """Seconds that never jump, for timers; they count on while the machine sleeps."""


class SystemClock:
    """This machine's clock."""

    def __init__(self, *, floor_ms: int = 0) -> None:
        """Start to tell the time.

        Args:
            floor_ms: it is later than that, whatever a clock says that the network has not set: a
                board without a battery starts in 1970.
        """
        self._floor_ms = floor_ms
        self._boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()

    def stamp(self) -> Stamp:
        synced, wall_ms = _synchronised(), time.time_ns() // 1_000_000
        mono_ms = int(self.monotonic_s() * 1000)
        if not synced and wall_ms < self._floor_ms:
            wall_ms = self._floor_ms + mono_ms  # a guess still, and one that moves on
        quality = ClockQuality.SYNCED if synced else ClockQuality.GUESS
        return Stamp(boot_id=self._boot_id, mono_ms=mono_ms, wall_ms=wall_ms, quality=quality)

    def monotonic_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)


def new_id() -> str:
    """A fresh id of 32 hex digits: when it was made, as far as this clock knows, then chance.

    RFC 9562, version 7. What is made together lies together: an index of random ids would dirty
    another page for each sale, on the card here and at the hub.
    """
    ms = time.time_ns() // 1_000_000
    return f"{ms << 80 | 7 << 76 | randbits(12) << 64 | 2 << 62 | randbits(62):032x}"


def _synchronised() -> bool:
    """Whether the network has set the clock since the machine started."""
    if _TIMESYNCED.exists():
        return True
    asked = ctypes.create_string_buffer(512)  # struct timex, all zero: only ask
    state = int(_LIBC.adjtimex(asked))
    return 0 <= state < UNSYNCHRONISED
