# SPDX-License-Identifier: Apache-2.0
"""What this till's entries and grants changed here: movements not covered yet, and rights."""

from collections import Counter

from firmware.store.database import Database
from loyalty import rights
from loyalty.account import Account, Holding, Kind
from loyalty.entry import Facts, movements
from loyalty.feed import Covered, Granted


def post(db: Database, facts: Facts, *, segment: int, n: int) -> None:
    """Let an own entry take effect, in the transaction that writes it.

    Raises:
        BadRow: it spends more than the right: whoever decided it has not looked.
    """
    note_pending(db, facts, segment=segment, n=n)
    for account, amount in rights.changes(facts).items():
        change_right(db, account, amount, place=(segment, n) if amount > 0 else None)


def note_pending(db: Database, facts: Facts, *, segment: int, n: int) -> None:
    """Show the movements of an own entry until the feed covers it."""
    moved: Counter[Account] = Counter()
    for movement in movements(facts):
        moved[movement.account] += movement.amount
    for account, amount in moved.items():
        db.run(
            "INSERT INTO pending (owner, segment, n, kind, key, amount) VALUES (?, ?, ?, ?, ?, ?)",
            account.owner,
            segment,
            n,
            account.kind,
            account.key,
            amount,
        )


def held(db: Database) -> tuple[Holding, ...]:
    """Everything that this till may spend."""
    found = db.rows("SELECT kind, owner, key, amount FROM held ORDER BY owner, kind, key")
    return tuple(Holding(Account(Kind(k), owner, key), amount) for k, owner, key, amount in found)


def keep_at_most(db: Database, most: int) -> None:
    """Let go of rights beyond so many accounts, the smallest first.

    Only where a header is about to state what is left: the hub then counts exactly that as held.
    """
    db.run(
        "DELETE FROM held WHERE (owner, kind, key) NOT IN"
        " (SELECT owner, kind, key FROM held ORDER BY amount DESC, owner, kind, key LIMIT ?)",
        most,
    )


def change_right(
    db: Database, account: Account, amount: int, *, place: tuple[int, int] | None
) -> None:
    """Raise or lower what this till may spend; `place` is the own entry that raised it."""
    where = (account.owner, account.kind, account.key)
    found = db.row("SELECT amount FROM held WHERE owner = ? AND kind = ? AND key = ?", *where)
    left = (found[0] if found else 0) + amount
    if left == 0:
        db.run("DELETE FROM held WHERE owner = ? AND kind = ? AND key = ?", *where)
    elif found and place is None:
        db.run("UPDATE held SET amount = ? WHERE owner = ? AND kind = ? AND key = ?", left, *where)
    else:
        segment, n = place or (None, None)
        db.run("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?)", *where, left, segment, n)


def grant(db: Database, granted: Granted) -> None:
    """Take a right that the hub grants: once, in the segment that it names, if we asked for it."""
    answered = db.run(
        "UPDATE ask SET granted = ? WHERE id = ? AND segment = ? AND granted IS NULL"
        " AND segment = (SELECT id FROM segment ORDER BY seq DESC LIMIT 1)",
        granted.amount,
        granted.ask,
        granted.segment,
    )
    if answered and granted.amount > 0:
        change_right(db, granted.account, granted.amount, place=None)


def cover(db: Database, covered: Covered) -> None:
    """Forget the movements that the replica contains now: own entries up to there."""
    found = db.row("SELECT seq FROM segment WHERE id = ?", covered.segment)
    if found is None or (found[0], covered.n) <= covered_to(db):
        return
    mark_covered(db, (found[0], covered.n))
    db.run("DELETE FROM pending WHERE (segment, n) <= (?, ?)", found[0], covered.n)


def covered_to(db: Database) -> tuple[int, int]:
    """Segment and number of the last own entry that the replica contains."""
    found = dict(db.rows("SELECT name, value FROM setting WHERE name LIKE 'covered_%'"))
    return found.get("covered_segment", 0), found.get("covered_n", 0)


def mark_covered(db: Database, place: tuple[int, int]) -> None:
    """Remember up to where the replica contains own entries."""
    db.run("INSERT OR REPLACE INTO setting VALUES ('covered_segment', ?), ('covered_n', ?)", *place)
