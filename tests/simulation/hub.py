# SPDX-License-Identifier: Apache-2.0
"""The real hub without its broker: frames in, the bridge's own worker, frames out; it may die."""

import sqlite3
from collections.abc import Callable
from math import inf
from typing import Any

from loyalty.wire import HubState, encode_frame
from tests.simulation.books import Books, Killed
from tests.simulation.chance import Hours
from tests.simulation.network import Broker

MERCHANT = "boulangerie"
TURN_S = 0.2
"""Between two turns of the bridge while no frame comes."""
Balances = dict[tuple[str, str, str], int]
"""By kind, owner and key."""


class Moment:
    """The books at one position of the feed: what a till that has read so far has to show."""

    __slots__ = ("balances", "frozen", "posted")

    def __init__(self, balances: Balances, posted: dict[str, int], frozen: frozenset[str]) -> None:
        self.balances = balances
        self.frozen = frozen
        """Terminals that earn and spend nothing."""
        self.posted = posted
        """The watermark of each segment."""


class Hub:
    """One merchant's hub; `work` does what its bridge does with the frames that came in."""

    def __init__(self, books: Books, broker: Broker, hours: Hours) -> None:
        self.books, self.broker, self.hours = books, broker, hours
        self.alive = False
        self.wake_s = inf
        """When it has something to do though no frame comes."""
        self.epoch = ""
        self.commits = 0
        self.died = 0
        """How often it was killed in the middle of something."""
        self.restored = False
        """Whether it ever was."""
        self.died_inside = 0
        """How often of those with frames in its inbox."""
        self.dies_at: tuple[int, bool] | None = None
        """The commit that it dies at, and whether that is done by then."""
        self.moments: dict[tuple[str, int], list[Moment]] = {}
        """By epoch and position; a restored hub that has not noticed gives a position again."""
        self.watch: Callable[[], None] = _nobody
        """Somebody looks at the books after each commit."""
        self._written = ("", -1)
        self._worker: Any = None
        books.before_commit = lambda: self._commit(done=False)
        books.after_commit = lambda: self._commit(done=True)

    # ── processes ───────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """The bridge starts; what an earlier one left in the inbox comes first."""
        from hub.broker_bridge.inbox import Worker
        from hub.ledger import restored
        from hub.merchants import feed

        restored.check_witness()
        self.epoch = feed.epoch()
        self.alive, self.dies_at = True, None
        self._worker = Worker(self._send)
        self.wake_s = self.hours.now_s + TURN_S
        self.write_down()
        self.greet()

    def greet(self) -> None:
        """Say that it is there, as its link does whenever the broker is back."""
        self._say(up=True)

    def die(self) -> None:
        """`kill -9`: what was not committed never was; the broker says its will."""
        if self.alive:
            self.alive, self.dies_at, self.wake_s = False, None, inf
            self.books.drop_work()
            self._say(up=False)

    def work(self, frames: list[tuple[str, bytes]]) -> None:
        """One turn of the bridge: store what came, answer it, tell who has to hear."""
        if not self.alive or not (frames or self.hours.now_s >= self.wake_s):
            return
        self.wake_s = inf
        try:
            if frames:
                self._worker.store(frames)
            while (left := self._waiting()) and self._worker.work():
                pass
            self._worker.pokes.watch()
            self._worker.poke()
            self._look_at_epoch()
            if left or self._worker.pokes.waiting:
                self.wake_s = self.hours.now_s + TURN_S
        except Killed:
            self.died += 1
            self.died_inside += self._waiting()
            self.die()

    def act(self, what: Callable[[], object]) -> bool:
        """Somebody does something on the web; whether the hub lived to the end of it."""
        if not self.alive:
            return False
        try:
            what()
        except Killed:
            self.died += 1
            self.die()
            return False
        self.wake_s = self.hours.now_s + TURN_S
        return True

    def restore(self, kept: sqlite3.Connection) -> None:
        """Somebody puts yesterday's database back."""
        self.die()
        self.restored = True
        self.commits += 1  # of whoever keeps them: the books are others now
        self.books.replace(kept)
        self._written = ("", -1)

    # ── the books ───────────────────────────────────────────────────────────────────────────────

    @property
    def commits_of_value(self) -> int:
        """Positions of the feed that were ever written: it grows with all that terminals hear of."""
        return sum(map(len, self.moments.values()))

    @property
    def suspended(self) -> bool:
        """Whether it was restored and waits for its terminals."""
        return bool(self.books.read("SELECT 1 FROM merchants_merchant WHERE suspended_at NOT NULL"))

    @property
    def epoch_in_books(self) -> str:
        """The word of its present life; its bridge may not have said so yet."""
        return self.books.read("SELECT word FROM merchants_hubepoch")[0][0]

    def balances(self) -> Balances:
        """Of every holder, as tills show it: the rests of sales are not told."""
        rows = self.books.read(
            "SELECT kind, owner, key, balance FROM ledger_account"
            " WHERE owner NOT IN ('merchant', 'loss') AND kind <> 'rest' AND balance <> 0"
        )
        return {(kind, owner, key): amount for kind, owner, key, amount in rows}

    def write_down(self) -> None:
        """Keep what a till at this position of the feed has to show."""
        found = self.books.read(
            "SELECT word, feed_position FROM merchants_hubepoch, merchants_merchant"
        )
        if not found or found[0] == self._written:
            return
        self._written = place = found[0]
        posted = dict(self.books.read("SELECT uuid, watermark FROM ledger_segment"))
        rows = self.books.read("SELECT id FROM merchants_terminal WHERE frozen")
        moment = Moment(self.balances(), posted, frozenset(name for (name,) in rows))
        self.moments.setdefault(place, []).append(moment)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _look_at_epoch(self) -> None:
        """As its bridge does: another life of the hub is told to everybody."""
        from hub.merchants import feed

        if feed.epoch() != self.epoch:
            self.epoch = feed.epoch()
            self.greet()

    def _waiting(self) -> bool:
        return bool(self.books.read("SELECT 1 FROM broker_bridge_inbox LIMIT 1"))

    def _commit(self, *, done: bool) -> None:
        if not self.alive:
            return
        if not done:
            self.commits += 1
        if done:
            self.write_down()
            self.watch()
        if self.dies_at and (self.commits, done) >= self.dies_at:
            self.books.die()

    def _send(self, topic: str, frame: bytes) -> None:
        self.broker.carry(topic.rsplit("/", 1)[-1], frame)

    def _say(self, *, up: bool) -> None:
        if self.broker.up:
            self.broker.say(encode_frame(HubState(epoch=self.epoch, up=up)))


def _nobody() -> None:
    """Nobody looks."""
