# SPDX-License-Identifier: Apache-2.0
"""What a field tech takes along: the terminal's sales as CSV, read from a copy, never the file.

Of a damaged file, every entry that can still be read.
"""

import base64
import csv
import json
import re
import shutil
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from firmware.store.database import FILE_NAME, Database
from loyalty.wire import GENESIS, Garbled, chain, decode_entry

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


# ── from a damaged file ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """How much of a journal could still be read."""

    sound: int = 0
    """Entries whose hash continues the chain."""
    doubtful: int = 0
    """Entries that were read, and that nothing vouches for: altered, or found outside of the table."""
    lost: int = 0
    """Places of the table that can't be read."""


@dataclass(frozen=True, slots=True)
class _Read:
    segment: str
    n: int
    sound: bool
    raw: bytes


_BEGINNING: Final = re.compile(rb'\{"id":"[^"\\]{1,64}","n":\d')
_LONGEST: Final = 64 * 1024


def salvage(folder: Path, target: Path) -> Salvaged:
    """Write what can be read of a damaged file, an entry a line as JSON: segment, n, sound, entry.

    The file itself is only copied, byte by byte; programs that use it may go on. An entry is text
    as it was written, or `base64` where it is no text any more.
    """
    with TemporaryDirectory(dir=target.parent) as made:
        copies = [Path(made) / name for name in (FILE_NAME, f"{FILE_NAME}-wal")]
        for copy in copies:
            with suppress(FileNotFoundError):
                shutil.copyfile(folder / copy.name, copy)
        strewn = _strewn([copy.read_bytes() for copy in copies if copy.exists()])
        read, lost = _in_table(copies[0])
    if lost or not read:
        known = {entry.raw for entry in read}
        read += [entry for entry in strewn if entry.raw not in known]
    with target.open("w", encoding="utf-8") as file:
        for entry in read:
            file.write(json.dumps(_line(entry), ensure_ascii=False) + "\n")
    sound = sum(entry.sound for entry in read)
    return Salvaged(sound=sound, doubtful=len(read) - sound, lost=lost)


def _in_table(copy: Path) -> tuple[list[_Read], int]:
    """Entries row by row, so that a page that is gone costs its own rows only; how many it cost."""
    read: list[_Read] = []
    lost = 0
    hashes: dict[tuple[int, int], bytes] = {}
    with closing(sqlite_utils.Database(copy)) as db:
        names = dict(_rows(db, "SELECT seq, id FROM segment"))
        gone = {s: (n, h) for s, n, h in _rows(db, "SELECT seq, gone, gone_head FROM segment")}
        newest = _rows(db, "SELECT max(place) FROM entry")
        [(last,)] = newest or _rows(db, "SELECT sum(n) FROM segment") or [(0,)]
        for place in range(1, (last or 0) + 1):
            try:
                query = "SELECT segment, n, raw, hash FROM entry WHERE place = ?"
                found = db.execute(query, (place,)).fetchone()
            except sqlite3.DatabaseError:
                lost += 1
                continue
            if found is None:
                continue
            seq, n, raw, hashed = found
            hashes[seq, n] = hashed
            before = hashes.get((seq, n - 1))
            if n == 1:
                before = GENESIS
            elif gone.get(seq, (0, None))[0] == n - 1:
                before = gone[seq][1]
            sound = before is not None and chain(before, raw) == hashed
            read.append(_Read(names.get(seq, ""), n, sound, raw))
    return read, lost


def _rows(db: sqlite_utils.Database, query: str) -> list[tuple[Any, ...]]:
    try:
        return list(db.execute(query))
    except sqlite3.DatabaseError:
        return []


def _strewn(files: list[bytes]) -> list[_Read]:
    """Entries found by their looks, wherever they lie: each once."""
    found: dict[str, _Read] = {}
    for file in files:
        for match in _BEGINNING.finditer(file):
            text = file[match.start() : match.start() + _LONGEST].decode("utf-8", "ignore")
            with suppress(ValueError, Garbled):
                _, end = json.JSONDecoder().raw_decode(text)
                raw = text[:end].encode()
                entry = decode_entry(raw)
                found.setdefault(entry.id, _Read("", entry.n, sound=False, raw=raw))
    return list(found.values())


def _line(entry: _Read) -> dict[str, object]:
    said = asdict(entry)
    raw = said.pop("raw")
    try:
        return said | {"entry": raw.decode()}
    except UnicodeDecodeError:
        return said | {"base64": base64.b64encode(raw).decode()}
