# SPDX-License-Identifier: Apache-2.0
"""An entry that the card altered is never sent as true, and never holds up those after it.

Its hash tells. It goes out wrapped, unreadable for the hub, which puts it on its shelf for a
person; what follows is chained anew from there.
"""

import base64
import logging
from collections.abc import Iterable
from itertools import chain as joined
from typing import Final

from firmware.store.database import Database
from firmware.store.token import Place
from loyalty.wire import GENESIS, chain

_log = logging.getLogger(__name__)

ALTERED: Final = b"altered:"
"""Before the bytes that the card gave, in base 64."""

Row = tuple[int, bytes, bytes]
"""Number, bytes and hash of an entry."""


def sound(db: Database, segment: int, rows: Iterable[Row]) -> bool:
    """Whether consecutive entries of a segment still are what their hashes say."""
    before: bytes | None = None
    for n, raw, hashed in rows:
        before = _before(db, segment, n) if before is None else before
        if chain(before, raw) != hashed:
            return False
        before = hashed
    return True


def mend(db: Database, segment: int, first: int) -> None:
    """Wrap what was altered from there on, and chain the rest of the segment to it."""
    with db.atomic():
        rows = db.rows(
            "SELECT n, raw, hash FROM entry WHERE segment = ? AND n >= ? ORDER BY n", segment, first
        )
        old = new = _before(db, segment, first)
        after: Iterable[Row | None] = joined(rows[1:], (None,))
        for (n, raw, stored), following in zip(rows, after, strict=True):
            known = chain(old, raw)
            if known == stored or _vouched(db, segment, known, following):
                old, kept = known, raw
            else:
                _log.error("entry altered on the card segment=%s n=%s", segment, n)
                old, kept = stored, ALTERED + base64.b64encode(raw)
            new = chain(new, kept)
            db.run(
                "UPDATE entry SET raw = ?, hash = ? WHERE segment = ? AND n = ?",
                *(kept, new, segment, n),
            )
        db.run("UPDATE segment SET head = ? WHERE seq = ?", new, segment)
        [(name, n, newest)] = db.rows(
            "SELECT id, n, seq = (SELECT max(seq) FROM segment) FROM segment WHERE seq = ?", segment
        )
        if newest:
            db.after_commit(lambda: db.token.write(Place(name, n, new)))


def _before(db: Database, segment: int, n: int) -> bytes:
    """The hash that an entry continues."""
    found = db.row("SELECT hash FROM entry WHERE segment = ? AND n = ?", segment, n - 1) or db.row(
        "SELECT gone_head FROM segment WHERE seq = ? AND gone = ?", segment, n - 1
    )
    return (found and found[0]) or GENESIS


def _vouched(db: Database, segment: int, known: bytes, following: Row | None) -> bool:
    """Whether not the entry was altered but the hash beside it: what follows knows the right one."""
    if following:
        return chain(known, following[1]) == following[2]
    return db.row("SELECT 1 FROM segment WHERE seq = ? AND head = ?", segment, known) is not None
