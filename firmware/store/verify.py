# SPDX-License-Identifier: Apache-2.0
"""Verify this terminal's own journal: each entry still hashes to what it was chained to."""

from dataclasses import dataclass
from typing import Final

from firmware.store.archive import kept_from
from firmware.store.database import Database
from loyalty.wire import chain

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Verified:
    """How one segment is."""

    segment: str
    read: int
    """Entries that were read, up to the first that is wrong."""
    wrong: int = 0
    """Number of the first entry that is not what was written, or is not there; 0: all are."""


def verify(db: Database) -> list[Verified]:
    """Read every segment that this terminal still has, oldest first; nothing is changed.

    What left the disk because the hub has it is not missed.

    Raises:
        StoreFault: the file itself can't be read.
    """
    segments = db.rows("SELECT seq, id, n, head FROM segment ORDER BY seq")
    return [_verify(db, *segment) for segment in segments]


def _verify(db: Database, seq: int, name: str, last: int, end: bytes) -> Verified:
    kept = kept_from(db, name)
    first, head = kept or (1, b"")
    n = first - 1
    while rows := db.rows(
        "SELECT n, raw, hash FROM entry WHERE segment = ? AND n > ? ORDER BY n LIMIT ?",
        *(seq, n, _AT_ONCE),
    ):
        for number, raw, stored in rows:
            head = chain(head, raw)
            if number != n + 1 or head != stored:
                return Verified(name, n + 1 - first, wrong=n + 1)
            n = number
    if (n, head) != (last, end):
        return Verified(name, n + 1 - first, wrong=min(n + 1, last) or 1)
    return Verified(name, n + 1 - first)
