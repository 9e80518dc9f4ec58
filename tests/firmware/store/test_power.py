# SPDX-License-Identifier: Apache-2.0
"""Cut the power anywhere: what was shown is there, and nothing is half there."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from firmware.store import cursors, database, feed, journal, replica, sales
from firmware.store.cursors import Position
from firmware.store.database import Database, Role
from loyalty.account import points_of
from loyalty.feed import BalanceIs
from loyalty.wire import decode_entry
from tests.firmware.store.powercut import Act, Recorder, after_cut
from tests.firmware.store.shelf import Shelf, chained, giving_up, sold

SALES = 12


def record(folder: Path, name: str) -> tuple[list[Act], list[int]]:
    """Sell a dozen times; what was done to the disk, and after which act each sale was shown."""
    recorder = Recorder(name)
    shelf = Shelf(folder, vfs=name)
    shown = []
    for number in range(SALES):
        shelf.write(sold(points=1, receipt=f"{number + 1:04d}"))
        shown.append(len(recorder.acts))
        if number == SALES // 2:
            shelf.db.checkpoint()
    acts = list(recorder.acts)
    shelf.close()
    return acts, shown


def cut_everywhere(acts: list[Act], shown: list[int], folder: Path) -> None:
    for at in range(1, len(acts) + 1):
        left = folder / f"cut-{at}"
        after_cut(acts[:at], left, Random(at))
        db = Database(left, role=Role.KIOSK, runtime=left / "ram")
        promised = sum(where <= at for where in shown)
        kept = [sale.receipt for sale in reversed(sales.listed(db, limit=100))]
        assert kept == [f"{n + 1:04d}" for n in range(len(kept))], "a prefix of what was sold"
        assert len(kept) >= promised, f"cut after act {at} took a sale that was shown"
        assert replica.balances(db, "ana").get(points_of("ana"), 0) == len(kept)
        assert chained(db) <= len(kept) + 1, "the header and the sales, nothing else"
        db.close()


def test_fault_5_no_power_cut_takes_a_sale_that_was_shown(ram: Path) -> None:
    acts, shown = record(ram / "till", "recorder")
    assert len(acts) > 50
    cut_everywhere(acts, shown, ram)


def test_fault_5_without_a_flush_for_each_sale_one_is_taken(
    ram: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lazy = tuple(p.replace("synchronous = FULL", "synchronous = NORMAL") for p in database.PRAGMAS)
    monkeypatch.setattr(database, "PRAGMAS", lazy)
    acts, shown = record(ram / "till", "lazy-recorder")
    with pytest.raises(AssertionError, match="took a sale that was shown"):
        cut_everywhere(acts, shown, ram)


def hear_and_cut(folder: Path, name: str) -> None:
    """Every page says the position as a balance: after any cut, both are the same."""
    recorder = Recorder(name)
    shelf = Shelf(folder / "till", vfs=name)
    for position in range(1, 6):
        shelf.hear(BalanceIs(points_of("ana"), position))
    acts = list(recorder.acts)
    shelf.close()
    for at in range(1, len(acts) + 1):
        left = folder / f"cut-{at}"
        after_cut(acts[:at], left, Random(at))
        db = Database(left, role=Role.KIOSK, runtime=left / "ram")
        read = cursors.position(db).cursor
        shown = replica.balances(db, "ana").get(points_of("ana"), 0)
        assert shown == read, f"cut after act {at}: read up to {read}, shows {shown}"
        db.close()


def test_no_power_cut_parts_a_page_from_its_cursor(ram: Path) -> None:
    hear_and_cut(ram, "feed-recorder")


def test_a_cursor_moved_by_itself_is_caught(ram: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def apply_page(db: Database, lines: list[bytes], *, after: int, to: Position) -> bool:
        at = to
        cursors.move(db, at)
        with db.atomic():
            feed._take(db, lines, at=at, side=replica.side_in_use(db))
        return True

    monkeypatch.setattr(feed, "apply_page", apply_page)
    with pytest.raises(AssertionError, match="read up to"):
        hear_and_cut(ram, "parted-recorder")


def seller(folder: Path, role: str, count: int) -> subprocess.Popen[str]:
    """A real process that sells and says so, line by line."""
    command = [sys.executable, "-m", "tests.firmware.store.seller", str(folder), role, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("after", [1, 7, 40])
def test_fault_32_a_program_that_is_killed_has_kept_all_it_said(tmp_path: Path, after: int) -> None:
    process = seller(tmp_path, "kiosk", 10_000)
    assert process.stdout
    said = [int(process.stdout.readline()) for _ in range(after)]
    process.kill()
    said += [int(line) for line in process.stdout.read().split()[:-1]]
    process.wait()
    shelf = Shelf(tmp_path)
    assert shelf.segment().seq == 1, "the same boot goes on with its segment"
    assert chained(shelf.db) >= said[-1]
    shelf.write(sold())
    chained(shelf.db)
    shelf.close()


def test_kiosk_and_sync_write_one_chain_together(tmp_path: Path) -> None:
    processes = [seller(tmp_path, role, 60) for role in ("kiosk", "sync")]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    numbers = sorted(int(n) for output in outputs for n in output.split())
    assert numbers == list(range(2, 122)), "each number once"
    shelf = Shelf(tmp_path)
    assert chained(shelf.db) == 121
    shelf.close()


def test_an_entry_is_stored_as_it_was_made(shelf: Shelf) -> None:
    written = shelf.write(sold())
    raw = shelf.db.row("SELECT raw FROM entry WHERE id = ?", written.id)
    assert raw
    assert decode_entry(raw[0]) == written
    assert journal.entry(shelf.db, written.id) == written


def test_what_the_disk_did_not_take_is_not_in_the_token(shelf: Shelf) -> None:
    """A token ahead of the file would say that the file is an old one."""
    with giving_up(shelf.db.atomic):
        shelf.write(sold())
    before = shelf.segment()
    assert shelf.reopen() == before
