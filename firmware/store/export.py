# SPDX-License-Identifier: Apache-2.0
"""What a field tech takes along: the terminal's sales as CSV, read from a copy, never the file."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import sqlite_utils

from firmware.store.database import Database

COLUMNS: Final = (
    "number",
    "receipt",
    "time_utc",
    "kind",
    "customer",
    "name",
    "cents",
    "points",
    "gift_used",
    "acknowledged",
)


def export_sales(db: Database, target: Path) -> int:
    """Write every sale and gift card of this terminal, oldest first; how many there were."""
    with TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / "copy.sqlite3"
        db.copy_to(copy)
        with target.open("w", newline="", encoding="utf-8") as file:
            lines = csv.DictWriter(file, COLUMNS)
            lines.writeheader()
            count = 0
            for row in sqlite_utils.Database(copy).query(
                "SELECT number, receipt, wall_ms, sale.kind, customer, name, cents, points,"
                " gift_used, coalesce(entry.n <= acked, 1) AS acknowledged"
                " FROM sale LEFT JOIN entry USING (place) LEFT JOIN segment ON seq = entry.segment"
                " ORDER BY number"
            ):
                made = datetime.fromtimestamp(row.pop("wall_ms") / 1000, UTC)
                lines.writerow(row | {"time_utc": made.isoformat(timespec="seconds")})
                count += 1
    return count
