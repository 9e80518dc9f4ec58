# SPDX-License-Identifier: Apache-2.0
"""A field tech takes the sales along while the till goes on."""

import csv
import json
from pathlib import Path

import pytest

from firmware.faults import StoreFault
from firmware.store import archive, journal
from firmware.store.database import FILE_NAME, Database, Role
from firmware.store.export import Salvaged, export_sales, salvage
from loyalty.feed import Covered
from tests.firmware.store.shelf import Shelf, sold


def test_every_sale_is_in_the_file_oldest_first(shelf: Shelf, tmp_path: Path) -> None:
    for number, points in ((1, 12), (2, 3)):
        shelf.write(sold(points=points, receipt=f"{number:04d}"))
    tech = Database(shelf.folder, role=Role.TECH)
    assert export_sales(tech, tmp_path / "sales.csv") == 2
    tech.close()
    with (tmp_path / "sales.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["receipt"], row["cents"], row["points"]) for row in rows] == [
        ("0001", "1200", "12"),
        ("0002", "300", "3"),
    ]
    assert rows[0]["time_utc"] == "2026-11-22T07:00:00+00:00"
    assert rows[0]["acknowledged"] == "0"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["sales.csv"]


# ── from a damaged file ─────────────────────────────────────────────────────────────────────────


def salvaged(shelf: Shelf, target: Path) -> tuple[Salvaged, list[dict[str, object]]]:
    found = salvage(shelf.folder, target)
    return found, [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def raws(shelf: Shelf) -> list[str]:
    return [raw.decode() for (raw,) in shelf.db.rows("SELECT raw FROM entry ORDER BY place")]


def spoil(shelf: Shelf, page: int) -> None:
    """A page that the card gives back as zeros."""
    file = shelf.folder / FILE_NAME
    raw = bytearray(file.read_bytes())
    raw[page * 4096 : (page + 1) * 4096] = bytes(4096)
    file.write_bytes(raw)


def pages_of_entries(shelf: Shelf) -> list[int]:
    """Pages that hold entries, and nothing but entries."""
    raw = (shelf.folder / FILE_NAME).read_bytes()
    pages = range(len(raw) // 4096)
    return [page for page in pages if raw.count(b'"kind":"sold"', page * 4096, page * 4096 + 4096)]


def test_from_a_sound_file_everything_is_salvaged_while_the_till_goes_on(
    shelf: Shelf, tmp_path: Path
) -> None:
    for number in range(30):
        shelf.write(sold(receipt=f"{number:04d}"))
    found, lines = salvaged(shelf, tmp_path / "all.jsonl")
    assert found == Salvaged(sound=31)
    assert [line["entry"] for line in lines] == raws(shelf)
    assert [line["n"] for line in lines] == list(range(1, 32))
    assert {line["segment"] for line in lines} == {shelf.segment().id}
    shelf.write(sold())


def test_fault_11_a_page_that_is_gone_costs_its_own_entries_only(
    shelf: Shelf, tmp_path: Path
) -> None:
    for number in range(200):
        shelf.write(sold(receipt=f"{number:04d}"))
    before = set(raws(shelf))
    shelf.close()
    pages = pages_of_entries(shelf)
    spoil(shelf, pages[len(pages) // 2])
    found, lines = salvaged(shelf, tmp_path / "all.jsonl")
    assert 0 < found.lost < 20
    assert found.sound + found.doubtful + found.lost == 201
    assert {str(line["entry"]) for line in lines} <= before
    assert len(lines) == 201 - found.lost


def test_fault_11_a_file_without_its_first_page_still_gives_its_entries(
    shelf: Shelf, tmp_path: Path
) -> None:
    for number in range(50):
        shelf.write(sold(receipt=f"{number:04d}"))
    before = set(raws(shelf))
    shelf.close()
    spoil(shelf, 0)
    with pytest.raises(StoreFault):
        shelf.open()
    found, lines = salvaged(shelf, tmp_path / "all.jsonl")
    assert (found.sound, found.doubtful) == (0, 51), "found by their looks alone"
    assert {str(line["entry"]) for line in lines} == before


def test_fault_11_an_entry_of_which_a_bit_flipped_is_marked(shelf: Shelf, tmp_path: Path) -> None:
    flipped = shelf.write(sold(receipt="0001"))
    for number in range(2, 5):
        shelf.write(sold(receipt=f"{number:04d}"))
    shelf.db.run(
        "UPDATE entry SET raw = CAST(replace(CAST(raw AS TEXT), '\"total_cents\":1200',"
        " '\"total_cents\":9200') AS BLOB) WHERE id = ?",
        flipped.id,
    )
    found, lines = salvaged(shelf, tmp_path / "all.jsonl")
    assert found == Salvaged(sound=4, doubtful=1)
    assert [line["n"] for line in lines if not line["sound"]] == [flipped.n]


def test_what_is_no_text_any_more_is_salvaged_byte_by_byte(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write(sold())
    shelf.db.run("UPDATE entry SET raw = x'7bff' WHERE n = 2")
    _, lines = salvaged(shelf, tmp_path / "all.jsonl")
    assert lines[-1]["base64"] == "e/8="


def test_what_has_left_the_archive_is_no_gap(shelf: Shelf, tmp_path: Path) -> None:
    for _ in range(3):
        shelf.write(sold())
    segment = shelf.segment()
    journal.acknowledge(shelf.db, segment.id, upto=segment.n, head=segment.head.hex())
    shelf.hear(Covered(segment=segment.id, n=segment.n))
    archive.prune(shelf.db, young=True)
    shelf.write(sold())
    assert salvaged(shelf, tmp_path / "all.jsonl")[0] == Salvaged(sound=2)


def test_where_there_is_no_file_nothing_is_salvaged(tmp_path: Path) -> None:
    assert salvage(tmp_path / "nowhere", tmp_path / "all.jsonl") == Salvaged()
