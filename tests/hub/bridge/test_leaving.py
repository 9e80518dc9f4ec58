# SPDX-License-Identifier: Apache-2.0
"""A living terminal leaves for good, each end real: its till and sync, Mosquitto, bridge and ledger."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from firmware.config import Config
from firmware.drivers.base import Reading
from firmware.heartbeat import Machine
from firmware.store import cursors, journal, own
from firmware.store.clock import new_id
from firmware.store.database import Database, Role
from firmware.sync.link import Link
from firmware.sync.loop import Sync
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.outcome import Broken, Front, OutOfOrder, Saved
from firmware.till.till import Till
from hub.broker_bridge.management.commands import run_bridge
from hub.ledger import audit, custody
from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.models import Account, Customer, Held, JournalEntry
from hub.merchants import registry
from hub.merchants.authority import Authority
from hub.merchants.models import Shop, Terminal
from loyalty.entry import SignedOff
from loyalty.topics import up_topic
from loyalty.wire import encode_frame
from tests.hub import till as hub_till
from tests.hub.bridge.house import OURS, QUIET_S, Board, Clock, House, Hurry, hello, house
from tests.hub.bridge.own import PATIENCE_S, SHARD

__all__ = ["house"]

pytestmark = pytest.mark.django_db(transaction=True)

HW = "b" * 64
"""The board that `House.board` enrols."""
CARD = "2000000000015"
PIN = "2468"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge looks for who has left at each turn, not once a minute."""
    monkeypatch.setattr(run_bridge, "CHORES_EVERY_S", 0.0)


@dataclass
class Counter:
    """A terminal on a counter: the till that people touch and sync, on one store."""

    config: Config
    folder: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.sold, self.synced = (
            Database(self.config.state, role=role, runtime=self.folder)
            for role in (Role.KIOSK, Role.SYNC)
        )
        self.link = Link(self.config, clock=self.clock, rng=Hurry())
        self.sync = Sync(
            self.synced,
            self.link,
            config=self.config,
            machine=Machine(hw_id=HW, software="test"),
            clock=self.clock,
            rng=Hurry(),
            new_id=new_id,
        )
        desk = Desk(
            db=self.sold,
            clock=self.clock,
            config=self.config,
            new_id=new_id,
            random_bits=random.Random(1).getrandbits,
        )
        self.till = Till(desk)

    def close(self) -> None:
        self.link.cut()
        self.synced.close()
        self.sold.close()

    def drive(self, holds: Callable[[], bool], *, timeout_s: float = PATIENCE_S) -> bool:
        """Turn sync and the till until that is so; whether it came."""
        until = time.monotonic() + timeout_s
        while not holds() and time.monotonic() < until:
            self.link.wait(min(0.01, self.sync.step()))
            self.till.tick()
        return holds()

    def sells(self, cents: int) -> None:
        """Somebody with the card buys something."""
        for event in (
            Reading(CARD, "mock:"),
            tap.AddLine(),
            *map(tap.Key, str(cents)),
            tap.Enter(),
        ):
            self.till.handle(event)
        assert isinstance(self.till.handle(tap.Save()), Saved)

    def unlock(self) -> None:
        self.till.handle(tap.Unlock())
        for digit in PIN:
            self.till.handle(tap.Key(digit))

    @property
    def broken(self) -> Broken | None:
        outcome = self.till.tick()
        return outcome.broken if isinstance(outcome, OutOfOrder) else None


@pytest.fixture
def elodie(shop: Shop) -> Customer:
    """Somebody who pays at the counter that Isabelle unlocks."""
    registry.hire(shop.merchant_id, "Isabelle", pin=PIN)
    (customer,) = register_customers(shop, [NewCustomer(first_name="Élodie", code=CARD)])
    return customer


@pytest.fixture
def counter(elodie: Customer, house: House, tmp_path: Path) -> Iterator[Counter]:
    """A terminal that has sold online, holds rights, and is asked to leave while it is away."""
    made = Counter(house.board().config, tmp_path / "ram")
    assert made.drive(lambda: isinstance(made.till.tick(), Front)), "it has read the feed"
    made.unlock()
    made.sells(2000)
    assert made.drive(lambda: not journal.waiting(made.synced))
    cursors.set_network(made.sold, on=False)
    made.drive(lambda: not made.link.up)
    made.sells(1000)
    custody.leave(Terminal.objects.get(pk=OURS), leaving=True)
    assert made.drive(lambda: made.broken is not None, timeout_s=QUIET_S) is False
    assert Held.objects.filter(account__owner=elodie.uuid, amount__gt=0).exists()
    cursors.set_network(made.sold, on=True)
    yield made
    made.close()


def test_it_gives_back_and_sends_everything_hangs_up_and_is_not_let_in_again(
    counter: Counter,
    house: House,
    authority: Authority,
    elodie: Customer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert counter.drive(lambda: counter.broken is Broken.LEFT)
    assert not journal.waiting(counter.synced)
    assert own.held(counter.synced) == ()
    assert not Held.objects.filter(amount__gt=0).exists()
    assert Account.objects.get(owner=elodie.uuid, kind="points").balance == 30
    ours = JournalEntry.objects.filter(terminal=OURS).order_by("pk")
    kinds = list(ours.values_list("kind", flat=True))
    assert kinds.count("sold") == 2
    assert kinds[-1] == "signed_off"
    assert set(ours.values_list("outcome", flat=True)) == {"posted"}
    assert audit.faults(house.shop.merchant_id) == []

    assert counter.drive(lambda: not counter.link.up), "it hangs up"
    sessions = counter.link.session
    assert not counter.drive(lambda: counter.link.up, timeout_s=2 * QUIET_S)
    assert counter.link.session == sessions, "and calls no more"

    here = Terminal.objects.get(pk=OURS)
    assert (here.leaving, here.retired_at) == (False, None), "half a minute it may still ask"
    monkeypatch.setattr(custody, "HEARS_SO", timedelta(0))
    house.until(lambda: (OURS, 1) in authority.revoked())
    time.sleep(QUIET_S)  # the broker reads it
    assert not Board(counter.config).connects(timeout_s=2 * QUIET_S), "its certificate is revoked"
    count = ours.count()
    house.worker.store([(up_topic(SHARD, OURS), encode_frame(hello(OURS, counter.config.gen)))])
    house.until(lambda: house.worker.counts.strangers == 1)
    assert ours.count() == count, "whatever came in its name is not heard"


def test_without_knowing_that_it_has_left_it_would_stay_connected(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "has_left", lambda _: False)
    assert counter.drive(lambda: counter.broken is Broken.LEFT)
    assert not counter.drive(lambda: not counter.link.up, timeout_s=2 * QUIET_S)


def test_one_that_stays_connected_is_seen_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = house.board()
    assert board.connects()
    written = hub_till.Till(Terminal.objects.get(pk=OURS)).opened(hw_id=HW)
    written.write(SignedOff(gen=1))
    written.send()
    assert not board.drive(lambda: not board.link.up, timeout_s=QUIET_S)
    monkeypatch.setattr(custody, "HEARS_SO", timedelta(0))
    assert board.drive(lambda: not board.link.up), "its connection is closed"
    assert not board.connects(timeout_s=2 * QUIET_S)
