# SPDX-License-Identifier: Apache-2.0
"""Fault 10 lived through: a till and sync on a card that is much too small, for a long time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.store import archive, journal, sales
from firmware.store.archive import Archive
from firmware.store.database import CHECKPOINT_PAGES, Role
from firmware.store.room import Disk, Strain, strain
from loyalty.feed import Covered
from tests.firmware.store.shelf import Shelf, chained, closing_quietly, sold

MB = 1_000_000


class SmallCard:
    """Room for so many bytes; what the folder's files take of it is in use."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.others = 0
        """Bytes that other programs took."""

    def __call__(self, folder: Path) -> Disk:
        used = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
        return Disk(self.total, max(0, self.total - used - self.others))


class Counter:
    """The till and sync on one card; the till looks at it before each sale, as a desk does."""

    def __init__(self, folder: Path) -> None:
        self.card = SmallCard(6 * MB)
        self.till = Shelf(folder, measure=self.card)
        self.sync = Shelf(
            folder, self.till.clock, self.till.new_id, role=Role.SYNC, measure=self.card
        )
        self.archive = Archive(self.sync.db, clock=self.till.clock)

    def sell(self, most: int = 100_000) -> int:
        """Sell until the till refuses; how many were sold."""
        for number in range(most):
            if strain(self.till.db.disk()) is Strain.SALES:
                return number
            self.till.write(sold(receipt=sales.next_receipt(self.till.db)))
        return most

    def tend(self) -> None:
        for _ in range(200):
            self.till.clock.pass_s(archive.LOOK_S)
            self.archive.tend(self.till.clock.monotonic_s())

    def posted(self) -> None:
        """The hub has all that was sold so far."""
        now = self.sync.segment()
        assert journal.acknowledge(self.sync.db, now.id, upto=now.n, head=now.head.hex())
        self.sync.hear(Covered(segment=now.id, n=now.n))


@pytest.fixture
def counter(ram: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setitem(CHECKPOINT_PAGES, Role.KIOSK, 300)
    opened = Counter(ram)
    yield opened
    closing_quietly(opened.till)
    closing_quietly(opened.sync)


def test_fault_10_a_till_that_is_cut_off_stops_in_time_and_keeps_every_sale(
    counter: Counter,
) -> None:
    sales = counter.sell()
    counter.tend()
    sales += counter.sell()
    counter.tend()
    sales += counter.sell()
    assert strain(counter.till.db.disk()) is Strain.SALES
    assert counter.sell() == 0
    assert counter.card(counter.till.folder).free > 0, "sync still has room to work"
    assert journal.waiting(counter.till.db) == sales + 1
    assert chained(counter.till.db) == sales + 1


def test_fault_10_once_the_hub_has_them_there_is_room_again_and_for_ever(counter: Counter) -> None:
    counter.sell()
    for _ in range(5):
        counter.posted()
        counter.tend()
        assert counter.sell(300) == 300
    assert journal.waiting(counter.till.db) == 300
    chained(counter.till.db)
    listed = sales.listed(counter.till.db, limit=1)
    assert int(listed[0].receipt) == counter.till.db.rows("SELECT count(*) FROM sale")[0][0]


def test_fault_10_what_another_program_takes_is_felt_and_given_back(counter: Counter) -> None:
    counter.sell(100)
    counter.card.others = 6 * MB
    counter.tend()
    assert counter.sell() == 0
    counter.card.others = 0
    assert counter.sell(10) == 10
