# SPDX-License-Identifier: Apache-2.0
"""What this till's entries and grants changed here: movements not covered yet, and rights."""

from collections import Counter

from firmware.store import rests
from firmware.store.database import Database
from loyalty import rights
from loyalty.account import Account, Holding, Kind
from loyalty.entry import Facts
from loyalty.feed import Covered, Elsewhere, Granted, Heard, Recalled
from loyalty.movements import movements


def post(db: Database, facts: Facts, *, segment: int, n: int) -> tuple[Holding, ...]:
    """Let an own entry take effect, in the transaction that writes it.

    Returns:
        What it took of rights from before this segment.

    Raises:
        BadRow: it spends more than the right: whoever decided it has not looked.
    """
    note_pending(db, facts, segment=segment, n=n)
    took = []
    for account, amount in rights.changes(facts).items():
        old = change_right(db, account, amount, place=(segment, n) if amount > 0 else None)
        if old:
            took.append(Holding(account, old))
    return tuple(took)


def note_pending(db: Database, facts: Facts, *, segment: int, n: int) -> None:
    """Show the movements of an own entry until the feed covers it."""
    moved: Counter[Account] = Counter()
    for movement in movements(facts):
        moved[movement.account] += movement.amount
    db.run_each(
        "INSERT INTO pending (owner, segment, n, kind, key, amount) VALUES (?, ?, ?, ?, ?, ?)",
        [(a.owner, segment, n, a.kind, a.key, amount) for a, amount in moved.items()],
    )


def held(db: Database) -> tuple[Holding, ...]:
    """Everything that this till holds, but for the rests of sales."""
    found = db.rows("SELECT kind, owner, key, amount FROM held ORDER BY owner, kind, key")
    return tuple(Holding(Account(Kind(k), owner, key), amount) for k, owner, key, amount in found)


def begin(db: Database, *, most: int) -> None:
    """A segment is being opened: what is held is of before it from now on.

    Rights beyond so many accounts are let go of, the smallest first: the header that is about to
    be written states what is left, and the hub then counts exactly that.
    """
    db.run(
        "DELETE FROM held WHERE (owner, kind, key) NOT IN"
        " (SELECT owner, kind, key FROM held ORDER BY amount DESC, owner, kind, key LIMIT ?)",
        most,
    )
    db.run("UPDATE held SET old = amount")
    db.run("DELETE FROM recalled")
    db.run("DELETE FROM ask")
    db.run("DELETE FROM find")


def change_right(
    db: Database, account: Account, amount: int, *, place: tuple[int, int] | None
) -> int:
    """Raise or lower what this till holds; `place` is the own entry that raised it.

    What this segment brought goes first, the part from before it last: how much of that went.
    """
    if account.kind is Kind.REST:
        rests.change(db, account.owner, amount)
        return 0
    where = (account.owner, account.kind, account.key)
    found = db.row("SELECT amount, old FROM held WHERE owner = ? AND kind = ? AND key = ?", *where)
    had, old = (int(found[0]), int(found[1])) if found else (0, 0)
    left = had + amount
    if left == 0:
        db.run("DELETE FROM held WHERE owner = ? AND kind = ? AND key = ?", *where)
    elif found and place is None:
        db.run(
            "UPDATE held SET amount = ?, old = ?, rests = rests AND ?"
            " WHERE owner = ? AND kind = ? AND key = ?",
            *(left, min(old, left), amount < 0, *where),
        )
    else:
        segment, n = place or (None, None)
        db.run(
            "INSERT OR REPLACE INTO held (owner, kind, key, amount, segment, n, old)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(*where, left, segment, n, min(old, left)),
        )
    return max(0, old - left)


def grant(db: Database, granted: Granted) -> None:
    """Take a right that the hub grants: once, in the segment that it names, if we asked for it."""
    answered = db.run(
        "UPDATE ask SET granted = ? WHERE id = ? AND segment = ? AND granted IS NULL"
        " AND segment = (SELECT id FROM segment ORDER BY seq DESC LIMIT 1)",
        granted.amount,
        granted.ask,
        granted.segment,
    )
    if not answered:
        return
    _note_elsewhere(db, granted)
    if granted.amount > 0:
        change_right(db, granted.account, granted.amount, place=None)


def _note_elsewhere(db: Database, granted: Granted) -> None:
    """Remember who keeps what could not be granted, under the account that was asked for."""
    if kept := granted.elsewhere:
        db.run(
            "INSERT OR REPLACE INTO elsewhere"
            " SELECT owner, kind, key, ?2, ?3, ?4, ?5 FROM ask WHERE id = ?1",
            *(granted.ask, kept.shop, kept.heard_ms, kept.said_ms, kept.tills),
        )
    else:
        db.run(
            "DELETE FROM elsewhere WHERE (owner, kind, key) ="
            " (SELECT owner, kind, key FROM ask WHERE id = ?)",
            granted.ask,
        )


def elsewhere(db: Database, account: Account) -> Elsewhere | None:
    """Who keeps the rest of an account, as the hub last said; None: it said nothing."""
    found = db.row(
        "SELECT shop, heard_ms, said_ms, tills FROM elsewhere"
        " WHERE owner = ? AND kind = ? AND key = ?",
        *(account.owner, account.kind, account.key),
    )
    if found is None:
        return None
    shop, heard_ms, said_ms, tills = found
    return Elsewhere(shop=shop, heard_ms=heard_ms, said_ms=said_ms, tills=tills)


def recall(db: Database, recalled: Recalled) -> None:
    """Another till asks for it: it goes back as soon as no order here needs it."""
    account = recalled.account
    db.run(
        "INSERT OR IGNORE INTO recalled VALUES (?, ?, ?)",
        *(account.owner, account.kind, account.key),
    )


def is_heard(db: Database) -> bool:
    """Whether the hub has posted the header of this segment, and said so."""
    return bool(
        db.row(
            "SELECT 1 FROM setting WHERE name = 'heard' AND value = (SELECT max(seq) FROM segment)"
        )
    )


def hear(db: Database, heard: Heard, *, allowance_cents: int) -> None:
    """The hub has posted the header of this segment, and says what it came to (RIGHTS 7).

    Where it did not follow, only what this segment brought itself is left: what was there before
    may have been spent by what this card has forgotten.
    """
    found = db.row("SELECT seq, id FROM segment ORDER BY seq DESC LIMIT 1")
    if found is None or found[1] != heard.segment:
        return
    if not heard.sound:
        db.run("DELETE FROM held WHERE old >= amount")
        db.run("UPDATE held SET amount = amount - old, old = 0")
        rests.forget_before(db, found[0])
    for name, value in (
        ("heard", found[0]),
        ("stranger", int(heard.stranger)),
        ("allowance", allowance_cents),
    ):
        db.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, value)


def cover(db: Database, covered: Covered) -> None:
    """Forget the movements that the replica contains now: own entries up to there."""
    found = db.row("SELECT seq FROM segment WHERE id = ?", covered.segment)
    if found is None or (found[0], covered.n) <= covered_to(db):
        return
    mark_covered(db, (found[0], covered.n))
    db.run("DELETE FROM pending WHERE (segment, n) <= (?, ?)", found[0], covered.n)


def covered_to(db: Database) -> tuple[int, int]:
    """Segment and number of the last own entry that the replica contains."""
    found = dict(
        db.rows("SELECT name, value FROM setting WHERE name IN ('covered_segment', 'covered_n')")
    )
    return found.get("covered_segment", 0), found.get("covered_n", 0)


def mark_covered(db: Database, place: tuple[int, int]) -> None:
    """Remember up to where the replica contains own entries."""
    db.run("INSERT OR REPLACE INTO setting VALUES ('covered_segment', ?), ('covered_n', ?)", *place)
