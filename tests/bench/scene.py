# SPDX-License-Identifier: Apache-2.0
"""The scene of a measurement: a hub with one merchant, a broker, the bridge, and terminals."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from provisioning.demo.broker import Broker, broker
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Program, Programs
from tests.guest import let_in
from tests.memory import in_memory
from tests.replay import shopping, world
from tests.replay.player import PAUSE_S
from tests.replay.shop import PIN, Shop
from tests.replay.shopping import Basket

PATIENCE_S = 120.0
VISIT_DELAY_S = 3600
BENCH = "bench"
"""Who is let in at the broker besides hub and terminals."""


@dataclass
class Scene:
    """What is there when a measurement begins."""

    folder: Path
    broker: Broker
    programs: Programs
    settings: dict[int, Path]
    """Of each store's terminal."""
    baskets: tuple[Basket, ...]
    """Real ones, in the order of time."""

    def seller(self, store: int) -> "Seller":
        """A store's terminal, switched on and installed from the hub; its sync is not running."""
        shop = Seller(self.settings[store], follows=True)
        shop.switch_on(float(self.baskets[0].at_s))
        shop.call()
        until(lambda: _turn(shop) and shop.installed and shop.all_sent, "the first snapshot")
        shop.leave_sync()
        return shop

    def sync(self, store: int) -> Program:
        """The store's sync as a program."""
        argv = (sys.executable, "-m", "firmware", "sync", "--config", str(self.settings[store]))
        return Program(f"sync-{store}", argv, self.folder / f"sync-{store}.log")


class Seller(Shop):
    """A shop whose sync, once it is installed, is a program of its own or nobody's."""

    def leave_sync(self) -> None:
        """Let go of sync's half of the store."""
        self.hang_up()
        self._sync_db.close()

    def sell(self, baskets: Iterator[Basket], number: int) -> None:
        """Sell so many baskets."""
        for basket in islice(baskets, number):
            self.play(basket, touch=False)


@contextmanager
def scene(folder: Path, *, stores: Sequence[int], baskets: int) -> Iterator[Scene]:
    """Open the business and start broker and bridge; all of it is stopped at the end.

    Args:
        folder: on the disk that is measured.
        stores: their numbers, freely chosen.
        baskets: how many consecutive ones of the real year are at hand.
    """
    choice = shopping.choose(baskets=baskets)
    everywhere = tuple({*shopping.choose().stores})
    real = tuple(shopping.baskets_of(everywhere, choice.baskets))
    programs, port = Programs(), Ports().take(10_000 + os.getpid() * 37 % 20_000)
    ram = tempfile.mkdtemp(prefix="comptoir-bench-", dir=in_memory())
    os.environ["RUNTIME_DIRECTORY"] = ram  # of the terminals, as systemd names it
    try:
        between = broker(folder / "hub", port, log=folder / "broker.log")
        if not between.plain:
            let_in(folder / "hub", BENCH, f"{BENCH}/#")
        programs.start(between.program)
        programs.wait_until(lambda: listening(port), what="broker")
        world.start_hub(folder / "hub", between)
        world.open_business(
            stores=stores,
            households=choice.households,
            shelves=choice.shelves,
            pin=PIN,
            visit_delay_s=VISIT_DELAY_S,
        )
        lines = dict.fromkeys(stores, port)
        settings = world.enrol(lines, folder / "terminals", between, done=lambda: None)
        argv = (sys.executable, "-m", "hub", "run_bridge")
        programs.start(Program("pont", argv, folder / "bridge.log"))
        yield Scene(folder, between, programs, settings, real)
    finally:
        programs.stop()
        shutil.rmtree(ram)


def offer(cost: int) -> None:
    """Publish one more reward, a gift at so many points; before any terminal is installed."""
    from hub.programmes.models import Reward

    Reward.objects.create(merchant_id=world.MERCHANT, kind="gift", title="Un café", cost=cost)
    world.publish_rules(*world.EARN[0])


def database_name() -> str:
    """What the hub of this process writes to."""
    return "PostgreSQL" if os.environ.get("HUB_DATABASE_URL") else "SQLite"


def endless(baskets: Sequence[Basket]) -> Iterator[Basket]:
    """Baskets with something to pay, again and again."""
    return cycle([basket for basket in baskets if basket.items])


def until(true: Callable[[], object], what: str, *, pause_s: float = PAUSE_S) -> None:
    """Wait for what goes on by itself.

    Raises:
        TimeoutError: it never came; the text says what.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(pause_s)


def _turn(shop: Shop) -> bool:
    shop.step()
    return shop.rests
