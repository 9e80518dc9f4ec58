# SPDX-License-Identifier: Apache-2.0
"""What the hub has stays for a month, so that a hub restored from a backup gets it back; then goes.

Never a clock alone lets anything go: thirty days on which the clock was trusted have to be *seen*.
A disk that fills up shortens the month, and never takes what the hub does not have.
"""

from typing import Final, NamedTuple

from firmware.store import feed, own, rests
from firmware.store.clock import Clock
from firmware.store.database import Database
from firmware.store.room import Strain, strain
from loyalty.entry import ClockQuality
from loyalty.wire import GENESIS

KEEP_DAYS: Final = 30
MOST_ROWS: Final = 200
"""In one transaction: the till must never wait longer than that takes."""
LOOK_S: Final = 60.0
"""Between two looks at the disk while nothing is due."""

_DAY_MS: Final = 86_400_000


class Kept(NamedTuple):
    """From where on a segment's entries are still here."""

    n: int
    """The oldest entry; one more than the last where none is."""
    before: bytes
    """The hash of the entry before it: what is kept continues the chain from there."""


class Archive:
    """Sync's care for the disk: a bounded piece at each turn."""

    def __init__(self, db: Database, *, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._look_s = 0.0
        self._due = True

    def tend(self, now_s: float) -> None:
        """Do one piece of what is due, if anything is."""
        if now_s >= self._look_s:
            self._look_s = now_s + LOOK_S
            self._due = True
            note_day(self._db, clock=self._clock)
        if not self._due:
            return
        level = strain(self._db.disk())
        if level >= Strain.SCRAPS and drop_scraps(self._db):
            return
        self._due = prune(self._db, young=level >= Strain.ARCHIVE)
        if not self._due and level >= Strain.SCRAPS:
            self._db.checkpoint(truncate=True)


def kept_from(db: Database, segment: str) -> Kept | None:
    """From where on this terminal can still say what happened; None: it never had that segment."""
    found = db.row("SELECT gone + 1, gone_head FROM segment WHERE id = ?", segment)
    return Kept(found[0], found[1] or GENESIS) if found else None


def note_day(db: Database, *, clock: Clock) -> None:
    """Remember, once a day and only while the clock is trusted, what the hub has by now."""
    stamp = clock.stamp()
    if stamp.quality is not ClockQuality.SYNCED:
        return
    day = stamp.wall_ms // _DAY_MS
    if db.row("SELECT 1 FROM trusted_day WHERE day = ?", day):
        return
    with db.atomic():
        db.run(
            "INSERT INTO trusted_day (day, segment, n) VALUES (?, ?, ?)", day, *_acknowledged(db)
        )
        db.run(
            "DELETE FROM trusted_day WHERE place NOT IN"
            " (SELECT place FROM trusted_day ORDER BY place DESC LIMIT ?)",
            KEEP_DAYS + 2,
        )


def prune(db: Database, *, young: bool = False) -> bool:
    """Let the oldest entries go that may; whether there may be more of them.

    The newest of all stays: the chain and the token in RAM go on from it.

    Args:
        young: even those of this month.
    """
    limit = _limit(db, young=young)
    oldest = db.rows("SELECT place, segment, n, hash FROM entry ORDER BY place LIMIT ?", MOST_ROWS)
    [(newest,)] = db.rows("SELECT max(place) FROM entry")
    going = [row for row in oldest if row[1:3] <= limit and row[0] != newest]
    if not going:
        return False
    places = going[0][0], going[-1][0]
    with db.atomic():
        db.run(
            "UPDATE sale SET entry = (SELECT id FROM entry WHERE entry.place = sale.place)"
            " WHERE place BETWEEN ? AND ?",
            *places,
        )
        rests.outlive(db, *places)
        db.run("DELETE FROM entry WHERE place BETWEEN ? AND ?", *places)
        for seq, (n, head) in {seq: (n, head) for _, seq, n, head in going}.items():
            db.run("UPDATE segment SET gone = ?, gone_head = ? WHERE seq = ?", n, head, seq)
    return len(going) == MOST_ROWS


def drop_scraps(db: Database) -> bool:
    """Let go of some of what nobody serves with; whether there may be more."""
    dead = db.run(
        "DELETE FROM feed_dead WHERE place IN (SELECT place FROM feed_dead LIMIT ?)", MOST_ROWS
    )
    return bool(dead) or feed.sweep(db)


def _limit(db: Database, *, young: bool) -> tuple[int, int]:
    """Segment and number of the last entry that may go.

    What the feed has not covered stays: a snapshot puts it on top of the balances again.
    """
    limit = min(_acknowledged(db), own.covered_to(db))
    if young:
        return limit
    # the mark of a day stands for its beginning, so one day more than thirty has to pass
    then = db.row(
        "SELECT segment, n FROM trusted_day ORDER BY place DESC LIMIT 1 OFFSET ?", KEEP_DAYS + 1
    )
    return min(limit, then or (0, 0))


def _acknowledged(db: Database) -> tuple[int, int]:
    """Segment and number of the last entry before the first that the hub does not have."""
    found = db.row("SELECT seq, acked FROM segment WHERE acked < n ORDER BY seq LIMIT 1") or db.row(
        "SELECT seq, n FROM segment ORDER BY seq DESC LIMIT 1"
    )
    return found or (0, 0)
