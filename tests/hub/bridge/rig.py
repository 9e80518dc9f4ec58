# SPDX-License-Identifier: Apache-2.0
"""Real terminals and the real bridge, each at the end of a line that a test cuts, lags and leads."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection

from firmware import enrol
from firmware.heartbeat import Machine
from firmware.store import cursors, journal
from firmware.store.clock import SystemClock, new_id
from firmware.store.database import Database, Role
from firmware.sync.link import Link
from firmware.sync.loop import Sync
from hub.broker_bridge import link as hub_link
from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.management.commands.run_bridge import run
from hub.ledger import audit
from hub.ledger.models import JournalEntry, Outcome
from hub.merchants import claims, feed
from hub.merchants.authority import Authority
from hub.merchants.models import Shop
from provisioning.demo.ports import Ports
from tests.cast import somewhere
from tests.hub.bridge.house import Hurry
from tests.hub.bridge.own import PATIENCE_S, SHARD
from tests.hub.till import sale
from tests.replay.proxy import Line, lines

HUB_LINE = 0
BOARD = "b" * 64


class Counter:
    """A terminal: its journal, its sync, and its link over a line of its own."""

    def __init__(self, shop: Shop, name: str, folder: Path, port: int) -> None:
        path, clock = folder / name / "terminal.toml", SystemClock()
        code = claims.make(shop, name)
        config = enrol.enrol(path, code, ask=claims.answer, hw_id=BOARD)
        self.config = replace(config, port=port)
        self._clock = clock
        self.kiosk, self._db = (
            Database(config.state, role=role, runtime=folder / name / "ram")
            for role in (Role.KIOSK, Role.SYNC)
        )
        self.link = Link(self.config, clock=clock, rng=Hurry())
        self.sync = Sync(
            self._db,
            self.link,
            config=self.config,
            machine=Machine(hw_id=BOARD, software="rig"),
            clock=clock,
            rng=Hurry(),
            new_id=new_id,
        )

    def sells(self, cents: int) -> None:
        """As the till does: durable when this returns."""
        journal.append(self.kiosk, sale(cents), clock=self._clock, new_id=new_id)

    def close(self) -> None:
        self.link.cut()
        self.kiosk.close()
        self._db.close()

    @property
    def waiting(self) -> int:
        return journal.waiting(self.kiosk)

    @property
    def raws(self) -> list[bytes]:
        """What it has written, in its order."""
        return [raw for (raw,) in self.kiosk.rows("SELECT raw FROM entry ORDER BY segment, n")]

    @property
    def reaches_hub(self) -> bool:
        return cursors.link_state(self.kiosk).reachable


@dataclass
class Rig:
    """Terminals and hub, and the line of each; line 0 is the hub's."""

    counters: list[Counter]
    lines: dict[int, Line]
    bridge: hub_link.Link

    def drive(self, holds: Callable[[], bool]) -> None:
        """Let everybody go on until that is so."""
        until = time.monotonic() + 3 * PATIENCE_S
        while not holds():
            assert time.monotonic() < until, "it never came true"
            self.turn()

    def turn(self) -> None:
        """One turn of everybody's sync."""
        for counter in self.counters:
            counter.sync.step()
            counter.link.wait(0.005)

    def settle(self) -> None:
        self.drive(lambda: not any(counter.waiting for counter in self.counters))

    def wrong(self) -> list[str]:
        """C1, C4 and the equation, once everything has arrived."""
        found = []
        for counter in self.counters:
            rows = JournalEntry.objects.filter(terminal_id=counter.config.terminal)
            if [bytes(raw) for raw in rows.order_by("pk").values_list("raw", flat=True)] != (
                counter.raws
            ):
                found.append(f"{counter.config.terminal}: other entries, or in another order")
        if JournalEntry.objects.exclude(outcome=Outcome.POSTED).exists():
            found.append("not everything counts")
        return found + audit.faults("maison-lucet")


@contextmanager
def rig(
    shop: Shop, authority: Authority, folder: Path, *, names: list[str], broker: int
) -> Iterator[Rig]:
    """Everything connected, over lines that lead to a broker's port."""
    ports = Ports()
    near = {number: ports.take(somewhere()) for number in range(len(names) + 1)}
    with ExitStack() as ending:
        made = ending.enter_context(lines(near, to=broker))
        bridge = hub_link.Link(
            "127.0.0.1",
            near[HUB_LINE],
            epoch=feed.epoch(),
            shards=[SHARD],
            identity=authority.own,
        )
        stop = threading.Event()

        def serve() -> None:
            try:
                run(bridge, Worker(bridge.send), stop)
            finally:
                connection.close()

        thread = threading.Thread(target=serve)
        bridge.start()
        ending.callback(bridge.stop)
        thread.start()
        ending.callback(thread.join, PATIENCE_S)
        ending.callback(stop.set)
        counters = [Counter(shop, name, folder, near[n]) for n, name in enumerate(names, 1)]
        for counter in counters:
            ending.callback(counter.close)
        yield Rig(counters, made, bridge)
