# SPDX-License-Identifier: Apache-2.0
"""A field tech takes the sales along while the till goes on."""

import csv
from pathlib import Path

from firmware.store.database import Database, Role
from firmware.store.export import export_sales
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
