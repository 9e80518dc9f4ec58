# SPDX-License-Identifier: Apache-2.0
"""One terminal on a counter: a board, a card in it, and the real kiosk and sync that run on them."""

import shutil
from collections import Counter as Times
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import apsw

from firmware.config import Config
from firmware.faults import DiskFull, StoreFault
from firmware.heartbeat import Machine
from firmware.store import journal, replica, rights
from firmware.store.database import Database, Role
from firmware.sync.loop import Sync
from firmware.till import tap
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.desk import Desk
from firmware.till.flow import Event, Tick
from firmware.till.saved import Done
from firmware.till.till import Till
from loyalty.topics import up_topic
from tests.simulation.chance import Hours, UnitClock
from tests.simulation.disk import Disk, Image
from tests.simulation.network import Broker, Link

FIRST_WAKE_S = 0.02
AGAIN_S = 0.3
RESTART_S = 1.0


class Broken(AssertionError):
    """Something that must never happen has."""


class Unit:
    """A terminal that is switched on and off; `name` is of its board, not of its enrolment."""

    def __init__(
        self, name: str, config: Config, folder: Path, *, broker: Broker, hours: Hours, luck: Random
    ) -> None:
        self.name, self.config, self.hours, self.luck = name, config, hours, luck
        self.folder = folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.disk = Disk(f"card-{folder.name}-{name}", self.folder)
        self.clock = UnitClock(hours)
        topic = up_topic(config.shard, config.terminal)
        self.link = Link(broker, config.terminal, topic=topic, gen=lambda: self.config.gen)
        self.machine = Machine(hw_id=f"board of {name}", software="simulation")
        self.on = False
        self.wake_s = inf
        """When sync is to look again by itself."""
        self._pause_s = FIRST_WAKE_S
        self._restart_s = 0.0
        """When systemd starts again what has ended."""
        self._restarts = 0
        self.happened: Times[str] = Times()
        """Faults that did not only lie in wait."""
        self.kiosk: Database | None = None
        self.till: Till | None = None
        self.sync: Sync | None = None
        self._sync_db: Database | None = None
        self.shown: Callable[[], object] = lambda: None
        """Somebody looks at what it has written while time passes."""
        self.inserted = 0
        """How often another content was put on its card."""

    # ── power ───────────────────────────────────────────────────────────────────────────────────

    def boot(self) -> bool:
        """Switch on: RAM is empty, the card is as it was; whether the till serves now."""
        self.clock.boot()
        shutil.rmtree(self.folder / "ram", ignore_errors=True)
        self.on, self._restart_s, self._restarts = True, 0.0, 0
        self.start_programs()
        return self.serves

    def shut_down(self) -> None:
        """Everybody lets go of the card in good order."""
        self.end_programs()
        self.on, self.wake_s = False, inf

    def cut_power(self) -> None:
        """The plug is pulled: what no flush has covered may be there or not."""
        self.disk.dark = True
        self.shut_down()
        self.disk.cut(self.luck)

    @property
    def serves(self) -> bool:
        """Whether somebody can be served here."""
        return self.on and self.till is not None

    @property
    def file(self) -> Database | None:
        """What is written, as a program sees it; while the till is down sync still sends of it."""
        return self.kiosk or self._sync_db

    def end_programs(self) -> None:
        """Both are killed; the machine stays on."""
        self._stop_sync()
        self._stop_kiosk()

    def start_programs(self) -> None:
        """And start again, with what is in RAM."""
        self.start_kiosk()
        if self.on:
            self.start_sync()

    # ── its two programs ────────────────────────────────────────────────────────────────────────

    def start_kiosk(self) -> None:
        """As `firmware.__main__` does, up to the screen, with somebody at the counter."""
        self._stop_kiosk()
        with self._program(Role.KIOSK):
            self.kiosk = db = self._open(Role.KIOSK)
            journal.open_segment(
                db,
                clock=self.clock,
                new_id=self.hours.new_id,
                gen=self.config.gen,
                hw_id=self.machine.hw_id,
                software=self.machine.software,
            )
            rights.unreserve(db)
            desk = Desk(
                db=db,
                clock=self.clock,
                config=self.config,
                new_id=self.hours.new_id,
                random_bits=self.luck.getrandbits,
            )
            self.till = Till(desk)

    def start_sync(self) -> None:
        """As `firmware.sync.loop.run` does, with a link of the world's."""
        self._stop_sync()
        with self._program(Role.SYNC):
            self._sync_db = self._open(Role.SYNC)
            self.sync = Sync(
                self._sync_db,
                self.link,
                config=self.config,
                machine=self.machine,
                clock=self.clock,
                rng=self.luck,
                new_id=self.hours.new_id,
            )
            self.shown()
            self.stir()

    def step(self) -> None:
        """One turn of sync, and a look of the till at its store."""
        self.wake_s = inf
        self.revive()
        if self.sync is None:
            return
        with self._program(Role.SYNC):
            heard = self.link.waits
            self.sync.step()
            # rarer and rarer: real sync looks fifty times a second, which no world could afford
            self._pause_s *= 1 if heard else 4
            self.wake_s = self.hours.now_s + (
                min(AGAIN_S, self._pause_s) if heard else self._pause_s
            )
        if isinstance(self.top, Asking):
            self.tap(Tick())
            self.shown()

    def stir(self) -> None:
        """Something happened here: sync looks again soon."""
        self._pause_s = FIRST_WAKE_S
        self.wake_s = self.hours.now_s + FIRST_WAKE_S

    # ── the till ────────────────────────────────────────────────────────────────────────────────

    @property
    def top(self) -> object:
        """What is on the screen."""
        return self.till._stack[-1][0] if self.till else None

    def counter(self) -> Counter | None:
        """The counter, unlocked and with an empty order; None: it can't serve or waits for the hub."""
        if self.till is None or self.kiosk is None or isinstance(self.top, Asking):
            return None
        with self._program(Role.KIOSK):
            staff = replica.staff(self.kiosk)
            if not staff or replica.programme(self.kiosk) is None:
                return None
            counter = self.till._counter_of(staff[0])
            assert isinstance(counter, Counter)
            self.till._stack[1:] = [(counter, None)]
            counter.ticket.clear()
            return counter
        return None

    def tap(self, event: Event) -> bool:
        """Let the till handle an event; whether it could. What it then shows is told to the world."""
        if self.till is None:
            return False
        with self._program(Role.KIOSK):
            self.till._move(event)
            if isinstance(self.top, Done):
                self.till._move(tap.Finish())
            self.stir()
            return True
        return False

    def did(self, act: Callable[[], Any]) -> Any:
        """Let a flow of the till do something, and show what it has written; None: it could not."""
        with self._program(Role.KIOSK):
            found = act()
            self.stir()
            return found
        return None

    # ── the card ────────────────────────────────────────────────────────────────────────────────

    def insert(self, image: Image) -> None:
        """Put another content on the card, while nobody has it open."""
        self.inserted += 1
        self.disk.insert(image)

    def eject(self) -> None:
        """Throw it away."""
        self.disk.dark = True
        self.shut_down()
        self.disk.eject()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _open(self, role: Role) -> Database:
        ram = self.folder / "ram"
        return Database(self.folder, role=role, runtime=ram, vfs=self.disk.name)

    @contextmanager
    def _program(self, role: Role) -> Iterator[None]:
        """A program of this terminal runs; when its store fails it, it ends as it would for real."""
        try:
            yield
        except (StoreFault, apsw.Error) as fault:
            self._fell(role, fault)

    def _fell(self, role: Role, fault: Exception) -> None:
        if self.disk.dark:
            self.happened["power cut at a write"] += 1
            self._stop(role)
            self.cut_power()
            return
        self.happened["program killed at a write"] += self.disk.killed
        self.happened["disk full met"] += isinstance(fault, DiskFull)
        killed, self.disk.killed = self.disk.killed, False
        lasting = not isinstance(fault, StoreFault) or fault.permanent
        if not killed and not lasting:
            return  # it says so on the screen, and tries again
        if not killed and "abîmé" in str(fault):
            raise Broken(f"{self.name}: the file is damaged") from fault
        self._stop(role)
        self._restarts += 1
        self._restart_s = self.wake_s = self.hours.now_s + RESTART_S * 2 ** min(self._restarts, 6)

    def revive(self) -> None:
        """As systemd does: what has ended is started again, a little later."""
        if not self.on or self.hours.now_s < self._restart_s:
            return
        if self.till is None:
            self.start_kiosk()
        if self.on and self.sync is None:
            self.start_sync()

    def _stop(self, role: Role) -> None:
        """A program is dead; what it had committed the other one may have sent already."""
        if role is Role.KIOSK:
            self._stop_kiosk()
        else:
            self._stop_sync()
        self.shown()

    def _stop_kiosk(self) -> None:
        self.till = None
        self.kiosk = _closed(self.kiosk)

    def _stop_sync(self) -> None:
        self.link.cut()
        self.sync = None
        self._sync_db = _closed(self._sync_db)


def _closed(db: Database | None) -> None:
    """End a program's use of the file, as its death would."""
    if db is not None:
        with suppress(apsw.Error):
            db._connection.close(True)
        db.close()
