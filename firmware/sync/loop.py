# SPDX-License-Identifier: Apache-2.0
"""Sync itself: one loop that watches the store and the broker and moves what has to move."""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from math import inf
from random import Random, SystemRandom
from threading import Event
from typing import Final, Protocol

from firmware.config import Config
from firmware.faults import StoreFault
from firmware.heartbeat import Machine, Pulse, this_machine
from firmware.store import cursors, feed, journal, rights
from firmware.store.archive import Archive
from firmware.store.bell import Bell
from firmware.store.clock import Clock, SystemClock, new_id
from firmware.store.cursors import LinkState, TillHealth
from firmware.store.database import Database, Role
from firmware.store.room import percent_used
from firmware.sync.downlink import Downlink
from firmware.sync.link import Link
from firmware.sync.uplink import Uplink
from loyalty.wire import (
    Ack,
    Found,
    FoundSales,
    Garbled,
    Health,
    Hello,
    HubState,
    Nack,
    Page,
    Part,
    Poke,
    decode_down,
    encode_frame,
)

_log = logging.getLogger(__name__)

HEALTH_S: Final = 60.0
SPREAD_S: Final = 2.0
"""When the hub comes back, its terminals greet it within so long, not all at once."""
GREETED: Final = 100
"""Terminals a second that a broker on two cores can take back, with their certificates."""
PROBE_S: Final = 60.0
"""A hub said to be down is greeted about that often all the same: the saying may be stale."""
DEAF_S: Final = 150.0
"""Asked so long without a word from the hub: the connection is suspected."""
BUSY_PAUSE_S: Final = 0.005
PAUSE_S: Final = 0.02
IDLE_PAUSE_S: Final = 0.05
FAULT_PAUSE_S: Final = 5.0
HEARD_MS: Final = 60_000


class Wire(Protocol):
    """What sync needs of a link; `firmware.sync.link.Link` is the real one."""

    session: int
    spread_s: float

    @property
    def up(self) -> bool: ...

    def step(self) -> list[bytes]: ...

    def send(self, frame: bytes) -> bool: ...

    def cut(self) -> None: ...


class Sync:
    """One terminal's exchange with the hub; `step` does what can be done now and returns."""

    def __init__(
        self,
        db: Database,
        link: Wire,
        *,
        config: Config,
        machine: Machine,
        clock: Clock,
        rng: Random,
        new_id: Callable[[], str],
    ) -> None:
        self._db = db
        self._link = link
        self._config = config
        self._machine = machine
        self._clock = clock
        self._rng = rng
        self._uplink = Uplink(db, terminal=config.terminal, gen=config.gen, rng=rng)
        self._downlink = Downlink(
            db, terminal=config.terminal, gen=config.gen, rng=rng, new_id=new_id
        )
        self._seen = -1
        """The store's version when it was last looked at."""
        self._network = True
        self._session = 0
        self._hub_up: bool | None = None
        """None: this connection has not said yet, which counts as up."""
        self._greet_s = 0.0
        """When to say hello; infinite: said."""
        self._heard_s = 0.0
        self._health_s = 0.0
        self._told_hub: TillHealth | None = None
        self._told_kiosk: LinkState | None = None
        self._sweeping = True
        self._archive = Archive(db, clock=clock)
        self._new_id = new_id
        self._open_segment()

    def step(self) -> float:
        """Take one turn; the seconds that may pass before the next, unless the broker speaks.

        Raises:
            StoreFault: what was under way will be asked for again.
        """
        now_s = self._clock.monotonic_s()
        self._look()
        if self._network:
            for frame in self._link.step():
                self._take(frame, now_s)
        else:
            self._link.cut()
        if self._link.up:
            self._speak(now_s)
        else:
            self._hub_up = None
        self._tell_kiosk()
        if not self._link.up:
            return IDLE_PAUSE_S
        busy = self._uplink.awaiting or self._downlink.awaiting
        return BUSY_PAUSE_S if busy else PAUSE_S

    # ── the store ───────────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        """See what changed in the store, by whomever."""
        version = self._db.data_version()
        if version != self._seen:
            self._seen = version
            self._network = cursors.network_on(self._db)
            self._downlink.look()
            if not journal.has_left(self._db):
                rights.call_in(self._db, clock=self._clock, new_id=self._new_id)
                rights.leave(self._db, clock=self._clock, new_id=self._new_id)
            if not journal.has_left(self._db):
                rights.release(self._db, clock=self._clock, new_id=self._new_id)
            elif not journal.waiting(self._db):
                self._network = False  # the hub has everything, and hears this enrolment no more
            if cursors.till_health(self._db, clock=self._clock) != self._told_hub:
                self._health_s = 0.0
        if self._sweeping:
            self._sweeping = feed.sweep(self._db)
        self._archive.tend(self._clock.monotonic_s())

    def _open_segment(self) -> None:
        journal.open_segment(
            self._db,
            clock=self._clock,
            new_id=self._new_id,
            gen=self._config.gen,
            hw_id=self._machine.hw_id,
            software=self._machine.software,
        )

    def _tell_kiosk(self) -> None:
        """Say whether the hub can be asked; when it was last heard is written once a minute."""
        known = self._told_kiosk or cursors.link_state(self._db)
        heard_ms = known.last_heard_ms
        wall_ms = self._clock.stamp().wall_ms
        if self._hub_up and abs(wall_ms - heard_ms) > HEARD_MS:
            heard_ms = wall_ms
        state = LinkState(online=self._link.up, hub_up=self._hub_up is True, last_heard_ms=heard_ms)
        if state != self._told_kiosk:
            cursors.set_link_state(self._db, state)
            self._told_kiosk = state

    # ── the hub speaks ──────────────────────────────────────────────────────────────────────────

    def _take(self, frame: bytes, now_s: float) -> None:
        try:
            message, lines = decode_down(frame)
        except Garbled as error:
            _log.warning("frame dropped bytes=%d error=%s", len(frame), error)
            return
        if not isinstance(message, HubState):
            self._heard(now_s)
        elif message.fleet:
            self._link.spread_s = max(SPREAD_S, message.fleet / GREETED)
        match message:
            case HubState(up=True):
                self._heard(now_s)
                self._downlink.on_poke(0, message.epoch)
            case HubState():
                self._hub_up = False
                self._greet_s = now_s + PROBE_S * self._rng.uniform(0.75, 1.25)
            case Ack():
                # of whichever life of the hub: the next header has it ask for what it lacks
                self._uplink.on_ack(message, now_s)
                self._downlink.on_poke(message.latest, message.epoch)
            case Nack():
                self._uplink.on_nack(message, now_s)
            case Poke():
                self._downlink.on_poke(message.latest, message.epoch)
            case Page():
                self._downlink.on_page(message, lines, now_s)
            case Part():
                self._downlink.on_part(message, lines, now_s)
                if not feed.staging(self._db):
                    self._open_segment()
                    self._sweeping = True
            case Found():
                self._downlink.on_found(message)
            case FoundSales():
                self._downlink.on_found_sales(message, lines)

    def _heard(self, now_s: float) -> None:
        self._heard_s = now_s
        if self._hub_up is False:
            self._greet_s = now_s + self._rng.uniform(0, max(SPREAD_S, self._link.spread_s))
        self._hub_up = True

    # ── the terminal speaks ─────────────────────────────────────────────────────────────────────

    def _speak(self, now_s: float) -> None:
        if self._link.session != self._session:
            self._session = self._link.session
            self._greet_s = self._heard_s = now_s
        if now_s >= self._greet_s:
            self._greet(now_s)
        if self._hub_up is False or self._greet_s < inf:
            return
        if frame := self._uplink.due(now_s):
            self._link.send(frame)
        for frame in self._downlink.due(now_s):
            self._link.send(frame)
        if now_s >= self._health_s:
            self._health_s = now_s + HEALTH_S * self._rng.uniform(0.9, 1.1)
            self._link.send(self._health())
        if now_s > self._heard_s + DEAF_S and (self._uplink.awaiting or self._downlink.awaiting):
            _log.warning("hub not heard for %d s: connecting anew", DEAF_S)
            self._link.cut()

    def _greet(self, now_s: float) -> None:
        """Say where this terminal stands; then whatever was under way is asked for again."""
        segment = journal.current_segment(self._db)
        here = cursors.position(self._db)
        hello = Hello(
            terminal=self._config.terminal,
            gen=self._config.gen,
            segment=segment.id if segment else "",
            n=segment.n if segment else 0,
            acked=segment.acked if segment else 0,
            boot_id=segment.boot if segment else "",
            hw_id=self._machine.hw_id,
            cursor=here.cursor,
            epoch=here.epoch,
            word=here.word,
            software=self._machine.software,
        )
        self._link.send(encode_frame(hello))
        if self._hub_up is False:
            self._greet_s = now_s + PROBE_S * self._rng.uniform(0.75, 1.25)
            return
        self._greet_s = inf
        self._health_s = 0.0
        self._uplink.restart()
        self._downlink.restart()

    def _health(self) -> bytes:
        till = self._told_hub = cursors.till_health(self._db, clock=self._clock)
        return encode_frame(
            Health(
                terminal=self._config.terminal,
                gen=self._config.gen,
                waiting=journal.waiting(self._db),
                cursor=cursors.position(self._db).cursor,
                software=self._machine.software,
                printer=till.printer,
                scanner=till.scanner,
                kiosk=till.alive,
                disk=percent_used(self._db.disk()),
            )
        )


def run(config: Config, *, stop: Event) -> None:
    """Be the sync process of this terminal until `stop` is set.

    Raises:
        StoreFault: the store can't be used; starting again checks it anew.
    """
    clock, rng, machine = (
        SystemClock(floor_ms=config.enrolled_ms),
        SystemRandom(),
        this_machine(),
    )
    with closing(Database(config.state, role=Role.SYNC)) as db, closing(Bell(db.runtime)) as bell:
        link = Link(config, clock=clock, rng=rng)
        sync = Sync(db, link, config=config, machine=machine, clock=clock, rng=rng, new_id=new_id)
        pulse = Pulse()
        pulse.ready()
        try:
            while not stop.is_set():
                pulse.beat(clock.monotonic_s())
                try:
                    link.wait(sync.step(), bell=bell)
                except StoreFault as fault:
                    if fault.permanent:
                        raise
                    _log.warning("store fault=%s", fault)
                    stop.wait(FAULT_PAUSE_S)
        finally:
            link.cut()
        cursors.set_link_state(db, replace(cursors.link_state(db), online=False, hub_up=False))
