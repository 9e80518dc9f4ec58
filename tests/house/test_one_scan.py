# SPDX-License-Identifier: Apache-2.0
"""One scan and one sale, followed through the house from the scanner to the hub and back.

Run with `-s` to see the path; docs/architecture.md shows the same one, written by `./run docs`.
"""

import os
import secrets
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

# the hub's settings come before anything of Django's
from tests.hub.conftest import django_db_modify_db_settings, merchant, shop

# isort: split
from firmware import config as settings
from firmware import enrol
from firmware.drivers.base import Reading
from firmware.drivers.intake import Intake
from firmware.drivers.mock import MockPrinter, MockSignal
from firmware.drivers.supervise import Printing
from firmware.heartbeat import this_machine
from firmware.kiosk.app import App, Happened
from firmware.kiosk.display import Display
from firmware.kiosk.look import Look
from firmware.store.clock import SystemClock, new_id
from firmware.store.database import Database, Role
from firmware.sync.loop import Sync
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.outcome import AtTill, Saved
from firmware.till.till import Till
from hub.broker_bridge.inbox import Worker
from hub.ledger.models import JournalEntry
from hub.merchants import claims, registry
from hub.merchants.models import Merchant, Shop
from loyalty.entry import Joined
from loyalty.topics import up_topic
from tests.house.path import WRITE, followed, page_path, write_page

__all__ = ["django_db_modify_db_settings", "merchant", "shop"]

pytestmark = pytest.mark.django_db

CARD = "2000000000008"


class Cable:
    """Stands for the broker: frames of one terminal straight to the bridge, answers straight back."""

    session, spread_s = 1, 0.0
    up = True

    def __init__(self, name: str) -> None:
        self._topic = up_topic(0, name)
        self._answers: deque[bytes] = deque()
        self.worker = Worker(lambda _, frame: self._answers.append(frame))

    def step(self) -> list[bytes]:
        found = list(self._answers)
        self._answers.clear()
        return found

    def send(self, frame: bytes) -> bool:
        self.worker.store([(self._topic, frame)])
        self.worker.work()
        return True

    def cut(self) -> None:
        self.up = False


class Counter:
    """A terminal that is set up as `firmware.__main__` does it, with the cable in its sync."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        path, machine, clock = folder / "terminal.toml", this_machine(), SystemClock()
        code = claims.make(shop, "saint-denis-1")
        enrol.enrol(path, code, ask=claims.answer, hw_id=machine.hw_id)
        config = settings.load(path)
        runtime = folder / "run"
        self.dbs = [
            Database(config.state, role=role, runtime=runtime) for role in (Role.KIOSK, Role.SYNC)
        ]
        self.cable = Cable(config.terminal)
        self.sync = Sync(
            self.dbs[1],
            self.cable,
            config=config,
            machine=machine,
            clock=clock,
            rng=Random(1),
            new_id=new_id,
        )
        desk = Desk(
            db=self.dbs[0],
            clock=clock,
            config=config,
            new_id=new_id,
            random_bits=secrets.randbits,
        )
        self.till = Till(desk)
        self.intake: Intake[Happened] = Intake()
        self.app = App(
            self.till,
            Display(Look()),
            intake=self.intake,
            printing=Printing(MockPrinter()),
            signal=MockSignal(),
            report=lambda *_: None,
        )

    def talk(self, turns: int = 12) -> None:
        for _ in range(turns):
            self.sync.step()

    def happens(self, event: Happened) -> None:
        self.intake.put(event)
        self.app.step(0)

    def close(self) -> None:
        for db in self.dbs:
            db.close()


@pytest.fixture
def counter(merchant: Merchant, shop: Shop, tmp_path: Path) -> Iterator[Counter]:
    registry.hire(merchant.pk, "Isabelle", pin="2468")
    counter = Counter(shop, tmp_path)
    counter.talk()
    joined = Joined(customer="elodie", code=CARD, first_name="Élodie", initial="M")
    counter.till.desk.write(joined)
    counter.talk()
    counter.happens(tap.Unlock())
    for digit in "2468":
        counter.happens(tap.Key(digit))
    yield counter
    counter.close()


def shown(counter: Counter) -> object:
    return counter.till.tick()


def test_one_scan_passes_through_the_modules_that_the_architecture_shows(counter: Counter) -> None:
    assert isinstance(shown(counter), AtTill)

    def one_scan_one_sale() -> None:
        counter.happens(Reading(CARD, "mock:"))
        counter.happens(tap.AddLine())
        for digit in "1960":
            counter.happens(tap.Key(digit))
        counter.happens(tap.Enter())
        counter.happens(tap.Save())
        counter.talk(6)

    path = followed(one_scan_one_sale)
    outcome = shown(counter)
    assert isinstance(outcome, Saved)
    assert not outcome.waiting, "the hub has acknowledged it"
    assert JournalEntry.objects.get(kind="sold").cents == 1960
    print("\n".join(path))
    if os.environ.get(WRITE):
        write_page(path)
    assert path == page_path(), "the house has changed: ./run docs writes the path anew"
