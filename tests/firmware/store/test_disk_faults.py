# SPDX-License-Identifier: Apache-2.0
"""Disks that lie, fail and fill up at any act: what was shown stays, or it is said."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import apsw
import pytest

from firmware.faults import DiskFull, StoreFault
from firmware.store import database, journal, sales
from firmware.store.database import Database, Role
from loyalty.entry import Opened
from tests.firmware.conftest import Ids
from tests.firmware.store.failing import FailingDisk
from tests.firmware.store.powercut import Act, Recorder, after_cut
from tests.firmware.store.shelf import Shelf, chained, closing_quietly, sold

SALES = 12
FEW = 3
MEMORY = 16
"""Writes that a card which lies has not carried out yet."""


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> FailingDisk:
    return FailingDisk(f"failing-{request.node.name}")


@pytest.fixture
def shelf(ram: Path, disk: FailingDisk, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    opened = Shelf(ram, vfs=f"failing-{request.node.name}")
    yield opened
    closing_quietly(opened)


def receipts(db: Database) -> list[str]:
    return [sale.receipt for sale in reversed(sales.listed(db, limit=10_000))]


def sell(shelf: Shelf, shown: list[str], count: int) -> None:
    """Sell, and note what was shown as saved."""
    for _ in range(count):
        receipt = sales.next_receipt(shelf.db)
        shelf.write(sold(points=1, receipt=receipt))
        shown.append(receipt)


def acts_of_selling(ram: Path) -> int:
    counted = FailingDisk("counted")
    shelf = Shelf(ram / "counted", vfs="counted")
    begun = counted.acts
    sell(shelf, [], FEW)
    shelf.close()
    return counted.acts - begun


def test_fault_9_an_act_that_fails_ends_all_selling_until_the_file_was_read_anew(
    shelf: Shelf, disk: FailingDisk, ram: Path
) -> None:
    fail_at_every_act(shelf, disk, ram)


def fail_at_every_act(shelf: Shelf, disk: FailingDisk, ram: Path) -> None:
    shown: list[str] = []
    for after in range(acts_of_selling(ram)):
        disk.fail(apsw.IOError, after=after)
        with suppress(StoreFault):
            sell(shelf, shown, FEW)
            continue
        disk.mend()
        with pytest.raises(StoreFault) as fault:
            shelf.write(sold(receipt="9999"))
        assert fault.value.permanent
        shelf.reopen()
        kept = receipts(shelf.db)
        assert kept[: len(shown)] == shown, f"act {after} took a sale that was shown"
        assert len(kept) <= len(shown) + 1, "at most the one that nobody was told of"
        chained(shelf.db)
        shown = kept
    disk.mend()
    assert len(shown) > 10 * FEW, "each act of them failed once"


def test_fault_9_without_distrust_the_next_try_is_taken_for_a_clean_one(
    ram: Path, disk: FailingDisk, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a connection that forgets that it failed."""
    monkeypatch.setattr(Database, "_fault", lambda *_: StoreFault())
    shelf = Shelf(ram / "till", vfs=f"failing-{request.node.name}")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        fail_at_every_act(shelf, disk, ram)
    closing_quietly(shelf)


def test_fault_9_the_file_is_read_from_the_card_when_the_kiosk_starts(
    ram: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system remembers of a write that failed looks like a write that worked."""
    forgotten: list[int] = []
    monkeypatch.setattr(database.os, "posix_fadvise", lambda *asked: forgotten.append(asked[-1]))
    opened = Shelf(ram)
    opened.close()
    opened.reopen()
    opened.close()
    assert forgotten
    assert set(forgotten) == {database.os.POSIX_FADV_DONTNEED}


def test_fault_9_whoever_opens_the_file_first_reads_the_card_and_nobody_does_under_them(
    ram: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sync would take a commit that is not on the card for one that is, and fold it in."""
    Shelf(ram).close()
    forgotten: list[int] = []
    monkeypatch.setattr(database.os, "posix_fadvise", lambda *asked: forgotten.append(asked[-1]))
    with closing(Database(ram, role=Role.SYNC, runtime=ram / "ram")):
        assert forgotten
        forgotten.clear()
        with closing(Database(ram, role=Role.KIOSK, runtime=ram / "ram")):
            assert not forgotten, "sync knows where its log ends"
    with closing(Database(ram, role=Role.KIOSK, runtime=ram / "ram")):
        assert forgotten, "they are all gone"


def test_fault_10_a_disk_that_is_full_at_any_write_refuses_and_recovers(
    shelf: Shelf, disk: FailingDisk
) -> None:
    shown: list[str] = []
    refused, writes = True, 0
    while refused:
        disk.fail(apsw.FullError, after=writes)
        writes += 1
        refused = False
        try:
            sell(shelf, shown, FEW)
        except DiskFull:
            refused = True
        disk.mend()
        assert receipts(shelf.db) == shown
        sell(shelf, shown, 1)
    assert len(shown) > 10 * FEW
    assert journal.waiting(shelf.db) == len(shown) + 1
    shelf.reopen()
    assert receipts(shelf.db) == shown
    chained(shelf.db)


# ── power cuts ──────────────────────────────────────────────────────────────────────────────────


def record(folder: Path, name: str) -> tuple[list[Act], list[tuple[int, str]]]:
    """Sell, folding the log back and giving its room back again and again."""
    recorder = Recorder(name)
    shelf = Shelf(folder, vfs=name)
    shown: list[tuple[int, str]] = []
    receipts: list[str] = []
    for number in range(SALES):
        sell(shelf, receipts, 1)
        shown.append((len(recorder.acts), receipts[-1]))
        if number % 3 == 2:
            shelf.db.checkpoint(truncate=number % 2 == 0)
    acts = list(recorder.acts)
    shelf.close()
    return acts, shown


def test_fault_6_no_cut_while_the_log_is_folded_back_takes_a_sale(ram: Path) -> None:
    acts, shown = record(ram / "till", "folding")
    for at in range(1, len(acts) + 1):
        left = Shelf(_cut(acts[:at], ram, at), new_id=Ids("after"))
        promised = [receipt for where, receipt in shown if where <= at]
        kept = receipts(left.db)
        assert kept[: len(promised)] == promised, f"cut after act {at}"
        chained(left.db)
        left.close()


def lie(ram: Path, role: Role) -> None:
    """No flush was true: what is left is a beginning, which the next header states, or damage."""
    acts, shown = record(ram / "till", "lying")
    lies = [act for act in acts if act.data is not None or act.length is not None]
    flushes = [Act(name) for name in {act.file for act in lies}]
    said = 0
    for at in range(1, len(lies) + 1):
        done = max(0, at - MEMORY)
        folder = _cut([*lies[:done], *flushes, *lies[done:at]], ram, at)
        try:
            left = Shelf(folder, new_id=Ids("after"), role=role)
        except StoreFault:
            said += 1
            continue
        kept = receipts(left.db)
        assert kept == [receipt for _, receipt in shown][: len(kept)]
        count = chained(left.db)
        [header] = [e.facts for s, e in journal.entries_after(left.db, (0, 0))][-1:]
        assert isinstance(header, Opened)
        assert header.prev_n == count - 1, "the hub sees what was forgotten of what it has"
        left.close()
    assert 0 < said < len(lies) / 2


def test_fault_8_a_card_that_lies_is_seen_at_the_hub_or_said_at_the_till(ram: Path) -> None:
    lie(ram, Role.KIOSK)


def test_fault_8_without_a_look_at_the_whole_file_damage_is_served(ram: Path) -> None:
    """The mutant: the kiosk opens it as sync does, which sends what can still be read."""
    with pytest.raises((AssertionError, StoreFault)):
        lie(ram, Role.SYNC)


def _cut(acts: list[Act], ram: Path, at: int) -> Path:
    folder = ram / f"cut-{at}"
    after_cut(acts, folder, Random(at))
    return folder
