# SPDX-License-Identifier: Apache-2.0
"""The merchant's feed into the replica: a page and its cursor at once, a snapshot by and by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware.store import own, replica
from firmware.store.cursors import Position, move, position
from firmware.store.database import Database
from firmware.store.journal import count_unheard, entries_after, show_at_once
from loyalty.feed import Covered
from loyalty.wire import decode_item

MOST_ROWS: Final = 200
"""Items in one transaction of a snapshot: the till must never wait longer than that takes."""

_TABLES: Final = {
    "fact": "name",
    "staff": "id",
    "category": "id",
    "product": "id",
    "customer": "id",
    "code": "code",
    "contact": "hash",
    "balance": "owner",
    "gift": "fingerprint",
    "photo": "reward",
    "recent": "customer",
}
"""Tables of the replica, and the column after `side` in their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """A snapshot that is being built on the side that nobody reads."""

    snapshot: str
    next_part: int
    parts: int
    to: Position
    """That the snapshot stands for."""


def apply_page(db: Database, lines: Sequence[bytes], *, after: int, to: Position) -> bool:
    """Apply a page and move the cursor past it, in one transaction.

    A page may begin before the cursor (two answers crossed): items say how things are, so reading
    some again does no harm. An item that can't be applied is parked, never in the way.

    Returns:
        False for a page that does not continue what was read: nothing was changed.
    """
    with db.atomic():
        here = position(db)
        if here.epoch not in ("", to.epoch) or not after <= here.cursor <= to.cursor:
            return False
        if here != to:
            _take(db, lines, at=to, side=replica.side_in_use(db))
            move(db, to)
    return True


# ── snapshots ───────────────────────────────────────────────────────────────────────────────────


def staging(db: Database) -> Staging | None:
    """The snapshot under way, which survives a restart."""
    found = dict(db.rows("SELECT name, value FROM setting WHERE name GLOB 'staged_*'"))
    if "staged_snapshot" not in found:
        return None
    return Staging(
        snapshot=found["staged_snapshot"],
        next_part=found["staged_next_part"],
        parts=found["staged_parts"],
        to=Position(found["staged_to"], found["staged_epoch"], found["staged_word"]),
    )


def begin_snapshot(db: Database, *, snapshot: str, parts: int, to: Position) -> None:
    """Make room for a snapshot on the other side; one that was under way is dropped."""
    abandon_snapshot(db)
    while sweep(db):
        pass
    with db.atomic():
        for name, value in (
            ("snapshot", snapshot),
            ("next_part", 1),
            ("parts", parts),
            ("to", to.cursor),
            ("epoch", to.epoch),
            ("word", to.word),
        ):
            db.run("INSERT INTO setting VALUES (?, ?)", f"staged_{name}", value)


def stage_part(db: Database, lines: Sequence[bytes], *, part: int) -> bool:
    """Keep one part; after the last one the snapshot is what look-ups read.

    A segment has to be opened then: its header tells the hub what is held after all.

    Returns:
        False where another part is due.
    """
    under_way = staging(db)
    if under_way is None or part != under_way.next_part:
        return False
    side = 1 - replica.side_in_use(db)
    at = under_way.to
    for start in range(0, len(lines), MOST_ROWS):
        with db.atomic():
            _take(db, lines[start : start + MOST_ROWS], at=at, side=side, staged=True)
    with db.atomic():
        db.run("UPDATE setting SET value = ? WHERE name = 'staged_next_part'", part + 1)
        if part == under_way.parts:
            _swap(db, side, at)
    return True


def abandon_snapshot(db: Database) -> None:
    """Forget the snapshot under way."""
    db.run("DELETE FROM setting WHERE name GLOB 'staged_*'")


def sweep(db: Database) -> bool:
    """Remove some of what the side that nobody reads still holds; whether there may be more.

    A snapshot that is being built there is left alone.
    """
    if staging(db):
        return False
    side = 1 - replica.side_in_use(db)
    for table, key in _TABLES.items():
        removed = db.run(
            f"DELETE FROM {table} WHERE side = ?1 AND {key} IN"  # noqa: S608 (our own names)
            f" (SELECT {key} FROM {table} WHERE side = ?1 LIMIT ?2)",
            side,
            MOST_ROWS,
        )
        if removed:
            return True
    return False


def _swap(db: Database, side: int, at: Position) -> None:
    """Read the new side from now on, with own entries on top that it does not contain."""
    found = dict(db.rows("SELECT name, value FROM setting WHERE name GLOB 'staged_covered_*'"))
    covered = (found.get("staged_covered_segment", 0), found.get("staged_covered_n", 0))
    if at.epoch != position(db).epoch:
        _resend(db)
    abandon_snapshot(db)
    own.mark_covered(db, covered)
    db.run("DELETE FROM pending")
    for segment, entry in entries_after(db, covered):
        own.note_pending(db, entry.facts, segment=segment, n=entry.n)
        show_at_once(db, entry, side=side)
    db.run("UPDATE setting SET value = ? WHERE name = 'side'", side)
    db.run("INSERT OR REPLACE INTO setting VALUES ('report_due', 1)")
    move(db, at)


def _resend(db: Database) -> None:
    """The hub was restored: what it has not any more waits again, as far as it is still here."""
    db.run(
        "UPDATE segment SET acked = max(gone, min(acked, coalesce("
        "(SELECT value FROM setting WHERE name = 'staged_mark_' || seq), 0)))"
    )
    for (seq,) in db.rows("SELECT seq FROM segment WHERE acked < n"):
        count_unheard(db, seq)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _take(
    db: Database, lines: Sequence[bytes], *, at: Position, side: int, staged: bool = False
) -> None:
    for raw in lines:
        try:
            with db.attempt():
                item = decode_item(raw)
                if staged and isinstance(item, Covered):
                    _stage_covered(db, item)
                elif item is not None:
                    replica.apply(db, item, side=side)
        except (ValueError, OverflowError) as error:
            db.run(
                "INSERT INTO feed_dead (epoch, position, raw, error) VALUES (?, ?, ?, ?)",
                *(at.epoch, at.cursor, raw, str(error)),
            )


def _stage_covered(db: Database, item: Covered) -> None:
    """Keep the furthest place for the swap: until then the old side counts."""
    found = db.row("SELECT seq FROM segment WHERE id = ?", item.segment)
    known = dict(db.rows("SELECT name, value FROM setting WHERE name GLOB 'staged_covered_*'"))
    so_far = (known.get("staged_covered_segment", 0), known.get("staged_covered_n", 0))
    if found:
        mark = f"staged_mark_{found[0]}"
        db.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", mark, item.n)
    if found and (found[0], item.n) > so_far:
        for name, value in (("segment", found[0]), ("n", item.n)):
            db.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", f"staged_covered_{name}", value)
