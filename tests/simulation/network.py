# SPDX-License-Identifier: Apache-2.0
"""A broker that loses, doubles, damages, delays and reorders, and the terminals' links to it."""

import hashlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from random import Random
from typing import Any

from loyalty.wire import Gone, encode_frame

QUICK_S = 0.02
KEEPALIVE_S = 45.0
"""A connection that carries nothing is given up after so long."""
ROOM = 400
"""Frames under way; a broker drops the newest."""


@dataclass(slots=True)
class Weather:
    """How bad the network is; each a chance per frame."""

    lost: float = 0.0
    doubled: float = 0.0
    damaged: float = 0.0
    slowest_s: float = QUICK_S
    wandering: float = 0.0
    """Chance that a frame turns up hours later."""


@dataclass
class Broker:
    """Everything under way, in both directions, and who is connected."""

    luck: Random
    now_s: float = 0.0
    weather: Weather = field(default_factory=Weather)
    up: bool = True
    retained: bytes | None = None
    """What the hub last said of itself, or its will."""
    links: dict[str, "Link"] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    """What really happened to frames."""
    trace: Any = field(default_factory=hashlib.sha256)
    """Of every frame, byte for byte."""
    _under_way: list[tuple[float, int, str, bytes]] = field(default_factory=list)
    _stuck: set[str] = field(default_factory=set)
    _held: list[tuple[str, bytes]] = field(default_factory=list)
    _number: int = 0

    @property
    def next_s(self) -> float:
        """When the next frame is due."""
        return self._under_way[0][0] if self._under_way else inf

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def carry(self, to: str, frame: bytes) -> None:
        """Take a frame and do to it what the weather does."""
        if not self.up or len(self._under_way) >= ROOM:
            return
        self.trace.update(frame)
        if to in self._stuck:
            self._held.append((to, frame))
            return
        weather, luck = self.weather, self.luck
        copies = 1
        if luck.random() < weather.doubled:
            copies = 2
            self._happened("frame doubled")
        for _ in range(copies):
            if luck.random() < weather.lost:
                self._happened("frame lost")
                continue
            sent = frame
            if luck.random() < weather.damaged:
                at = luck.randrange(len(frame))
                sent = frame[:at] + bytes([frame[at] ^ 1 << luck.randrange(8)]) + frame[at + 1 :]
                self._happened("frame damaged")
            wait_s = luck.uniform(0.001, weather.slowest_s)
            if luck.random() < weather.wandering:
                wait_s += luck.uniform(600, 40_000)
                self._happened("frame wandered")
            self._push(self.now_s + wait_s, to, sent)

    def arrived(self) -> list[tuple[str, bytes]]:
        """Frames that are due, in the order in which they come out."""
        found = []
        while self._under_way and self._under_way[0][0] <= self.now_s:
            _, _, to, frame = heapq.heappop(self._under_way)
            found.append((to, frame))
        return found

    def say(self, state: bytes) -> None:
        """The hub speaks of itself to everybody, also to those who come later."""
        self.retained = state
        for link in self.links.values():
            link.hear(state)

    def fall(self) -> None:
        """The broker dies with all it was carrying."""
        self.up, self.retained = False, None
        self._under_way.clear()
        for link in list(self.links.values()):
            link.lose()

    def hold_back(self, to: str) -> None:
        """Keep what is under way to somebody, and all that is sent from now on."""
        self._stuck.add(to)
        held = sorted(frame for frame in self._under_way if frame[2] == to)
        self._under_way = [frame for frame in self._under_way if frame[2] != to]
        heapq.heapify(self._under_way)
        self._held += [(to, frame) for _, _, _, frame in held]

    def pass_on(self) -> bool:
        """New frames pass again, while those that were held back stay where they are."""
        stuck, self._stuck = self._stuck, set()
        return bool(stuck)

    def let_go(self) -> int:
        """What was held back goes on, long after it was sent; how many frames that is."""
        self._stuck.clear()
        held, self._held = self._held, []
        for to, frame in held:
            self._push(self.now_s + QUICK_S, to, frame)
        return len(held)

    def _push(self, due_s: float, to: str, frame: bytes) -> None:
        self._number += 1
        heapq.heappush(self._under_way, (due_s, self._number, to, frame))

    def _happened(self, what: str) -> None:
        self.count[what] = self.count.get(what, 0) + 1


class Link:
    """What one program sees of the broker; it may be cut, or carry nothing and not know it."""

    def __init__(
        self, broker: Broker, terminal: str, *, topic: str, gen: Callable[[], int]
    ) -> None:
        self.broker, self.terminal, self.topic, self._gen = broker, terminal, topic, gen
        self.session, self.spread_s = 0, 0.0
        self.plugged = True
        self.deaf_from_s = inf
        """Since when the connection carries nothing any more."""
        self._connected = False
        self._next_try_s = 0.0
        self._arrived: list[bytes] = []

    @property
    def up(self) -> bool:
        return self._connected

    @property
    def waits(self) -> bool:
        """Whether something came in."""
        return bool(self._arrived)

    def step(self) -> list[bytes]:
        if self._connected and self.broker.now_s > self.deaf_from_s + KEEPALIVE_S:
            self.lose()
        usable = self.plugged and self.broker.up
        if not self._connected and usable and self.broker.now_s >= self._next_try_s:
            self._connect()
        found, self._arrived = self._arrived, []
        return found

    def send(self, frame: bytes) -> bool:
        if self._connected and self.deaf_from_s == inf:
            self.broker.carry(self.topic, frame)
        return self._connected

    def cut(self) -> None:
        """The program hangs up, or is gone; the broker says so to the hub."""
        if not self._connected:
            return
        self._connected = False
        self._arrived.clear()
        if self.broker.links.get(self.terminal) is self:
            del self.broker.links[self.terminal]
            gone = Gone(terminal=self.terminal, gen=self._gen())
            self.broker.carry(self.topic, encode_frame(gone))

    def lose(self) -> None:
        """The connection breaks; the next one is tried a little later."""
        self.cut()
        self._next_try_s = self.broker.now_s + self.broker.luck.uniform(1, 30)

    def unplug(self) -> None:
        """Somebody pulls the cable."""
        self.plugged = False
        self.lose()

    def hear(self, frame: bytes) -> None:
        """The broker has something for us."""
        if self._connected and self.deaf_from_s == inf:
            self._arrived.append(frame)

    def _connect(self) -> None:
        if other := self.broker.links.get(self.terminal):
            other.lose()  # one name, one connection: the newest
        self.broker.links[self.terminal] = self
        self._connected, self.deaf_from_s = True, inf
        self.session += 1
        if self.broker.retained:
            self._arrived.append(self.broker.retained)
