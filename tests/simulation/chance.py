# SPDX-License-Identifier: Apache-2.0
"""Time, ids and secrets of a world: all of them its own, so that a seed plays the same for ever."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from loyalty.entry import ClockQuality, Stamp
from tests.simulation.disk import fadvise

BEGINS_S = 1_795_330_800
"""What a right clock shows when a world begins, in seconds since 1970."""


@dataclass(slots=True)
class Hours:
    """The world's time: seconds since it began, and how many ids it has given."""

    now_s: float = 0.0
    ids: int = 0
    hub_wrong_s: float = 0.0
    """What the hub's clock is off by."""

    @property
    def wall_ms(self) -> int:
        return int((BEGINS_S + self.now_s) * 1000)

    def hub_now(self) -> datetime:
        """What the hub's clock shows."""
        return datetime.fromtimestamp(max(0.0, self.wall_ms / 1000 + self.hub_wrong_s), UTC)

    def new_id(self) -> str:
        """An id like the product's own: of its time, in the order of making."""
        self.ids += 1
        return f"{self.wall_ms:012x}7{self.ids:019x}"


class UnitClock:
    """A terminal's clock: monotonic from its boot, and a wall clock that may be anywhere."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._booted_s = hours.now_s
        self.boot_id = ""
        self.wrong_s = 0.0
        """What the wall clock is off by."""

    def boot(self) -> None:
        """The machine is switched on."""
        self._booted_s = self._hours.now_s
        self.boot_id = self._hours.new_id()

    def stamp(self) -> Stamp:
        return Stamp(
            boot_id=self.boot_id,
            mono_ms=int(self.monotonic_s() * 1000),
            wall_ms=max(0, self._hours.wall_ms + int(self.wrong_s * 1000)),
            quality=ClockQuality.GUESS if self.wrong_s else ClockQuality.SYNCED,
        )

    def monotonic_s(self) -> float:
        return 1.0 + self._hours.now_s - self._booted_s


class Certificates:
    """What the hub gave to whom: in files beside its database, like the real ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "certificates"

    def give(self, terminal: str, gen: int) -> None:
        """A generation has one from now on."""
        (self._folder / terminal).mkdir(parents=True, exist_ok=True)
        (self._folder / terminal / str(gen)).touch()

    def newest(self, terminal: str) -> int:
        """As `Authority.newest`."""
        given = self._folder / terminal
        return max((int(path.name) for path in given.glob("*")), default=0)

    def revoke(self, _terminal: str, *, below: int) -> bool:
        """Nobody has to be told here: the hub itself refuses frames of closed generations."""
        return False


@contextmanager
def determined(hours: Hours, folder: Path) -> Iterator[None]:
    """Nothing in this process is left to chance, nor to the machine's clock.

    Args:
        hours: the world's.
        folder: where the hub keeps what it has beside its database.
    """

    def uuid4() -> uuid.UUID:
        hours.ids += 1
        return uuid.UUID(bytes=hashlib.sha256(str(hours.ids).encode()).digest()[:16], version=4)

    given = Certificates(folder)
    with ExitStack() as doors:
        for target, instead in (
            ("uuid.uuid4", uuid4),
            ("secrets.token_bytes", bytes),
            ("secrets.token_hex", lambda count=32: "00" * count),
            ("secrets.token_urlsafe", lambda count=32: "s" * count),
            ("django.utils.timezone.now", hours.hub_now),
            ("hub.broker_bridge.pokes.time", SimpleNamespace(monotonic=lambda: hours.now_s)),
            ("hub.broker_bridge.strangers.time", SimpleNamespace(monotonic=lambda: hours.now_s)),
            ("hub.merchants.authority.here", lambda: given),
            ("hub.ledger.restored._witness", lambda: folder / "grants"),
            ("os.posix_fadvise", fadvise),
            # what is rare in a shop is common here: snapshots, and in many parts
            ("hub.broker_bridge.answers.SMALL_FEED", 30),
            ("hub.ledger.snapshot.ROOM", 1500),
            ("firmware.store.journal.MOST_RESTS", 2),
            ("hub.merchants.sealed.make_key", lambda _merchant: ""),
            ("hub.merchants.sealed.seal", lambda _key, _details: ""),
            ("firmware.till.desk.seal", lambda _key, _details: ""),
        ):
            doors.enter_context(patch(target, instead))
        yield
