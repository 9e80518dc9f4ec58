# SPDX-License-Identifier: Apache-2.0
"""The shelf: entries that could not be posted, and what a person decides about each.

What was shelved stays shelved, with its bytes. Posting it, as it is or corrected, makes an entry of
the hub's own under the same event id where that is still free: whatever the terminal sends again
later is then known to be counted.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from hub.ledger import calling, incidents
from hub.ledger.line import Line, own_line
from hub.ledger.models import IncidentKind, JournalEntry, Outcome, Why
from hub.ledger.posting import Posting
from hub.ledger.reading import entry_of
from hub.ledger.redacting import facts_without
from hub.ledger.rulings import Ruling, Verdict
from hub.ledger.sanity import absurd, named
from hub.merchants import bulk, feed
from loyalty.account import Account, Kind, Movement
from loyalty.entry import (
    CardsChanged,
    ClockQuality,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Refunded,
    Sold,
    Stamp,
    Visited,
)
from loyalty.movements import movements as movements_of
from loyalty.wire import Garbled, decode_entry

_POSTED_HERE: Final = uuid.UUID("0d6b8a0e-3f0f-4b43-9a55-5f0d1f1f6f52")
"""Under which ids are derived for entries whose own can't serve."""


class Obstacle(StrEnum):
    """Why a shelved entry can't be posted as it is."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    """Of a kind that this hub does not know."""
    ABSURD = "absurd"
    COUNTED = "counted"
    """The ledger has the same under the same id."""
    EMPTY = "empty"
    """It moves nothing: a terminal said something of itself."""
    SHORT = "short"
    """It takes more than is free: it would take what another terminal may spend."""


class CannotPost(Exception):
    """Nothing was changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class AlreadyRuled(Exception):
    """Somebody has decided about it meanwhile; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A shelved entry as a person can judge it."""

    row: JournalEntry
    entry: Entry | None
    """What it reads as; None where it can't be read."""
    obstacle: Obstacle | None
    """None: it can be posted as it is."""
    stake: dict[Kind, int] = field(default_factory=dict)
    """What it would have moved, by kind of account: points, visits or cents."""

    @property
    def cents(self) -> int | None:
        """What was paid or loaded, where the entry says so."""
        match self.entry and self.entry.facts:
            case Sold(due_cents=cents) | GiftSold(cents=cents):
                return cents
            case Refunded(due_cents=cents):
                return -cents
        return None


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def rows(merchant_id: str | None = None) -> QuerySet[JournalEntry]:
    """Shelved entries of a merchant, or of all, newest first, each with its `ruling` if any."""
    # said twice: what was posted has no place in the small index that serves here
    found = JournalEntry.objects.exclude(outcome=Outcome.POSTED).filter(outcome=Outcome.SHELVED)
    if merchant_id is not None:
        found = found.filter(merchant_id=merchant_id)
    related = ("merchant", "terminal__shop", "segment", "ruling__person", "ruling__became")
    return found.select_related(*related).order_by("-posted_at", "-pk")


def waiting_for_somebody(merchant_id: str | None = None) -> QuerySet[JournalEntry]:
    """Those about which nobody has decided."""
    return rows(merchant_id).filter(ruling=None)


def read(found: Sequence[JournalEntry]) -> list[Shelved]:
    """Say of each what it is and whether it can be posted as it is."""
    entries = [_entry(row) for row in found]
    counted = _counted(entry.id for entry in entries if isinstance(entry, Entry))
    return [_shelved(row, entry, counted) for row, entry in zip(found, entries, strict=True)]


# ── deciding ────────────────────────────────────────────────────────────────────────────────────


def post_as_it_is(row: JournalEntry, *, reason: str, person_id: int) -> JournalEntry:
    """Post what the terminal wrote; gives the new entry.

    Raises:
        CannotPost: an obstacle stands in the way.
        AlreadyRuled: somebody was quicker.
    """
    with feed.writing(row.merchant_id) as out:
        (shelved,) = read([_open(row)])
        if shelved.entry is None or shelved.obstacle:
            raise CannotPost(shelved.obstacle or Obstacle.UNREADABLE)
        return _post(
            out, row, shelved.entry, verdict=Verdict.POSTED, reason=reason, person_id=person_id
        )


def post_corrected(row: JournalEntry, facts: Facts, *, reason: str, person_id: int) -> JournalEntry:
    """Post other facts in the place of what the terminal wrote; gives the new entry.

    Raises:
        CannotPost: the facts are absurd, or take more than is free.
        AlreadyRuled: somebody was quicker.
    """
    with feed.writing(row.merchant_id) as out:
        read_as = _entry(_open(row))
        wall_ms = int(row.at.timestamp() * 1000)
        stamp = Stamp(boot_id="hub", mono_ms=0, wall_ms=wall_ms, quality=ClockQuality.SYNCED)
        first = (
            read_as
            if isinstance(read_as, Entry)
            else Entry(id=_own_id(row), n=0, stamp=stamp, facts=facts)
        )
        entry = replace(first, facts=facts)
        return _post(out, row, entry, verdict=Verdict.CORRECTED, reason=reason, person_id=person_id)


def refuse(row: JournalEntry, *, reason: str, person_id: int) -> None:
    """Leave it out for good; its bytes stay.

    Raises:
        AlreadyRuled: somebody was quicker.
    """
    with feed.writing(row.merchant_id) as out:
        _open(row)
        _rule(out, row, Verdict.REFUSED, reason=reason, person_id=person_id)


def post_branch(row: JournalEntry, *, reason: str, person_id: int) -> int:
    """Post whatever can be of the branch that a shelved entry of a fork belongs to; how many.

    What is counted already, or moves nothing, is refused in the same breath; the rest stays.
    """
    posted = 0
    for one in list(_branch(row)):
        try:
            post_as_it_is(one, reason=reason, person_id=person_id)
            posted += 1
        except CannotPost as error:
            if error.obstacle in (Obstacle.COUNTED, Obstacle.EMPTY):
                refuse(one, reason=reason, person_id=person_id)
        except AlreadyRuled:
            continue
    return posted


def refuse_branch(row: JournalEntry, *, reason: str, person_id: int) -> int:
    """Leave out the whole branch that a shelved entry of a fork belongs to; how many."""
    refused = 0
    for one in list(_branch(row)):
        with suppress(AlreadyRuled):
            refuse(one, reason=reason, person_id=person_id)
            refused += 1
    return refused


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _entry(row: JournalEntry) -> Entry | Obstacle:
    try:
        found = decode_entry(bytes(row.raw))
    except Garbled:
        return Obstacle.UNREADABLE
    return found if isinstance(found, Entry) else Obstacle.UNKNOWN


def _shelved(
    row: JournalEntry, entry: Entry | Obstacle, counted: dict[str, Facts | None]
) -> Shelved:
    if isinstance(entry, Obstacle):
        return Shelved(row=row, entry=None, obstacle=entry)
    moves = movements_of(entry.facts)
    return Shelved(
        row=row, entry=entry, obstacle=_obstacle(entry, moves, counted), stake=_stake(moves)
    )


def _obstacle(
    entry: Entry, moves: Sequence[Movement], counted: dict[str, Facts | None]
) -> Obstacle | None:
    if absurd(entry, moves):
        return Obstacle.ABSURD
    # the ledger's may have lost its words about somebody who was anonymised since
    if counted.get(entry.id) in (entry.facts, facts_without(entry.facts)):
        return Obstacle.COUNTED
    if not moves and not isinstance(entry.facts, CardsChanged | Joined | Sold | Visited):
        return Obstacle.EMPTY
    return None


def _stake(moves: Iterable[Movement]) -> dict[Kind, int]:
    sums: Counter[Kind] = Counter()
    for move in moves:
        sums[move.account.kind] += move.amount
    return {kind: amount for kind, amount in sums.items() if amount}


def _counted(ids: Iterable[str]) -> dict[str, Facts | None]:
    """What the ledger has under these ids; None where it can't be read any more."""
    known = bulk.select(
        "SELECT event_id, raw FROM ledger_journalentry WHERE event_id IN %s", among=set(ids)
    )
    read_as = {event_id: entry_of(raw) for event_id, raw in known}
    return {event_id: entry.facts if entry else None for event_id, entry in read_as.items()}


def _open(row: JournalEntry) -> JournalEntry:
    """The row, still to be decided about, under the merchant's lock."""
    if Ruling.objects.filter(entry=row).exists() or row.outcome != Outcome.SHELVED:
        raise AlreadyRuled
    return row


def _own_id(row: JournalEntry) -> str:
    return uuid.uuid5(_POSTED_HERE, f"{row.pk} {row.hash}").hex


def _post(
    out: feed.Writing,
    row: JournalEntry,
    entry: Entry,
    *,
    verdict: Verdict,
    reason: str,
    person_id: int,
) -> JournalEntry:
    entry = _free_to_post(row, entry)
    line = _line(row, entry)
    if absurd(entry, line.moves):
        raise CannotPost(Obstacle.ABSURD)
    now = timezone.now()
    posting = Posting(
        out,
        now=now,
        shop_id=row.shop_id,
        terminal=row.terminal,
        segment=row.segment,
        holder=calling.tip(row.segment_id) if row.segment_id else None,
        person_id=person_id,
    )
    posting.load([line])
    # what a refund can't take back is owed
    if not isinstance(entry.facts, Refunded) and _takes_too_much(posting, line.moves):
        raise CannotPost(Obstacle.SHORT)
    posting.make(line, entry)
    posting.store()
    became = JournalEntry.objects.get(event_id=entry.id)
    _rule(out, row, verdict, reason=reason, person_id=person_id, became=became)
    return became


def _free_to_post(row: JournalEntry, entry: Entry) -> Entry:
    """The entry under its own id, or under one of ours where that is taken or no id at all."""
    free = named(entry.id) and entry.id not in _counted([entry.id])
    return entry if free else replace(entry, id=_own_id(row))


def _line(row: JournalEntry, entry: Entry) -> Line:
    """The terminal's own bytes where nothing of them had to be changed."""
    if _entry(row) == entry:
        return Line(0, bytes(row.raw), row.hash, entry, moves=movements_of(entry.facts))
    return own_line(replace(entry, n=0))


def _takes_too_much(posting: Posting, moves: Iterable[Movement]) -> bool:
    taken: Counter[Account] = Counter()
    for move in moves:
        taken[move.account] -= move.amount
        if taken[move.account] > 0 and taken[move.account] > posting.tally.free(move.account):
            return True
    return False


def _rule(
    out: feed.Writing,
    row: JournalEntry,
    verdict: Verdict,
    *,
    reason: str,
    person_id: int,
    became: JournalEntry | None = None,
) -> None:
    """Write the decision down, and close what was open about the entry."""
    now = timezone.now()
    Ruling.objects.create(
        entry=row, became=became, verdict=verdict, reason=reason, person_id=person_id, at=now
    )
    settled = [(IncidentKind.SHELVED, row.hash)]
    if row.why == Why.FORK and row.segment and not _branch(row).exists():
        settled.append((IncidentKind.FORK, row.segment.uuid))
    for kind, subject in settled:
        incidents.close_all(
            kind, subject, merchant_id=out.merchant.pk, note=reason, person_id=person_id, at=now
        )


def _branch(row: JournalEntry) -> QuerySet[JournalEntry]:
    """What nobody has decided about of the branch that a fork's entry belongs to."""
    open_rows = waiting_for_somebody(row.merchant_id)
    return open_rows.filter(segment=row.segment, why=Why.FORK).order_by("n", "pk")
