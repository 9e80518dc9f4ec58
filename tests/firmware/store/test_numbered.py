# SPDX-License-Identifier: Apache-2.0
"""Faults by their number in docs/faults.md, as the store meets them, with their defence taken out."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.faults import StoreFault
from firmware.store import database, feed, journal
from firmware.store.database import Database, Role
from firmware.store.room import Strain
from loyalty.wire import Garbled
from tests.firmware.store import test_disk_faults, test_small_disk
from tests.firmware.store.shelf import Shelf, sold
from tests.firmware.store.test_feed import balance, begin, dead, page, part
from tests.firmware.sync.test_mutants import mutated, sweep_what_is_being_built

MB = test_small_disk.MB
Patch = pytest.MonkeyPatch


def test_fault_6_without_a_flush_for_each_sale_folding_back_takes_one(
    ram: Path, monkeypatch: Patch
) -> None:
    lazy = tuple(p.replace("synchronous = FULL", "synchronous = NORMAL") for p in database.PRAGMAS)
    monkeypatch.setattr(database, "PRAGMAS", lazy)
    with pytest.raises(AssertionError, match="cut after act"):
        test_disk_faults.test_fault_6_no_cut_while_the_log_is_folded_back_takes_a_sale(ram)


# ── 10: the card is full ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def counter(ram: Path) -> Iterator[test_small_disk.Counter]:
    opened = test_small_disk.Counter(ram)
    yield opened
    opened.sync.close()
    opened.till.close()


def test_fault_10_without_a_limit_sync_would_have_no_room_to_empty_the_queue(
    counter: test_small_disk.Counter, monkeypatch: Patch
) -> None:
    counter.card.total = MB
    assert counter.sell(10_000) < 10_000
    assert counter.card(counter.till.folder).free
    monkeypatch.setattr(test_small_disk, "strain", lambda _: Strain.NONE)
    counter.sell(500)
    assert not counter.card(counter.till.folder).free


# ── 33: a second till on one file ───────────────────────────────────────────────────────────────


def test_fault_33_without_the_lock_two_tills_would_serve_from_one_file(
    shelf: Shelf, monkeypatch: Patch
) -> None:
    def unlocked(folder: Path, role: Role) -> object:
        return (folder / f"{role}.lock").open("wb")

    monkeypatch.setattr(database, "_role_lock", unlocked)
    Database(shelf.folder, role=Role.KIOSK).close()


# ── 45: a newer hub ─────────────────────────────────────────────────────────────────────────────

NEWER = b'{"kind":"weather","body":{"sunny":true}}'


def test_fault_45_without_passing_over_unknown_items_they_would_be_called_damaged(
    shelf: Shelf, monkeypatch: Patch
) -> None:
    assert page(shelf, NEWER, balance(5), after=0, to=3)
    assert (shelf.points(), dead(shelf)) == (5, [])
    known = feed.decode_item

    def strict(raw: bytes) -> object:
        item = known(raw)
        if item is None:
            raise Garbled
        return item

    monkeypatch.setattr(feed, "decode_item", strict)
    assert page(shelf, NEWER, balance(7), after=3, to=6)
    assert dead(shelf) == [NEWER]


# ── 49: a snapshot is interrupted ───────────────────────────────────────────────────────────────


def interrupted(shelf: Shelf) -> int:
    """Ana's points when a snapshot was interrupted after its first part, and went on."""
    page(shelf, balance(5), after=0, to=3)
    begin(shelf)
    part(shelf, 1, balance(50))
    shelf.reopen()
    while feed.sweep(shelf.db):
        pass
    assert shelf.points() == 5, "the old state serves"
    part(shelf, 2)
    return shelf.points()


def test_fault_49_what_was_read_of_a_snapshot_is_kept_over_a_restart(shelf: Shelf) -> None:
    assert interrupted(shelf) == 50


def test_fault_49_without_care_for_what_is_being_built_it_would_be_swept_away(
    shelf: Shelf,
) -> None:
    with mutated(sweep_what_is_being_built):
        assert interrupted(shelf) != 50


# ── 54: a tool holds the file ───────────────────────────────────────────────────────────────────


def sale_beside_a_tool(folder: Path) -> None:
    """Sell while another program holds the file, which lets go once the sale waits for it."""
    shelf, tool = Shelf(folder), Database(folder, role=Role.SYNC)
    holds, asked = threading.Event(), threading.Event()

    def hold() -> None:
        with tool.atomic():
            tool.run("DELETE FROM visit")
            holds.set()
            asked.wait()
            time.sleep(0.1)

    holding = threading.Thread(target=hold)
    holding.start()
    holds.wait()
    asked.set()
    try:
        shelf.write(sold())
        assert journal.waiting(shelf.db) == 2
    finally:
        holding.join()
        tool.close()
        shelf.close()


def test_fault_54_a_sale_waits_for_a_tool(ram: Path) -> None:
    sale_beside_a_tool(ram)


def test_fault_54_without_waiting_the_sale_would_be_refused(ram: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 0)
    with pytest.raises(StoreFault):
        sale_beside_a_tool(ram)
