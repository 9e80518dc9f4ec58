# SPDX-License-Identifier: Apache-2.0
"""What this till may spend: asking the hub for more, keeping it for an order, giving it back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from firmware.store import journal, own, replica, rests
from firmware.store.clock import Clock
from firmware.store.database import Database
from firmware.store.journal import append, current_segment
from loyalty.account import Account, Holding, Kind, rest_of
from loyalty.entry import CalledIn, Entry, ReleaseCause, Released
from loyalty.programme import LoyaltyProgramme
from loyalty.rights import kept, worth_cents

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


def spendable(db: Database, *owners: str) -> dict[Account, int]:
    """What may be spent here now of accounts of customers, of gift cards, or of sales' rests.

    Until the hub has heard of this boot, what was held before it counts only within the allowance:
    the card may have been put back to an earlier state. Of gift cards it does not count at all,
    because the hub gives them anywhere; nor of what has no price, because no cap would bound it.
    """
    policy, said = replica.policy(db), dict(db.rows(_SAID))
    if policy.frozen or said.get("stranger"):
        return {}
    every = [_held_of(db, owner) for owner in owners]
    if "heard" in said and said["heard"] == said["segment"]:
        return {account: amount for held in every for account, (amount, _) in held.items()}
    room_cents = min(int(said.get("allowance", 0)), policy.card_cents)
    programme = replica.programme(db)
    may: dict[Account, int] = {}
    for held in every:
        may |= _before_heard(held, room_cents, programme)
    return may


def unheard_room_cents(db: Database) -> int:
    """How much more may be handed out before the hub has acknowledged what was (RIGHTS 5)."""
    return replica.policy(db).unheard_cents - journal.unheard_cents(db)


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


def call_in(db: Database, *, clock: Clock, new_id: Callable[[], str]) -> None:
    """Answer the hub's orders: this boot is alive."""
    for (order,) in db.rows("SELECT id FROM calling"):
        with db.atomic():
            append(db, CalledIn(order=order), clock=clock, new_id=new_id)
            db.run("DELETE FROM calling WHERE id = ?", order)


def leave(db: Database, *, clock: Clock, new_id: Callable[[], str]) -> None:
    """Where the hub wants this terminal to leave: give back all, whoever waits for it, and sign off.

    Before the hub was heard nobody knows what is held. The rests of sales go with the journal.
    """
    segment, gen = current_segment(db), replica.leaving(db)
    if segment is None or segment.gen != gen or not own.is_heard(db):
        return
    while journal.signed_off(db) != gen:
        with db.atomic():
            holds = own.held(db)[:MOST_RELEASED]
            if holds:
                facts = Released(cause=ReleaseCause.LEAVING, holds=holds)
                append(db, facts, clock=clock, new_id=new_id)
            else:
                journal.sign_off(db, clock=clock, new_id=new_id)


def release(db: Database, *, clock: Clock, new_id: Callable[[], str]) -> tuple[Entry, ...]:
    """Give back every right that the feed has caught up with and no order reserves.

    What a till earned or sold itself stays its own until it is covered; what was granted and not
    used goes back at once, what another till asks for before that. As much rests here as the
    merchant lets it, for when the network is away. A boot not heard of gives nothing back: what it
    holds is not known.
    """
    if not own.is_heard(db) or not any(_going(db, cause) for cause in _BY_AND_BY):
        return ()
    entries = []
    with db.atomic():
        for cause in _BY_AND_BY:
            going = _going(db, cause)
            keep = _kept(db, going) if cause is not ReleaseCause.RECALLED else [0] * len(going)
            gives = (Holding(h.account, h.amount - k) for h, k in zip(going, keep, strict=True))
            if holds := tuple(hold for hold in gives if hold.amount):
                facts = Released(cause=cause, holds=holds)
                entries.append(append(db, facts, clock=clock, new_id=new_id))
            for hold in going:
                where = (hold.account.owner, hold.account.kind, hold.account.key)
                for table in ("UPDATE held SET rests = 1", "DELETE FROM recalled"):
                    db.run(f"{table} WHERE owner = ? AND kind = ? AND key = ?", *where)
    return tuple(entries)


def _going(db: Database, cause: ReleaseCause) -> list[Holding]:
    """What may go back for that cause; a null segment says that a grant made the right."""
    segment, n = own.covered_to(db)
    match cause:
        case ReleaseCause.COVERED:
            found = db.rows(f"{_GOING} AND (segment, n) <= (?, ?) {_SOME}", segment, n)
        case ReleaseCause.UNUSED:
            found = db.rows(f"{_GOING} AND segment IS NULL {_SOME}")
        case ReleaseCause.RECALLED:
            found = db.rows(_WANTED, MOST_RELEASED)
    holds = [Holding(Account(Kind(k), owner, key), amount) for k, owner, key, amount in found]
    return [
        Holding(hold.account, rests.held(db, hold.account.owner))
        if hold.account.kind is Kind.REST
        else hold
        for hold in holds
    ]


def _kept(db: Database, going: Iterable[Holding]) -> list[int]:
    """How much of each right rests here, as long as all that rests is within the merchant's cap."""
    programme, policy = replica.programme(db), replica.policy(db)
    if programme is None or not policy.card_cents:
        return [0 for _ in going]
    (resting,) = db.row("SELECT sum(amount) FROM held WHERE rests AND kind = 'points'") or (0,)
    room = policy.terminal_cents // programme.point_value_cents - (resting or 0)
    found = []
    for hold in going:
        balance = replica.balances(db, hold.account.owner).get(hold.account, 0)
        keep = kept(hold, balance=balance, programme=programme, policy=policy)
        keep = keep if keep <= room else 0
        room -= keep
        found.append(keep)
    return found


def _held_of(db: Database, owner: str) -> dict[Account, tuple[int, int]]:
    """What is held of an owner's accounts, and how much of it from before this boot."""
    found = db.rows("SELECT kind, key, amount, old FROM held WHERE owner = ?", owner)
    held = {Account(Kind(kind), owner, key): (amount, old) for kind, key, amount, old in found}
    if rest := rests.usable(db, owner):
        held[rest_of(owner)] = (rest, 0)
    return held


def _before_heard(
    held: Mapping[Account, tuple[int, int]], room_cents: int, programme: LoyaltyProgramme | None
) -> dict[Account, int]:
    """What of an owner's rights may be spent while the hub has not heard of this boot."""
    may: dict[Account, int] = {}
    for account, (amount, old) in held.items():
        one_cents = worth_cents(account, 1, programme)
        reach = min(old, max(0, room_cents) // one_cents) if one_cents else 0
        reach = 0 if account.kind is Kind.GIFT else reach
        room_cents -= reach * one_cents
        if amount - old + reach:
            may[account] = amount - old + reach
    return may


_SAID: Final = (
    "SELECT name, value FROM setting WHERE name IN ('heard', 'stranger', 'allowance')"
    " UNION ALL SELECT 'segment', max(seq) FROM segment"
)
"""What the hub said of a boot, and which one this is."""
_BY_AND_BY: Final = (ReleaseCause.COVERED, ReleaseCause.UNUSED, ReleaseCause.RECALLED)
_SOME: Final = f"ORDER BY owner, kind, key LIMIT {MOST_RELEASED}"
_GOING: Final = (
    "SELECT kind, owner, key, amount FROM held WHERE rests = 0"
    " AND owner NOT IN (SELECT owner FROM reserved)"
)
_WANTED: Final = (
    "SELECT kind, owner, key, coalesce(amount, 0) FROM recalled LEFT JOIN held"
    " USING (owner, kind, key) WHERE owner NOT IN (SELECT owner FROM reserved) LIMIT ?"
)
