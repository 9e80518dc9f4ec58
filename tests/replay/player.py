# SPDX-License-Identifier: Apache-2.0
"""A process that plays many shops: each one's till and sync, in the order of the baskets' time."""

import logging
import resource
import sys
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.replay.shop import Shop
from tests.replay.shopping import baskets_of

log = logging.getLogger(__name__)

SEND_AT = 100
"""Entries that make a shop call: one full frame."""
BLOCK_AT = 400
"""Entries at which a shop that follows the feed waits for its line."""
MOST_CALLS = 12
"""Lines up at once, besides those that follow; the others wait their turn."""
MOST_OPEN = 96
"""Terminals switched on at once; who was idle longest is switched off, and boots again."""
TURN_S = 0.004
PAUSE_S = 0.001
LISTEN_S = 0.2
"""How often a shop that follows looks at its line: in real time, a year's worth is on it."""
REPORT_S = 0.5
REST_S = 0.5
"""A shop that has been quiet that long has nothing under way."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one player is told."""

    settings: dict[int, Path]
    """Of each store's terminal."""
    followers: tuple[int, ...]
    baskets: tuple[int, ...]
    touch_every: int
    new_rules_s: int | None
    """Baskets from then on are sold under the rules that the merchant publishes meanwhile."""
    log: Path


@dataclass(frozen=True, slots=True)
class Report:
    """How far it is."""

    phase: str
    done: int
    entries: int = 0
    """Written so far."""
    waiting: int = 0
    online: int = 0


def play(task: Task, orders: Connection) -> None:
    """Install the shops, wait for the word, play, send everything, report all along."""
    logging.basicConfig(filename=task.log, level=logging.WARNING)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        player = Player(task, orders)
        player.install()
        orders.recv()
        player.run()
        player.finish()
        orders.send(Report("done", player.done, entries=player.entries))
        orders.recv()
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        pass  # the replay is over: whoever gives the orders has gone
    except Exception:
        log.exception("player stopped")
        sys.exit(1)


class Player:
    def __init__(self, task: Task, orders: Connection) -> None:
        self._task = task
        self._orders = orders
        self._shops = {
            store: Shop(settings, follows=store in task.followers)
            for store, settings in task.settings.items()
        }
        self._open: OrderedDict[int, Shop] = OrderedDict()
        self._calls: dict[int, Shop] = {}
        self._phase = "install"
        self._version = 1
        """Of the rules that every shop goes by."""
        self._turn_s = self._report_s = 0.0
        self.done = 0
        self.entries = 0

    # ── phases ──────────────────────────────────────────────────────────────────────────────────

    def install(self) -> None:
        """Each terminal starts from a snapshot of the real hub."""
        for store in self._shops:
            shop = self._switched_on(store, 0.0)
            self._call(store)
            while not (shop.rests and shop.installed):
                self._turn(keep=store)
                time.sleep(PAUSE_S)
            if not shop.follows:
                self._hang_up(store)
            self.done += 1
            self._report()
        self._orders.send(Report("installed", self.done))
        self.done = 0

    def run(self) -> None:
        self._phase = "play"
        for basket in baskets_of(tuple(self._shops), self._task.baskets):
            self._new_rules(basket.at_s)
            shop = self._switched_on(basket.store, basket.at_s)
            before = shop.unsent
            shop.play(basket, touch=basket.id % self._task.touch_every == 0)
            self.entries += shop.unsent - before
            self.done += 1
            if shop.unsent >= SEND_AT and not shop.online:
                self._wait_for_a_line()
                self._call(basket.store)
            while shop.unsent >= BLOCK_AT:
                self._turn()
                time.sleep(PAUSE_S)
                shop.unsent = 0 if shop.all_sent else shop.unsent
            self._turn()

    def _new_rules(self, at_s: int) -> None:
        """Stop at that moment until the merchant has published and every shop has heard."""
        due_s = self._task.new_rules_s
        if due_s is None or at_s < due_s or self._version > 1:
            return
        self._orders.send(Report("halfway", self.done, self.entries))
        self._version = self._orders.recv()
        while any(shop.rules < self._version for shop in self._shops.values()):
            self._turn()
            time.sleep(PAUSE_S)

    def finish(self) -> None:
        """Everything to the hub, the rest of the feed to those who follow, then switch off."""
        if self._task.new_rules_s is not None:
            self._new_rules(self._task.new_rules_s)
        self._phase = "finish"
        for store in [s for s, shop in self._shops.items() if shop.unsent]:
            shop = self._switched_on(store, 0.0)
            if not shop.online and not shop.all_sent:
                self._wait_for_a_line()
                self._call(store)
            self._turn()
        while not all(shop.rests and shop.settled for shop in self._calls.values()):
            self._turn()
            time.sleep(PAUSE_S)
        self._phase = "settled"
        self._report()
        while not self._orders.poll():  # the other player's sales are still on the feed
            self._turn()
            time.sleep(PAUSE_S)
        latest = self._orders.recv()
        while any(shop.cursor < latest for shop in self._calls.values()):
            self._turn()
            time.sleep(PAUSE_S)
        for store in list(self._open):
            self._switch_off(store)

    # ── turns ───────────────────────────────────────────────────────────────────────────────────

    def _turn(self, keep: int | None = None) -> None:
        """Let every line that is up move on, now and then."""
        now_s = time.monotonic()
        if now_s < self._turn_s + TURN_S:
            return
        for store, shop in list(self._calls.items()):
            if shop.follows and store != keep and now_s < shop.stepped_s + LISTEN_S:
                continue
            shop.step()
            if store != keep and not shop.follows and shop.all_sent:
                self._hang_up(store)
        self._turn_s = time.monotonic()
        if self._turn_s > self._report_s + REPORT_S:
            self._report()

    def _report(self) -> None:
        self._report_s = time.monotonic()
        waiting = sum(shop.unsent for shop in self._shops.values())
        self._orders.send(Report(self._phase, self.done, self.entries, waiting, len(self._calls)))

    def _wait_for_a_line(self) -> None:
        while sum(not shop.follows for shop in self._calls.values()) >= MOST_CALLS:
            self._turn()
            time.sleep(PAUSE_S)

    # ── shops ───────────────────────────────────────────────────────────────────────────────────

    def _call(self, store: int) -> None:
        self._calls[store] = self._shops[store]
        self._shops[store].call()

    def _hang_up(self, store: int) -> None:
        self._calls.pop(store, None)
        self._shops[store].hang_up()

    def _switched_on(self, store: int, at_s: float) -> Shop:
        shop = self._shops[store]
        if not shop.is_open:
            self._make_room()
            shop.switch_on(at_s)
            self._open[store] = shop
        self._open.move_to_end(store)
        return shop

    def _make_room(self) -> None:
        idle: Sequence[int] = [s for s, shop in self._open.items() if not shop.online]
        while len(self._open) >= MOST_OPEN and idle:
            self._switch_off(idle[0])
            idle = idle[1:]

    def _switch_off(self, store: int) -> None:
        self._calls.pop(store, None)
        self._open.pop(store).switch_off()
