# SPDX-License-Identifier: Apache-2.0
"""Fault 7: files of every earlier version become today's, wherever the power is cut meanwhile."""

import shutil
from contextlib import nullcontext
from pathlib import Path
from random import Random

import apsw
import pytest

from firmware.store import database, journal, sales
from firmware.store.database import FILE_NAME, Database, Role
from tests.firmware.conftest import Ids
from tests.firmware.store.powercut import Act, Recorder, after_cut
from tests.firmware.store.shelf import Shelf, chained, sold

FILES = Path(__file__).parent / "files"
VERSIONS = [int(file.stem) for file in sorted(FILES.glob("*.sql"))]
LATEST = database._migrations()[-1][0]


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, ram: Path) -> Path:
    """A folder with a file as an earlier version left it."""
    folder = ram / "old"
    folder.mkdir()
    made = apsw.Connection(str(folder / FILE_NAME))
    made.execute((FILES / f"{request.param:04d}.sql").read_text(encoding="utf-8"))
    made.execute("PRAGMA journal_mode = WAL")
    made.close()
    return folder


def shape(folder: Path) -> tuple[int, frozenset[str]]:
    """Version and tables of a file, without touching it."""
    looked = folder.with_name("looked")
    shutil.copytree(folder, looked)
    found = apsw.Connection(str(looked / FILE_NAME))
    [(version,)] = found.execute("PRAGMA user_version").fetchall()
    tables = found.execute("SELECT name || sql FROM sqlite_schema WHERE sql <> ''").fetchall()
    found.close()
    shutil.rmtree(looked)
    return version, frozenset(name for (name,) in tables)


def sent(db: Database) -> list[bytes]:
    return [raw for (raw,) in db.rows("SELECT raw FROM entry ORDER BY place")]


def test_a_file_of_an_earlier_version_serves_on(old: Path) -> None:
    before = apsw.Connection(str(old / FILE_NAME))
    raws = [raw for (raw,) in before.execute("SELECT raw FROM entry ORDER BY place")]
    before.close()
    shelf = Shelf(old, new_id=Ids("new"))
    assert shelf.db.row("PRAGMA user_version") == (LATEST,)
    assert sent(shelf.db)[: len(raws)] == raws
    assert [sale.receipt for sale in sales.listed(shelf.db)] == [f"000{n}" for n in range(6, 0, -1)]
    assert [sale.waiting for sale in sales.listed(shelf.db)] == [True] * 4 + [False] * 2
    assert shelf.points() == 54
    batch = journal.batch_to_send(shelf.db)
    assert batch
    assert (batch.lo, batch.raws[0]) == (4, raws[3])
    shelf.write(sold(receipt=sales.next_receipt(shelf.db)))
    assert chained(shelf.db) >= len(raws) + 1
    assert shelf.db.rows("PRAGMA foreign_key_check") == []
    shelf.close()


def migrate(old: Path, name: str) -> list[Act]:
    recorder = Recorder(name)
    Database(old, role=Role.SYNC, runtime=old / "ram", vfs=name).close()
    return recorder.acts


def cut_everywhere(old: Path, name: str) -> None:
    before = {file.name: file.read_bytes() for file in old.iterdir() if file.is_file()}
    shapes = [shape(old)]
    acts = migrate(old, name)
    shapes.append(shape(old))
    for at in range(len(acts) + 1):
        left = old.with_name(f"cut-{at}")
        after_cut(acts[:at], left, Random(at), before=before)
        assert shape(left) in shapes, f"cut after act {at} left half a schema"
        db = Database(left, role=Role.KIOSK, runtime=left / "ram")
        assert db.row("PRAGMA user_version") == (LATEST,)
        assert len(sales.listed(db)) == 6
        assert journal.waiting(db) == 6
        assert chained(db) == 9
        db.close()


def test_fault_7_a_cut_in_a_migration_leaves_the_old_or_the_new_and_the_queue(old: Path) -> None:
    cut_everywhere(old, f"migrating-{old.parent.name}")


def test_fault_7_without_one_transaction_half_a_migration_is_left(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a migration without its transaction."""
    monkeypatch.setattr(Database, "atomic", lambda _: nullcontext())
    with pytest.raises(AssertionError, match="half a schema"):
        cut_everywhere(old, f"careless-{old.parent.name}")
