# SPDX-License-Identifier: Apache-2.0
"""What this till may spend: asking the hub for more, keeping it for an order, giving it back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from firmware.store import own
from firmware.store.clock import Clock
from firmware.store.database import Database
from firmware.store.journal import append, current_segment
from loyalty.account import Account, Holding, Kind
from loyalty.entry import Entry, ReleaseCause, Released

MOST_RELEASED: Final = 100
"""Accounts in one entry: it has to fit into a frame."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub granted so far."""

    granted: int
    done: bool
    """The hub has answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A right that the hub has to be asked for."""

    id: str
    segment: str
    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class FindAsked:
    """A name that the hub has to look up."""

    id: str
    text: str


# ── the till ────────────────────────────────────────────────────────────────────────────────────


def held(db: Database, owner: str) -> dict[Account, int]:
    """What may be spent here of a customer's accounts, or of a gift card."""
    found = db.rows("SELECT kind, key, amount FROM held WHERE owner = ?", owner)
    return {Account(Kind(kind), owner, key): amount for kind, key, amount in found}


def reserve(db: Database, owners: Iterable[str]) -> None:
    """Keep the rights on these customers and gift cards, and on no others, for the order."""
    wanted = set(owners)
    with db.atomic():
        kept = {owner for (owner,) in db.rows("SELECT owner FROM reserved")}
        for owner in kept - wanted:
            db.run("DELETE FROM reserved WHERE owner = ?", owner)
        for owner in wanted - kept:
            db.run("INSERT INTO reserved VALUES (?)", owner)


def unreserve(db: Database) -> None:
    """No order is under way: sync may give back what is not needed here."""
    reserve(db, ())


def ask(db: Database, holding: Holding, *, new_id: Callable[[], str]) -> str:
    """Have sync ask the hub for that much more of an account, and reserve its owner meanwhile.

    Returns:
        the ask's id, for `answer` and `give_up`.
    """
    ask_id, account = new_id(), holding.account
    with db.atomic():
        segment = current_segment(db)
        if segment is None:
            message = "open a segment first"
            raise ValueError(message)
        db.run(
            "INSERT INTO ask (id, segment, owner, kind, key, amount) VALUES (?, ?, ?, ?, ?, ?)",
            *(ask_id, segment.id, account.owner, account.kind, account.key, holding.amount),
        )
        db.run("INSERT OR IGNORE INTO reserved VALUES (?)", account.owner)
    return ask_id


def answer(db: Database, ask_id: str) -> Answer | None:
    """What became of an ask; None: it was never made in this segment."""
    found = db.row("SELECT granted FROM ask WHERE id = ?", ask_id)
    return Answer(found[0] or 0, done=found[0] is not None) if found else None


def give_up(db: Database, ask_id: str) -> None:
    """Stop waiting; what is granted all the same is given back once nothing reserves it."""
    db.run("UPDATE ask SET given_up = 1 WHERE id = ?", ask_id)


def ask_find(db: Database, text: str, *, new_id: Callable[[], str]) -> str:
    """Have sync ask the hub which customers a text names; the id is for `answer_find`."""
    find_id = new_id()
    with db.atomic():
        db.run("DELETE FROM find")  # one search at a time: the one before is given up
        db.run("INSERT INTO find (id, words) VALUES (?, ?)", find_id, text)
    return find_id


def answer_find(db: Database, find_id: str) -> tuple[str, ...] | None:
    """Ids of the customers found, best first; None: no answer yet."""
    found = db.row("SELECT customers FROM find WHERE id = ?", find_id)
    return tuple(found[0].split()) if found and found[0] is not None else None


# ── sync ────────────────────────────────────────────────────────────────────────────────────────


def asked(db: Database) -> tuple[Asked, ...]:
    """What somebody still waits for."""
    found = db.rows(
        "SELECT id, segment, owner, kind, key, amount FROM ask"
        " WHERE granted IS NULL AND given_up = 0 ORDER BY rowid"
    )
    return tuple(
        Asked(ask_id, segment, Account(Kind(kind), owner, key), amount)
        for ask_id, segment, owner, kind, key, amount in found
    )


def finds_asked(db: Database) -> tuple[FindAsked, ...]:
    """Names that somebody waits for."""
    return tuple(
        FindAsked(*row) for row in db.rows("SELECT id, words FROM find WHERE customers IS NULL")
    )


def found(db: Database, find_id: str, customers: Iterable[str]) -> None:
    """Note the hub's answer to a search."""
    db.run("UPDATE find SET customers = ? WHERE id = ?", " ".join(customers), find_id)


def release(db: Database, *, clock: Clock, new_id: Callable[[], str]) -> tuple[Entry, ...]:
    """Give back every right that the feed has caught up with and no order reserves.

    What a till earned or sold itself stays its own until it is covered; what was granted and not
    used goes back at once.
    """
    if not _releasable(db, ReleaseCause.COVERED) and not _releasable(db, ReleaseCause.UNUSED):
        return ()
    entries = []
    with db.atomic():
        for cause in ReleaseCause:
            if holds := _releasable(db, cause):
                facts = Released(cause=cause, holds=holds)
                entries.append(append(db, facts, clock=clock, new_id=new_id))
    return tuple(entries)


def _releasable(db: Database, cause: ReleaseCause) -> tuple[Holding, ...]:
    """What goes back for that cause; a null segment says that a grant made the right."""
    segment, n = own.covered_to(db)
    found = db.rows(
        "SELECT kind, owner, key, amount FROM held"
        " WHERE CASE ?1 WHEN 'unused' THEN segment IS NULL ELSE (segment, n) <= (?2, ?3) END"
        " AND owner NOT IN (SELECT owner FROM reserved) ORDER BY owner, kind, key LIMIT ?4",
        *(cause, segment, n, MOST_RELEASED),
    )
    return tuple(Holding(Account(Kind(k), owner, key), amount) for k, owner, key, amount in found)
