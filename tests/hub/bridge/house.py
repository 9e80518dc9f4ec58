# SPDX-License-Identifier: Apache-2.0
"""Hub, broker and bridge with boards around them, each end real: for the tests of identity."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

import pytest
from django.db import connection

from firmware import enrol
from firmware.config import Config
from firmware.store.clock import SystemClock
from firmware.sync.link import Link
from hub.broker_bridge import link as hub_link
from hub.broker_bridge.doorman import Doorman
from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.management.commands.run_bridge import run
from hub.merchants import claims, feed
from hub.merchants.authority import Authority
from hub.merchants.models import Shop
from loyalty.entry import ClockQuality, Stamp
from loyalty.wire import Hello, Poke, decode_down, encode_frame
from provisioning.demo.broker import Broker
from tests.hub.bridge.own import HUB, PATIENCE_S, SHARD

OURS, OTHERS = "saint-denis-1", "saint-denis-2"
QUIET_S: Final = 0.4
"""So long nothing comes where something would come in a few milliseconds."""


class Hurry(Random):
    """Chance that always waits as little as it may."""

    def uniform(self, a: float, b: float) -> float:
        return a


@dataclass
class Clock(SystemClock):
    """This machine's, believed or not."""

    trusted: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def stamp(self) -> Stamp:
        quality = ClockQuality.SYNCED if self.trusted else ClockQuality.GUESS
        return replace(super().stamp(), quality=quality)


@dataclass
class Board:
    """A terminal's end of the line."""

    config: Config
    clock: Clock = field(default_factory=Clock)
    came: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.link = Link(self.config, clock=self.clock, rng=Hurry())

    def drive(self, holds: Callable[[], bool], *, timeout_s: float = PATIENCE_S) -> bool:
        """Turn the link until that is so; whether it came."""
        until = time.monotonic() + timeout_s
        while not holds() and time.monotonic() < until:
            self.came += self.link.step()
            self.link.wait(0.01)
        return holds()

    def connects(self, *, timeout_s: float = PATIENCE_S) -> bool:
        return self.drive(lambda: self.link.up, timeout_s=timeout_s)

    def greets(self, **other: object) -> None:
        facts = {"terminal": self.config.terminal, "gen": self.config.gen} | other
        self.link.send(encode_frame(hello(**facts)))

    def is_answered(self, *, timeout_s: float = PATIENCE_S) -> bool:
        def answered() -> bool:
            return any(isinstance(decode_down(frame)[0], Poke) for frame in self.came)

        return self.drive(answered, timeout_s=timeout_s)


def hello(terminal: object, gen: object, *, boot: str = "b") -> Hello:
    known = {"segment": "s", "n": 1, "boot_id": boot, "hw_id": "h", "cursor": 0, "epoch": ""}
    return Hello(terminal=terminal, gen=gen, software="0", **known)  # type: ignore[arg-type]


@dataclass
class House:
    """Hub, broker and bridge."""

    folder: Path
    broker: Broker
    worker: Worker
    link: hub_link.Link
    shop: Shop

    def board(self, name: str = OURS, **other: object) -> Board:
        """A board that has just become a terminal."""
        path = self.folder / "boards" / name / "terminal.toml"
        code = claims.make(self.shop, name)
        config = enrol.enrol(path, code, ask=claims.answer, hw_id="b" * 64)
        return Board(replace(config, port=self.broker.port, **other))  # type: ignore[arg-type]

    def reload_broker(self) -> None:
        """Have it read its files again."""
        os.kill(int((self.files / "mosquitto.pid").read_text()), signal.SIGHUP)
        time.sleep(QUIET_S)

    @property
    def files(self) -> Path:
        """The broker's folder."""
        return self.folder / HUB / "broker"

    def until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < until, "it never came true"
            time.sleep(0.01)


@pytest.fixture
def house(
    broker: Broker, authority: Authority, shop: Shop, settings, tmp_path: Path
) -> Iterator[House]:
    folder = tmp_path / HUB
    settings.HUB_DATA, settings.HUB_BROKER_FILES = folder, folder / "broker"
    settings.HUB_BROKER_NAME = "127.0.0.1"
    link = hub_link.Link(
        "127.0.0.1", broker.port, epoch=feed.epoch(), shards=[SHARD], identity=authority.own
    )
    heard: list[bool] = []
    link._hearing.on_subscribe = lambda *_: heard.append(True)

    def see_off(terminal: str) -> None:
        with authority.stand_in(terminal) as identity:
            link.see_off(terminal, identity)

    worker, stop = Worker(link.send), threading.Event()
    made = House(tmp_path, broker, worker, link, shop)

    def bridge() -> None:
        try:
            run(link, worker, stop, doorman=Doorman(authority, see_off))
        finally:
            connection.close()

    thread = threading.Thread(target=bridge)
    link.start()
    thread.start()
    made.until(lambda: bool(heard))
    yield made
    stop.set()
    thread.join(PATIENCE_S)
    link.stop()
