# SPDX-License-Identifier: Apache-2.0
"""Entries become rows: movements, balances, what is held, customers and the feed, all at once.

One `Posting` is one database transaction under the merchant's lock. It first reads all that its
entries touch, folds them in memory one by one, then writes everything in a few statements.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hub.ledger import incidents
from hub.ledger.dating import Calendar, hour_of
from hub.ledger.models import IncidentKind, JournalEntry, Outcome, Segment, Why
from hub.ledger.models import Movement as MovementRow
from hub.ledger.people import People
from hub.ledger.tally import Kept, Tally
from hub.merchants import bulk, feed
from hub.merchants.models import Shop, Terminal
from loyalty import rights
from loyalty.account import Account, Kind, Movement
from loyalty.entry import (
    CarryConverted,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Released,
    Sold,
    Visited,
    carry_of,
    customer_of,
    movements,
)
from loyalty.feed import BalanceIs, SaleSeen
from loyalty.wire import UnknownEntry, encode_entry

_CONVERSIONS: Final = uuid.UUID("7c0a3a52-3d5c-4c56-8f56-0d6f1d1c7a11")
"""Under which the ids of conversions are derived, so that a rerun makes the same ones."""

_COLUMNS: Final = (
    *("merchant_id", "shop_id", "terminal_id", "segment_id", "n", "event_id", "kind"),
    *("at", "hour", "dated", "posted_at", "customer", "staff", "person_id", "receipt"),
    *("cents", "gift_cents", "points", "earned", "raw", "hash", "outcome", "why"),
)
_HASH: Final = _COLUMNS.index("hash")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch: its bytes, its place in the chain and what it reads as."""

    n: int
    raw: bytes
    hash: str
    read: Entry | UnknownEntry | None
    why: Why | None = None
    """Set: it is shelved."""
    moves: tuple[Movement, ...] = ()
    """What it moves, worked out once."""

    @property
    def facts(self) -> Facts | None:
        """What happened, where it is to be posted."""
        return self.read.facts if isinstance(self.read, Entry) and not self.why else None


class Posting:
    """Entries of one terminal's segment, or of the hub itself, on their way into the ledger."""

    def __init__(
        self,
        out: feed.Writing,
        *,
        now: datetime,
        shop: Shop | None,
        terminal: Terminal | None = None,
        segment: Segment | None = None,
        person_id: int | None = None,
        counts_held: bool = True,
    ) -> None:
        self._out, self._now, self._shop = out, now, shop
        self._terminal, self._segment, self._person_id = terminal, segment, person_id
        self._counts_held = counts_held and terminal is not None
        self.tally = Tally(out.merchant.pk, terminal.pk if terminal else None)
        self.people = People(out, now, terminal, shop)
        known = segment.wall_minus_mono_ms if segment else None
        self.calendar = Calendar(now, known)
        self._rows: list[tuple[Any, ...]] = []
        self._waited: dict[str, int] = {}
        """Rows that are there already, by their hash."""
        self._moved: list[tuple[str, Kept, int]] = []

    def load(self, lines: Iterable[Line], *, everything_held: bool = False) -> None:
        """Read what these lines touch; `take` knows of nothing else."""
        accounts: set[Account] = set()
        customers: set[str] = set()
        for line in lines:
            if line.read:
                self.calendar.learn(line.read.stamp)
            accounts.update(move.account for move in line.moves)
            match line.facts:
                case Released(holds=holds):
                    accounts.update(hold.account for hold in holds)
                case None:
                    continue
            if customer := customer_of(line.facts):
                customers.add(customer)
        self.tally.load(accounts, everything_held=everything_held)
        self.people.load(customers)

    def take(self, line: Line) -> None:
        """Give a line its outcome, once and for ever."""
        match line.read:
            case Entry() as entry if line.why is None:
                at, dated = self.calendar.date(entry.stamp)
                self._row(line, Outcome.POSTED, at=at, dated=dated, entry=entry)
                self._apply(line, entry, at)
            case UnknownEntry() as unknown if line.why is None:
                at, dated = self.calendar.date(unknown.stamp)
                self._row(line, Outcome.WAITING, at=at, dated=dated, entry=unknown)
                self.note(IncidentKind.WAITING, unknown.kind[:24])
            case read:
                at, dated = self.calendar.date(read.stamp) if read else (self._now, False)
                self._row(line, Outcome.SHELVED, at=at, dated=dated, entry=read)
                self.note(IncidentKind.SHELVED, line.hash, why=line.why, n=line.n)

    def wake(self, line: Line, row: int) -> None:
        """Give a line that waited its outcome, in the row that it has."""
        self._waited[line.hash] = row
        self.take(line)

    def make(self, line: Line, entry: Entry) -> None:
        """Post an entry that the hub made itself, as `own_line` gives it."""
        at, _ = self.calendar.date(entry.stamp)
        self._row(line, Outcome.POSTED, at=at, dated=True, entry=entry, own=True)
        self._apply(line, entry, at, own=True)

    def store(self) -> None:
        """Write it all, and tell the terminals."""
        self.tally.store()
        new = [row for row in self._rows if row[_HASH] not in self._waited]
        written = bulk.insert(JournalEntry, _COLUMNS, new, returning=("id", "hash"))
        entries = self._waited | {digest: pk for pk, digest in written}
        woken = [row for row in self._rows if row[_HASH] in self._waited]
        bulk.update(JournalEntry, _COLUMNS, [(*row, entries[row[_HASH]]) for row in woken])
        bulk.insert(
            MovementRow,
            ("entry_id", "account_id", "amount", "gift"),
            [
                (entries[digest], kept.pk, amount, kept.account.kind is Kind.GIFT)
                for digest, kept, amount in self._moved
            ],
        )
        self.people.store()
        for kept in self.tally.moved():
            self._out.say(BalanceIs(kept.account, kept.balance))

    def note(self, kind: IncidentKind, subject: str, **facts: object) -> None:
        """Note what a person should look at."""
        incidents.note(
            kind,
            at=self._now,
            merchant_id=self._out.merchant.pk,
            terminal_id=self._terminal.pk if self._terminal else None,
            subject=subject,
            **facts,
        )

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _apply(self, line: Line, entry: Entry, at: datetime, *, own: bool = False) -> None:
        facts = entry.facts
        made = self.tally.move(line.moves)
        below = [kept.account for kept, amount in made if kept.balance < 0 and amount < 0]
        self._moved += [(line.hash, kept, amount) for kept, amount in made]
        over: list[Account] = []
        if self._counts_held and not own:
            over = self.tally.hold(rights.changes(facts))
        for kind, accounts in ((IncidentKind.OVERSPENT, below), (IncidentKind.OVERHELD, over)):
            for account in accounts:
                self.note(kind, account.owner, account=account.kind, entry=entry.id)
        match facts:
            case Joined():
                self.people.join(facts, at)
            case Visited(customer=customer):
                self.people.met(customer, at)
            case Sold(customer=str(customer)):
                self.people.met(customer, at)
                wall_ms = int(at.timestamp() * 1000)
                self._out.say(
                    SaleSeen(id=entry.id, customer=customer, wall_ms=wall_ms, points=facts.points)
                )
                self._convert(entry, facts, at)
            case GiftSold():
                self.people.gift(facts, at)

    def _convert(self, entry: Entry, sale: Sold, at: datetime) -> None:
        """Turn full steps of carry into points, in an entry of the hub's own."""
        customer, earn = sale.customer or "", sale.earn
        steps = self.tally.of(carry_of(customer, earn)).balance // earn.per_cents
        if steps < 1 or not earn.points:
            return
        facts = CarryConverted(customer=customer, earn=earn, steps=steps)
        # beside the sale's own id in every index
        own_id = f"{entry.id[:12]}{uuid.uuid5(_CONVERSIONS, entry.id).hex[12:]}"
        made = Entry(id=own_id, n=0, stamp=entry.stamp, facts=facts)
        self.make(own_line(made), made)

    def _row(
        self,
        line: Line,
        outcome: Outcome,
        *,
        at: datetime,
        dated: bool,
        entry: Entry | UnknownEntry | None,
        own: bool = False,
    ) -> None:
        facts = entry.facts if isinstance(entry, Entry) else None
        known = outcome is not Outcome.SHELVED
        figures = _figures(facts, line.moves) if facts and known else _NO_FIGURES
        customer = (facts and customer_of(facts)) or ""
        self._rows.append(
            (
                self._out.merchant.pk,
                self._shop.pk if self._shop else None,
                self._terminal.pk if self._terminal and not own else None,
                self._segment.pk if self._segment and not own else None,
                line.n,
                entry.id if entry and known else None,
                entry.kind[:24] if entry else "",
                bulk.moment(at),
                hour_of(at),
                dated,
                bulk.moment(self._now),
                customer if known else "",
                entry.staff if known and isinstance(entry, Entry) else "",
                self._person_id,
                *figures,
                line.raw,
                line.hash,
                outcome.value,
                line.why.value if line.why else "",
            )
        )


def own_line(entry: Entry) -> Line:
    """The line of an entry that the hub makes: chained to nothing."""
    raw = encode_entry(entry)
    digest = hashlib.sha256(raw).hexdigest()
    return Line(0, raw, digest, entry, moves=movements(entry.facts))


_NO_FIGURES: Final = ("", 0, 0, 0, 0)


def _figures(facts: Facts, moves: Sequence[Movement]) -> tuple[str, int, int, int, int]:
    """Receipt, cents, cents paid by gift cards, net points, points earned: for lists and sums."""
    points = sum(move.amount for move in moves if move.account.kind is Kind.POINTS)
    match facts:
        case Sold():
            by_gift = sum(gift.cents for gift in facts.gifts)
            earned = facts.points if facts.customer else 0
            return facts.receipt, facts.due_cents, by_gift, points, earned
        case GiftSold():
            return facts.receipt, facts.cents, 0, 0, 0
        case _:
            return "", 0, 0, points, 0
