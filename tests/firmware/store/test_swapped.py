# SPDX-License-Identifier: Apache-2.0
"""Fault 31: the file is moved, deleted or put back while it serves; no sale is shown and lost."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware.faults import StoreFault
from firmware.store import journal, sales
from firmware.store.database import FILE_NAME, Role
from firmware.store.inodes import Inodes, set_aside
from firmware.store.token import Place
from tests.firmware.conftest import Ids
from tests.firmware.store.shelf import Shelf, chained, closing_quietly, sold
from tests.firmware.store.test_power import seller


@pytest.fixture
def sync(shelf: Shelf) -> Iterator[Shelf]:
    """The other process on the same file."""
    opened = Shelf(shelf.folder, shelf.clock, shelf.new_id, role=Role.SYNC)
    yield opened
    closing_quietly(opened)


def file(shelf: Shelf, tail: str = "") -> Path:
    return shelf.folder / f"{FILE_NAME}{tail}"


def older_copy(shelf: Shelf) -> Path:
    copy = shelf.folder / "older.sqlite3"
    shelf.db.copy_to(copy)
    return copy


def move_away(shelf: Shelf) -> None:
    file(shelf).rename(shelf.folder / "away")


def delete(shelf: Shelf) -> None:
    file(shelf).unlink()


def put_an_older_one_there(shelf: Shelf) -> None:
    older_copy(shelf).rename(file(shelf))


def delete_the_log(shelf: Shelf) -> None:
    file(shelf, "-wal").unlink()


def delete_the_index(shelf: Shelf) -> None:
    file(shelf, "-shm").unlink()


def move_the_folder(shelf: Shelf) -> None:
    away = shelf.folder.with_name("elsewhere")
    shelf.folder.rename(away)
    shutil.copytree(away, shelf.folder)


ALL = (
    move_away,
    delete,
    put_an_older_one_there,
    delete_the_log,
    delete_the_index,
    move_the_folder,
)


@pytest.mark.parametrize("meddle", ALL)
def test_fault_31_a_sale_is_refused_at_once_when_the_file_is_no_longer_there(
    tmp_path: Path, meddle: Callable[[Shelf], None]
) -> None:
    shelf = Shelf(tmp_path / "state")
    shelf.write(sold())
    meddle(shelf)
    with pytest.raises(StoreFault, match="déplacé ou remplacé") as fault:
        shelf.write(sold(receipt="0002"))
    assert fault.value.permanent
    with pytest.raises(StoreFault):
        journal.waiting(shelf.db)
    closing_quietly(shelf)


def test_fault_31_without_the_look_at_the_file_a_sale_is_shown_and_lost(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: what the defence is for."""
    shelf.write(sold())
    monkeypatch.setattr(Inodes, "moved", lambda _: False)
    put_an_older_one_there(shelf)
    shelf.write(sold(receipt="0002"))
    shelf.reopen()
    assert [sale.receipt for sale in sales.listed(shelf.db)] == ["0001"]


def test_fault_31_the_other_process_is_not_locked_out_by_the_one_that_saw_it(
    shelf: Shelf, sync: Shelf
) -> None:
    away = shelf.folder / "away"
    file(shelf).rename(away)
    with pytest.raises(StoreFault):
        shelf.write(sold())
    away.rename(file(shelf))  # whoever it was thinks better of it
    sync.write(sold())
    assert chained(sync.db) == 2


def test_fault_31_the_log_of_the_file_before_is_not_read_into_the_older_one(
    shelf: Shelf, sync: Shelf
) -> None:
    """SQLite takes any log that lies there for the file's own."""
    shelf.write(sold())
    before = shelf.segment()
    put_an_older_one_there(shelf)
    for opened in (shelf, sync):
        with pytest.raises(StoreFault):
            opened.write(sold(receipt="0002"))
        closing_quietly(opened)
        segment = opened.open()
    assert (segment.seq, segment.n) == (1, 2), "the older file has all that was shown"
    shelf.write(sold(receipt="0002"))
    sync.write(sold(receipt="0003"))
    assert chained(shelf.db) == 4
    assert shelf.db.rows("PRAGMA quick_check") == [("ok",)]
    assert before.id == segment.id


def close_and_leave_the_log(shelf: Shelf) -> None:
    """As a process leaves it that was killed."""
    log, kept = file(shelf, "-wal"), shelf.folder / "kept"
    written = log.read_bytes()
    os.link(log, kept)
    shelf.close()
    kept.rename(log)
    log.write_bytes(written)


def mispair(shelf: Shelf) -> None:
    """An older file beside a log that has more."""
    older = older_copy(shelf)
    for number in range(40):
        shelf.write(sold(receipt=f"{number:04d}"))
    close_and_leave_the_log(shelf)
    older.rename(file(shelf))


def test_fault_31_a_log_left_beside_an_older_file_is_put_aside_and_kept(shelf: Shelf) -> None:
    shelf.write(sold())
    mispair(shelf)
    segment = shelf.open()
    assert segment.seq == 2, "the token knows more than this file"
    assert chained(shelf.db) == 3
    assert [sale.receipt for sale in sales.listed(shelf.db)] == ["0001"]
    [aside] = set_aside(file(shelf))
    assert aside.stat().st_size > 40 * 4096


def test_fault_31_without_parting_them_the_two_are_mixed(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(sold())
    mispair(shelf)
    monkeypatch.setattr(Inodes, "part_strangers", lambda _: None)
    with pytest.raises((StoreFault, AssertionError)):
        assert shelf.open().seq == 2


def test_fault_31_a_file_that_is_gone_does_not_take_its_log_along(shelf: Shelf) -> None:
    """SQLite deletes the log beside an empty file: here it may be all that is left."""
    shelf.write(sold())
    close_and_leave_the_log(shelf)
    file(shelf).unlink()
    shelf.db.runtime.joinpath("store.inodes").unlink()  # after a reboot
    shelf.open()
    assert len(set_aside(file(shelf))) == 1


def test_fault_31_a_file_that_forgot_what_this_boot_wrote_takes_nothing_more(
    shelf: Shelf,
) -> None:
    """Overwritten in place, the file keeps its inode: the token in RAM knows better."""
    for name, further in ((None, 1), (None, 0), ("another-life", 0)):
        shelf.write(sold())
        segment = shelf.segment()
        shelf.db.token.write(Place(name or segment.id, segment.n + further, bytes(32)))
        with pytest.raises(StoreFault, match="remplacé"):
            shelf.write(sold(receipt="0002"))
        assert shelf.reopen().n == 1, "a new segment"


def test_a_segment_that_the_other_process_has_just_opened_is_no_older_file(
    shelf: Shelf, sync: Shelf
) -> None:
    place = shelf.db.token.read()
    assert place
    shelf.clock.reboot()
    sync.segment()
    shelf.db.token.write(place)  # the new one's token is not written yet
    assert shelf.write(sold()).n == 2


def test_fault_31_a_program_whose_folder_is_moved_ends_and_all_it_said_is_there(
    tmp_path: Path,
) -> None:
    state, away = tmp_path / "state", tmp_path / "away"
    process = seller(state, "kiosk", 1_000_000)
    assert process.stdout
    said = [int(process.stdout.readline()) for _ in range(20)]
    state.rename(away)
    said += [int(line) for line in process.stdout.read().split()]
    assert process.wait() != 0
    assert said == list(range(2, len(said) + 2))
    found = Shelf(away, new_id=Ids("later"))
    assert chained(found.db) >= said[-1]
    found.close()
