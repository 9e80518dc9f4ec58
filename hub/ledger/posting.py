# SPDX-License-Identifier: Apache-2.0
"""Entries become rows: movements, balances, what is held, customers and the feed, all at once.

One `Posting` is one database transaction under the merchant's lock. It first reads all that its
entries touch, folds them in memory one by one, then writes everything in a few statements.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from hub.ledger import calling, groups, incidents, leaving, missing, welcomes
from hub.ledger.dating import Calendar, hour_of
from hub.ledger.line import NO_FIGURES, Line, figures_of, own_line
from hub.ledger.models import IncidentKind, JournalEntry, Outcome, Segment, Why
from hub.ledger.models import Movement as MovementRow
from hub.ledger.people import People
from hub.ledger.rests import Rests
from hub.ledger.tally import Kept, Tally
from hub.merchants import bulk, feed
from hub.merchants.models import Terminal, new_id
from loyalty.account import WITH_RIGHTS, Account, Kind, Movement, meant_by, points_of, rest_of
from loyalty.entry import (
    Adjusted,
    CalledIn,
    CardsChanged,
    CarryConverted,
    ClockQuality,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Opened,
    OptedIn,
    OwedPaid,
    Refunded,
    Released,
    SignedOff,
    Sold,
    Stamp,
    Visited,
    customer_of,
)
from loyalty.feed import BalanceIs, SaleSeen
from loyalty.movements import carry_of, movements
from loyalty.wire import UnknownEntry

_CONVERSIONS: Final = uuid.UUID("7c0a3a52-3d5c-4c56-8f56-0d6f1d1c7a11")
"""Under which the ids of conversions are derived, so that a rerun makes the same ones."""

_COLUMNS: Final = (
    *("merchant_id", "shop_id", "terminal_id", "segment_id", "n", "event_id", "kind", "cause"),
    *("at", "hour", "dated", "posted_at", "customer", "staff", "person_id", "receipt"),
    *("cents", "gift_cents", "points", "earned", "raw", "hash", "outcome", "why"),
)
_HASH: Final = _COLUMNS.index("hash")


class Posting:
    """Entries of one terminal's segment, or of the hub itself, on their way into the ledger."""

    def __init__(
        self,
        out: feed.Writing,
        *,
        now: datetime,
        shop_id: str | None,
        terminal: Terminal | None = None,
        segment: Segment | None = None,
        holder: Segment | None = None,
        person_id: int | None = None,
        said: bool = False,
    ) -> None:
        """Begin.

        Args:
            holder: whose rights change, where that is not the segment itself.
            said: a later header has said already what is held: no right changes.
        """
        self._out, self._now, self._shop_id = out, now, shop_id
        self._terminal, self._segment, self._person_id = terminal, segment, person_id
        holder = holder or segment
        holds = holder is not None and (holder.retired or not holder.dead) and not said
        self.tally = Tally(
            out.merchant.pk,
            holder.pk if holder and holds else None,
            suspended=out.merchant.suspended_at is not None,
            patient=terminal is not None and terminal.waits,
        )
        self.rests = Rests(self.tally)
        self.people = People(out, now, terminal, shop_id)
        known = segment.wall_minus_mono_ms if segment else None
        self.calendar = Calendar(now, known)
        self._rows: list[tuple[Any, ...]] = []
        self._waited: dict[str, int] = {}
        """Rows that are there already, by their hash."""
        self._moved: list[tuple[str, Kept, int]] = []
        self._awaits: bool | None = None
        """Whether terminals have yet to be heard, once somebody asked."""
        self._others: dict[str, tuple[str, ...]] = {}
        """By customer, who else is the same person."""

    def load(self, lines: Sequence[Line], *, everything_held: bool = False) -> None:
        """Read what these lines touch; `take` knows of nothing else."""
        accounts: set[Account] = set()
        customers: set[str] = set()
        for line in lines:
            if line.read:
                self.calendar.learn(line.read.stamp)
            accounts.update(move.account for move in line.moves)
            match line.facts:
                case SignedOff():
                    everything_held = True
                case Opened(holds=holds, rests=rests):
                    accounts.update(hold.account for hold in (*holds, *(rests or ())))
                case Released(holds=holds):
                    accounts.update(hold.account for hold in holds)
                case None:
                    continue
            if customer := customer_of(line.facts):
                customers.add(customer)
        self.tally.load(accounts, everything_held=everything_held)
        self.rests.load(lines)
        self.load_people(customers | {account.owner for account in accounts})

    def load_people(self, customers: Iterable[str]) -> None:
        """Read these customers, and what those have who are the same person: they pay what it owes."""
        self.people.load(customers)
        self._others = groups.of_heads(self._out.merchant.pk, self.people.heads)
        self.tally.load(points_of(uuid) for uuid in self._others)

    def take(self, line: Line) -> None:
        """Give a line its outcome, once and for ever."""
        signed_off = self._segment and self._segment.signed_off
        if signed_off and not line.why and not self._in_time(line):
            line = replace(line, why=Why.CLOSED)
        match line.read:
            case Entry(facts=Refunded(sale=sale, cents=cents)) as entry if self.too_early(line):
                at, dated = self.calendar.date(entry.stamp)
                self._row(line, Outcome.WAITING, at=at, dated=dated, entry=entry)
                self._wait()
                self.note(IncidentKind.EARLY, sale, cents=[cents])
            case Entry() as entry if line.why is None:
                at, dated = self.calendar.date(entry.stamp)
                self._row(line, Outcome.POSTED, at=at, dated=dated, entry=entry)
                self._apply(line, entry, at)
            case UnknownEntry() as unknown if line.why is None:
                at, dated = self.calendar.date(unknown.stamp)
                self._row(line, Outcome.WAITING, at=at, dated=dated, entry=unknown)
                self._wait()
                self.note(IncidentKind.WAITING, unknown.kind[:24])
            case read:
                at, dated = self.calendar.date(read.stamp) if read else (self._now, False)
                self._row(line, Outcome.SHELVED, at=at, dated=dated, entry=read)
                self.note(IncidentKind.SHELVED, line.hash, why=line.why, n=line.n)

    def too_early(self, line: Line) -> bool:
        """Whether it pays back a sale that a restored hub has yet to hear of (RIGHTS 22)."""
        match line.facts:
            case Refunded(sale=sale) if line.why is None and not self.rests.knows(sale):
                if self._awaits is None:
                    self._awaits = missing.awaits(self._out.merchant.pk)
                return self._awaits
        return False

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
        """Let what is due be paid and welcomes end, write it all, and tell the terminals."""
        for back in list(self.rests.repaid()):
            self._make(new_id(), self._stamp(), back)
        self._pay_owed()
        for over in welcomes.over(self.tally, self.people):
            self._make(new_id(), self._stamp(), over)
        self.tally.store()
        new = [row for row in self._rows if row[_HASH] not in self._waited]
        written = bulk.insert(JournalEntry, _COLUMNS, new, returning=("id", "hash"))
        entries = self._waited | {digest: pk for pk, digest in written}
        woken = [row for row in self._rows if row[_HASH] in self._waited]
        bulk.update(JournalEntry, _COLUMNS, [(*row, entries[row[_HASH]]) for row in woken])
        moved = [(entries[digest], kept, amount) for digest, kept, amount in self._moved]
        bulk.insert(
            MovementRow,
            ("entry_id", "account_id", "amount", "by_account"),
            [
                (entry, kept.pk, amount, kept.by_account)
                for entry, kept, amount in (*self.rests.opened(entries), *moved)
            ],
        )
        self.people.store(self.tally)
        for kept in self.tally.moved():
            if kept.account.kind is not Kind.REST:
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
        self._take(line, facts, own=own)
        self.rests.come(entry.id)
        match facts:
            case Joined() | CardsChanged() | OptedIn() | Visited():
                self.people.hear(facts, at)
            case Sold(customer=str(customer)):
                self.people.buys(customer, at)
                wall_ms = int(at.timestamp() * 1000)
                self._out.say(
                    SaleSeen(id=entry.id, customer=customer, wall_ms=wall_ms, points=facts.points)
                )
                self._convert(entry, facts)
            case Refunded(customer=str(customer)):
                self.people.came(customer, at)
                self._convert(entry, facts)
            case GiftSold():
                self.people.gift(facts, at)
            case CalledIn(order=order) if self._segment:
                calling.answered(order, self._segment, self.tally, now=self._now)
            case SignedOff() if self._segment and self._terminal:
                leaving.sign_off(self._terminal, self._segment, self.tally, now=self._now)

    def _take(self, line: Line, facts: Facts, *, own: bool) -> None:
        """Move what an entry moves, and let its rights change with it."""
        match facts:
            case Released(holds=holds):
                for hold in holds:
                    if hold.account.kind is Kind.REST:
                        self.rests.touch(hold.account.owner)
                    if not self.tally.release(hold.account, hold.amount):
                        self.note(IncidentKind.OVERHELD, hold.account.owner, entry=line.hash)
            case Refunded():
                self._refund(line, facts)
            case CarryConverted(steps=steps) if steps < 0:
                carry, points = line.moves
                self._note_moves(line, self.tally.move(carry.account, carry.amount))
                self._note_moves(line, self.tally.take_back(points.account, -points.amount).moves)
            case _:
                # what an entry earns may be spent by it: its till counts the difference
                for move in sorted(line.moves, key=lambda move: move.amount < 0):
                    self._move(line, move, own=own)

    def _move(self, line: Line, move: Movement, *, own: bool) -> None:
        if own or move.account.kind not in WITH_RIGHTS:
            self._note_moves(line, self.tally.move(move.account, move.amount))
        elif move.amount > 0:
            self._note_moves(line, self.tally.earn(move.account, move.amount))
        else:
            self._spend(line, move.account, -move.amount)

    def _spend(self, line: Line, account: Account, amount: int) -> int:
        """Take it, and give what only the loss reserve could pay.

        What a retired till spent its customer does not pay; but a welcome is over with the order.
        """
        stolen = self._segment is not None and self._segment.retired and not self._in_time(line)
        pays = not stolen or account.kind is Kind.WELCOME
        taken = self.tally.spend(account, amount, customer_pays=pays)
        self._note_moves(line, taken.moves)
        if taken.lost:
            self.note(
                IncidentKind.LOSS,
                account.owner,
                account=account.kind,
                amount=taken.lost,
                entry=line.hash,
            )
        return taken.lost

    def _in_time(self, line: Line) -> bool:
        """Whether it waited here when its segment may not have been closed yet."""
        return line.hash in self._waited

    def _wait(self) -> None:
        """From here on, what its terminal lacks may be what could not be posted."""
        self.tally.patient = True
        if self._terminal and not self._terminal.waits:
            self._terminal.waits = True
            self._terminal.save(update_fields=["waits"])

    def _refund(self, line: Line, refund: Refunded) -> None:
        """Undo a part of a sale; what goes beyond its rest moves nothing of the customer's."""
        self.rests.touch(refund.sale)
        lost = self._spend(line, rest_of(refund.sale), refund.cents)
        if not self.rests.knows(refund.sale):
            return  # nothing is taken back of what nobody has heard of
        part = self.rests.what_was_left(refund, lost) if lost else refund
        own = {hold.account: hold.amount for hold in part.own}
        for move in movements(part):
            kind = move.account.kind
            if kind is Kind.REST:
                continue
            if move.amount > 0 or kind is Kind.CARRY:
                self._move(line, move, own=False)
            else:
                mine = own.get(move.account, 0)
                taken = self.tally.take_back(move.account, -move.amount, own=mine)
                self._note_moves(line, taken.moves)
        self.rests.let_go_beyond(refund, part)

    def _note_moves(self, line: Line, moves: Iterable[tuple[Kept, int]]) -> None:
        self._moved += [(line.hash, kept, amount) for kept, amount in moves if amount]

    def _convert(self, entry: Entry, cause: Sold | Refunded) -> None:
        """Turn full steps of carry into points, or points back into carry that a refund took."""
        customer, earn = cause.customer or "", cause.earn
        steps = self.tally.of(carry_of(customer, earn)).balance // earn.per_cents
        if steps and earn.points:
            facts = CarryConverted(customer=customer, earn=earn, steps=steps)
            self._make(entry.id, entry.stamp, facts)

    def _pay_owed(self) -> None:
        """Only what is free pays what is owed: never an earning that a till may spend.

        What one customer owes, whoever is the same person pays when their own is not enough.
        """
        for kept in self.tally.every(Kind.OWED):
            of = meant_by(kept.account)
            for payer in (of.owner, *self._others.get(of.owner, ())):
                amount = min(kept.balance, self.tally.free(replace(of, owner=payer)))
                if amount > 0:
                    by = payer if payer != of.owner else ""
                    facts = OwedPaid(
                        customer=of.owner, kind=of.kind, key=of.key, amount=amount, by=by
                    )
                    self._make(new_id(), self._stamp(), facts)

    def _stamp(self) -> Stamp:
        wall_ms = int(self._now.timestamp() * 1000)
        return Stamp(boot_id="hub", mono_ms=0, wall_ms=wall_ms, quality=ClockQuality.SYNCED)

    def _make(self, cause: str, stamp: Stamp, facts: Facts) -> None:
        """Post an entry of the hub's own, beside the one that caused it in every index."""
        own_id = f"{cause[:12]}{uuid.uuid5(_CONVERSIONS, cause).hex[12:]}"
        made = Entry(id=own_id, n=0, stamp=stamp, facts=facts)
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
        figures = figures_of(facts, line.moves) if facts and known else NO_FIGURES
        customer = (facts and customer_of(facts)) or ""
        self._rows.append(
            (
                self._out.merchant.pk,
                self._shop_id,
                self._terminal.pk if self._terminal and not own else None,
                self._segment.pk if self._segment and not own else None,
                line.n,
                entry.id if entry and known else None,
                entry.kind[:24] if entry else "",
                facts.cause.value if isinstance(facts, Adjusted) else "",
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
