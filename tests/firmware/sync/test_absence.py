# SPDX-License-Identifier: Apache-2.0
"""Long absences: a month of sales drains within the credit, and what the hub has goes by itself."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from firmware.store import journal
from firmware.store.archive import KEEP_DAYS, LOOK_S
from firmware.sync.uplink import Uplink
from loyalty.wire import GENESIS, LARGEST_FRAME, MOST_ENTRIES, Ack, Batch, Health, chain, decode_up
from tests.firmware.conftest import FillingDisk
from tests.firmware.store.shelf import Shelf, chained, sold
from tests.firmware.sync.world import Terminal, World

CREDIT = 2_000
"""Entries a second that the hub grants."""
ROUND_S = 0.05
"""From a frame to its acknowledgement."""


@pytest.mark.parametrize(
    "count", [3_000, pytest.param(100_000, marks=pytest.mark.long)], ids=["short", "month"]
)
def test_fault_56_a_month_of_sales_drains_within_the_credit(shelf: Shelf, count: int) -> None:
    with shelf.db.atomic():
        for number in range(count):
            shelf.write(sold(points=1, receipt=f"{number:06d}"))
    uplink = Uplink(shelf.db, terminal="terminal-1", gen=1, rng=Random(1))
    now_s, head, upto, frames, wait_s = 0.0, GENESIS, 0, 0, 0.0
    while journal.waiting(shelf.db):
        frame = uplink.due(now_s)
        if frame is None:
            now_s += 0.01
            wait_s += 0.01
            assert wait_s < 1, "nothing comes any more"
            continue
        frames, wait_s = frames + 1, 0.0
        assert len(frame) <= LARGEST_FRAME
        batch, lines = decode_up(frame)
        assert isinstance(batch, Batch)
        assert batch.lo == upto + 1, "in their order, none twice"
        for line in lines:
            head = chain(head, line)
        upto += len(lines)
        now_s += ROUND_S
        uplink.on_ack(
            Ack(
                epoch="e",
                segment=batch.segment,
                upto=upto,
                head=head.hex(),
                latest=0,
                credit=CREDIT,
                hub_ms=0,
            ),
            now_s,
        )
    assert upto == count + 1
    assert frames <= count // MOST_ENTRIES + 2
    needed_s = count / MOST_ENTRIES * ROUND_S
    assert count / CREDIT * 0.9 <= now_s <= 2 * (count / CREDIT + needed_s)


@pytest.fixture
def world(ram: Path) -> Iterator[World]:
    world = World(ram, 1, terminals=1)
    yield world
    world.close()


@pytest.fixture
def terminal(world: World) -> Terminal:
    return world.terminals[0]


def entries(terminal: Terminal) -> int:
    found = terminal.shelf.db.row("SELECT count(*) FROM entry")
    assert found
    return int(found[0])


def days(world: World, count: int) -> None:
    """Let days pass; whoever is there says a few words on each."""
    for _ in range(count):
        world.pass_s(86_400)
        for _ in range(20):
            world.turn()


def test_what_the_hub_has_leaves_by_itself_after_a_month(world: World, terminal: Terminal) -> None:
    for _ in range(5):
        terminal.sell("ana", 3)
    for _ in range(40):
        world.turn()
    assert journal.waiting(terminal.shelf.db) == 0
    before = entries(terminal)
    days(world, KEEP_DAYS)
    assert entries(terminal) == before
    days(world, 3)
    assert entries(terminal) == 1
    terminal.sell("ana", 3)
    for _ in range(40):
        world.turn()
    assert journal.waiting(terminal.shelf.db) == 0
    chained(terminal.shelf.db)


def test_the_hub_hears_how_full_the_disk_is(world: World, terminal: Terminal) -> None:
    terminal.shelf.db._measure = FillingDisk(83)
    world.pass_s(LOOK_S)
    terminal.sync.step()
    said = [decode_up(frame)[0] for frame in world.network.arrived("")]
    assert [message.disk for message in said if isinstance(message, Health)] == [83]
