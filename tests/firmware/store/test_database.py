# SPDX-License-Identifier: Apache-2.0
"""One file, one writer per role, all or nothing, and a failing disk said in words."""

from pathlib import Path

import apsw
import pytest

from firmware.faults import DiskFull, StoreFault
from firmware.store import database, journal, sales
from firmware.store.database import FILE_NAME, Database, Role, _migrations
from tests.firmware.store.failing import FailingDisk
from tests.firmware.store.shelf import Shelf, giving_up, sold


def test_what_was_promised_is_on_the_disk_and_nothing_maps_it_into_memory(shelf: Shelf) -> None:
    kept = {
        name: shelf.db.row(f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size")
    }
    assert kept == {
        "journal_mode": ("wal",),
        "synchronous": (2,),
        "foreign_keys": (1,),
        "mmap_size": (0,),
    }


def test_fault_33_a_second_kiosk_is_told_to_stop_and_sync_is_welcome(shelf: Shelf) -> None:
    with pytest.raises(StoreFault, match="« kiosk » tourne déjà") as fault:
        Database(shelf.folder, role=Role.KIOSK)
    assert fault.value.permanent
    Database(shelf.folder, role=Role.SYNC).close()
    shelf.close()
    shelf.open()


def test_a_tech_may_look_while_both_run(shelf: Shelf) -> None:
    sync = Database(shelf.folder, role=Role.SYNC)
    techs = [Database(shelf.folder, role=Role.TECH) for _ in range(2)]
    assert [tech.row("SELECT count(*) FROM entry") for tech in techs] == [(1,), (1,)]
    for opened in (*techs, sync):
        opened.close()


def test_a_transaction_that_fails_leaves_nothing(shelf: Shelf) -> None:
    with giving_up(shelf.db.atomic):
        shelf.write(sold())
    assert journal.waiting(shelf.db) == 1, "only the header"
    shelf.write(sold())
    assert journal.waiting(shelf.db) == 2


def test_an_inner_transaction_belongs_to_the_outer_one(shelf: Shelf) -> None:
    with giving_up(shelf.db.atomic), shelf.db.atomic():
        shelf.write(sold())
    assert journal.waiting(shelf.db) == 1


def test_an_attempt_that_fails_is_undone_alone(shelf: Shelf) -> None:
    with shelf.db.atomic():
        shelf.write(sold())
        with giving_up(shelf.db.attempt):
            shelf.write(sold())
    assert journal.waiting(shelf.db) == 2


def test_both_processes_see_that_something_was_written(shelf: Shelf) -> None:
    sync = Database(shelf.folder, role=Role.SYNC)
    before = shelf.db.data_version(), sync.data_version()
    assert (shelf.db.data_version(), sync.data_version()) == before
    shelf.write(sold())
    after = shelf.db.data_version(), sync.data_version()
    assert after[0] != before[0]
    assert after[1] != before[1]
    sync.close()


def test_a_full_disk_refuses_visibly_keeps_what_it_has_and_recovers(shelf: Shelf) -> None:
    shelf.write(sold())
    pages = shelf.db.row("PRAGMA page_count")
    assert pages
    shelf.db.row(f"PRAGMA max_page_count = {pages[0]}")
    with pytest.raises(DiskFull) as fault:
        sell(shelf, 1000)
    assert not fault.value.permanent
    kept = journal.waiting(shelf.db)
    shelf.db.row("PRAGMA max_page_count = 1000000")
    shelf.write(sold())
    assert journal.waiting(shelf.db) == kept + 1
    assert shelf.db.rows("PRAGMA quick_check") == [("ok",)]


def sell(shelf: Shelf, count: int) -> None:
    for _ in range(count):
        shelf.write(sold())


@pytest.fixture
def disk() -> FailingDisk:
    return FailingDisk()


def test_a_disk_that_fills_up_in_the_middle_of_a_sale_loses_nothing(
    ram: Path, disk: FailingDisk
) -> None:
    shelf = Shelf(ram, vfs="failing-disk")
    shelf.write(sold())
    disk.fail(apsw.FullError)
    with pytest.raises(DiskFull):
        shelf.write(sold())
    disk.mend()
    shelf.write(sold())
    assert journal.waiting(shelf.db) == 3
    shelf.close()


def test_after_a_failed_flush_nothing_is_believed_until_the_program_starts_again(
    ram: Path, disk: FailingDisk
) -> None:
    shelf = Shelf(ram, vfs="failing-disk")
    shelf.write(sold())
    disk.fail(apsw.IOError)
    with pytest.raises(StoreFault) as fault:
        shelf.write(sold())
    assert fault.value.permanent
    disk.mend()
    with pytest.raises(StoreFault):
        shelf.write(sold())
    shelf.reopen()
    shelf.write(sold())
    assert journal.waiting(shelf.db) >= 3
    shelf.close()


def test_a_file_that_is_no_database_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(b"not a database, but somebody's" * 1000)
    with pytest.raises(StoreFault, match="abîmé"):
        Database(tmp_path, role=Role.KIOSK)
    assert file.read_bytes().startswith(b"not a database")


def test_a_torn_page_is_found_when_the_kiosk_starts(shelf: Shelf) -> None:
    for _ in range(100):
        shelf.write(sold())
    shelf.close()
    file = shelf.folder / FILE_NAME
    raw = bytearray(file.read_bytes())
    middle = len(raw) // 2 // 4096 * 4096
    raw[middle : middle + 4096] = bytes(4096)
    file.write_bytes(raw)
    with pytest.raises(StoreFault, match="Rien n’est effacé"):
        Database(shelf.folder, role=Role.KIOSK)


def test_fault_54_a_program_that_holds_the_file_is_waited_for_and_then_named(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 20)
    sync = Database(shelf.folder, role=Role.SYNC)
    with shelf.db.atomic():
        with pytest.raises(StoreFault, match="Un autre programme retient") as fault:
            sync.run("DELETE FROM visit")
        assert not fault.value.permanent
        shelf.write(sold())
    sync.run("DELETE FROM visit")
    sync.close()


def test_the_log_is_folded_back_before_it_grows_large(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database.CHECKPOINT_PAGES, Role.KIOSK, 50)
    for _ in range(200):
        shelf.write(sold())
    assert (shelf.folder / f"{FILE_NAME}-wal").stat().st_size < 100 * 4096


def test_software_of_yesterday_runs_on_the_schema_of_tomorrow(shelf: Shelf) -> None:
    shelf.write(sold())
    shelf.db.run("ALTER TABLE sale ADD COLUMN tip_cents INTEGER")
    shelf.db.run("PRAGMA user_version = 1000")
    shelf.reopen()
    shelf.write(sold(receipt="0002"))
    assert [sale.receipt for sale in sales.listed(shelf.db)] == ["0002", "0001"]
    assert shelf.db.row("PRAGMA user_version") == (1000,)


def test_a_migration_that_fails_half_way_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        database, "_migrations", lambda: [(1, "CREATE TABLE a (b); CREATE TABLE a (b);")]
    )
    with pytest.raises(StoreFault):
        Database(tmp_path, role=Role.KIOSK)
    monkeypatch.undo()
    opened = Database(tmp_path, role=Role.KIOSK, runtime=tmp_path)
    assert opened.rows("SELECT name FROM sqlite_schema WHERE name = 'a'") == []
    opened.close()


def test_a_copy_is_whole(shelf: Shelf, tmp_path: Path) -> None:
    for _ in range(20):
        shelf.write(sold())
    shelf.db.copy_to(tmp_path / "copy.sqlite3")
    copy = apsw.Connection(str(tmp_path / "copy.sqlite3"))
    assert copy.execute("SELECT count(*) FROM entry").fetchall() == [(21,)]
    copy.close()


def test_each_migration_has_a_number_of_its_own_and_leaves_the_file_at_it() -> None:
    """Two of one number: a file that has had one of them never gets the other."""
    numbers = [number for number, _ in _migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
    for number, sql in _migrations():
        assert f"PRAGMA user_version = {number};" in sql
