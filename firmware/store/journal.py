# SPDX-License-Identifier: Apache-2.0
"""The terminal's journal, which is its outbox too: what happened, in order, never changed.

Kiosk and sync both append: the head of the chain is read and extended in one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from firmware.faults import Left, StoreFault
from firmware.store import cards, cursors, mend, own, replica, rests, sales
from firmware.store.clock import Clock
from firmware.store.database import Database
from firmware.store.token import Place
from loyalty import rights
from loyalty.account import Holding
from loyalty.entry import (
    CardsChanged,
    Entry,
    Facts,
    Joined,
    Opened,
    OptedIn,
    Released,
    SignedOff,
    Sold,
)
from loyalty.feed import CustomerIs, SaleSeen
from loyalty.wire import (
    GENESIS,
    LARGEST_FRAME,
    MOST_ENTRIES,
    Garbled,
    chain,
    decode_entry,
    encode_entry,
    encode_frame,
)
from loyalty.wire import Batch as BatchSaid


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of the journal that one boot writes."""

    seq: int
    id: str
    boot: str
    gen: int
    """Of the enrolment under which it was opened."""
    n: int
    """Its last entry."""
    head: bytes
    """The hash of that entry."""
    acked: int
    """Its last entry that the hub has acknowledged."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries lo, lo + 1, … of one segment, as they were written."""

    segment: str
    lo: int
    raws: tuple[bytes, ...]


SMALL_ENTRY: Final = 45_000
"""Bytes: whatever it compresses to it fits into a frame, even in base 64."""
MOST_HELD: Final = 1_800
"""Accounts that a segment's header can state: it has to fit into one frame."""
MOST_RESTS: Final = 200
"""The same, of rests of sales that somebody has touched."""


# ── writing ─────────────────────────────────────────────────────────────────────────────────────


def open_segment(
    db: Database, *, clock: Clock, new_id: Callable[[], str], gen: int, hw_id: str, software: str
) -> Segment:
    """Go on with this boot's segment, or open one; kiosk and sync both call it when they start.

    A new one is needed after a reboot or an enrolment, when the token in RAM is missing or knows
    more than the file does (then the file is an older one than this boot has written), and after
    a snapshot: grants that it skipped are void, and the header says what is held instead
    (RIGHTS 1, 14).
    """
    with db.atomic():
        last = current_segment(db)
        boot = clock.stamp().boot_id
        report_due = db.run("DELETE FROM setting WHERE name = 'report_due'")
        if last and signed_off(db) == gen:
            return last
        same = last and (last.boot, last.gen) == (boot, gen) and not report_due
        if last and same and _token_fits(db, last):
            return last
        _check_chain(db, last)
        heard = own.is_heard(db)
        seq = last.seq + 1 if last else 1
        db.run(
            "INSERT INTO segment (seq, id, boot, gen, n, head) VALUES (?, ?, ?, ?, 0, ?)",
            *(seq, new_id(), boot, gen, GENESIS),
        )
        rests.begin(db, most=MOST_RESTS)
        own.begin(db, most=MOST_HELD)
        facts = Opened(
            gen=gen,
            hw_id=hw_id,
            prev_segment=last.id if last else "",
            prev_n=last.n if last else 0,
            prev_head=last.head.hex() if last else "",
            software=software,
            epoch=cursors.position(db).epoch,
            holds=own.held(db),
            rests=rests.touched(db),
            heard=heard,
            sold_since=rests.since(db),
        )
        append(db, facts, clock=clock, new_id=new_id)
        return _current(db)


def append(
    db: Database, facts: Facts, *, clock: Clock, new_id: Callable[[], str], staff: str = ""
) -> Entry:
    """Write down what happened, with everything it changes here, in one durable transaction.

    Inside the caller's own `atomic` it becomes durable with it.

    Raises:
        StoreFault: nothing was written; Left after this enrolment has signed off.
        BadRow: it spends more than this till's right.
        ValueError: it is too large to be sent.
    """
    with db.atomic():
        segment = _current(db)
        if signed_off(db) == segment.gen:
            raise Left
        if segment.n and _token_ahead(db, segment):  # a header says itself what it follows
            raise db.distrust()
        entry = Entry(id=new_id(), n=segment.n + 1, stamp=clock.stamp(), staff=staff, facts=facts)
        raw = encode_entry(entry)
        if len(raw) > SMALL_ENTRY and not _fits(raw, segment.id):
            raise ValueError(f"an entry of {len(raw)} bytes fits into no frame")
        head = chain(segment.head, raw)
        spent = rights.spent_cents(facts, replica.programme(db)) if rights.spends(facts) else 0
        db.run(
            "INSERT INTO entry (segment, n, id, kind, raw, hash, spent)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(segment.seq, entry.n, entry.id, entry.kind, raw, head, spent),
        )
        db.run(
            "UPDATE segment SET n = ?, head = ?, unheard = unheard + ? WHERE seq = ?",
            *(entry.n, head, spent, segment.seq),
        )
        took = own.post(db, facts, segment=segment.seq, n=entry.n)
        if took and not isinstance(facts, Released) and not own.is_heard(db):
            _use_allowance(db, took)
        sales.note(db, entry, segment=segment.seq)
        show_at_once(db, entry, side=replica.side_in_use(db))
        db.after_commit(lambda: db.token.write(Place(segment.id, entry.n, head)))
    return entry


def sign_off(db: Database, *, clock: Clock, new_id: Callable[[], str]) -> None:
    """Write the last entry of this enrolment: nothing can be written after it."""
    with db.atomic():
        gen = _current(db).gen
        append(db, SignedOff(gen=gen), clock=clock, new_id=new_id)
        db.run("INSERT OR REPLACE INTO setting VALUES ('signed_off', ?)", gen)


def show_at_once(db: Database, entry: Entry, *, side: int) -> None:
    """What the look-ups know of an own entry before the hub has said it back."""
    match entry.facts:
        case Joined() as joined:
            known = CustomerIs(
                id=joined.customer,
                first_name=joined.first_name,
                initial=joined.initial,
                codes=(joined.code,) if joined.code else (),
                hashes=joined.hashes,
                member=joined.member,
            )
            replica.apply(db, known, side=side)
        case CardsChanged() as changed:
            cards.cards_changed(db, changed, side=side)
        case OptedIn(customer=customer):
            replica.opted_in(db, customer, side=side)
        case Sold(customer=str(customer)) as sold:
            seen = SaleSeen(
                id=entry.id, customer=customer, wall_ms=entry.stamp.wall_ms, points=sold.points
            )
            replica.apply(db, seen, side=side)
        case _:
            pass


def acknowledge(db: Database, segment: str, *, upto: int, head: str) -> bool:
    """Note that the hub has everything up to there, if it has what we have.

    Returns:
        False where the hub's hash is not ours: it has other entries, and these stay waiting.
    """
    with db.atomic():
        found = db.row(
            "SELECT s.seq, e.hash FROM segment s JOIN entry e ON e.segment = s.seq AND e.n = ?"
            " WHERE s.id = ?",
            *(upto, segment),
        )
        if found is None or found[1].hex() != head:
            return False
        seq = found[0]
        if db.run("UPDATE segment SET acked = ? WHERE seq = ? AND acked < ?", upto, seq, upto):
            count_unheard(db, seq)
    return True


def count_unheard(db: Database, seq: int) -> None:
    """Add up anew what a segment handed out: the hub has acknowledged more of it, or less."""
    db.run(
        "UPDATE segment SET unheard = coalesce((SELECT sum(spent) FROM entry"
        " WHERE segment = seq AND n > acked AND spent > 0), 0) WHERE seq = ?",
        seq,
    )


def _use_allowance(db: Database, took: Iterable[Holding]) -> None:
    """Old rights that are spent before the hub was heard: only the hub gives their like again."""
    programme = replica.programme(db)
    cents = sum(rights.worth_cents(hold.account, hold.amount, programme) for hold in took)
    db.run("UPDATE setting SET value = value - ? WHERE name = 'allowance'", cents)


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def current_segment(db: Database) -> Segment | None:
    """The segment that is written to."""
    found = db.row(
        "SELECT seq, id, boot, gen, n, head, acked FROM segment ORDER BY seq DESC LIMIT 1"
    )
    return Segment(*found) if found else None


def before(db: Database, segment: str) -> str:
    """The segment that one follows; empty: it is the first of this card."""
    read = "SELECT p.id FROM segment s JOIN segment p ON p.seq = s.seq - 1 WHERE s.id = ?"
    found = db.row(read, segment)
    return str(found[0]) if found else ""


def signed_off(db: Database) -> int:
    """The enrolment under which this terminal has signed off; 0: it has not."""
    found = db.row("SELECT value FROM setting WHERE name = 'signed_off'")
    return int(found[0]) if found else 0


def has_left(db: Database) -> bool:
    """Whether nothing can be written any more before this terminal is enrolled again."""
    segment = current_segment(db)
    return segment is not None and signed_off(db) == segment.gen


def unheard_cents(db: Database) -> int:
    """Value that was handed out by entries which the hub has not acknowledged (RIGHTS 5)."""
    found = db.row("SELECT sum(unheard) FROM segment WHERE acked < n")
    return int(found[0] or 0) if found else 0


def header_posted(db: Database) -> bool:
    """Whether the hub knows what the current segment holds: before, it can't grant for it."""
    found = db.row("SELECT acked FROM segment ORDER BY seq DESC LIMIT 1")
    return bool(found and found[0])


def waiting(db: Database) -> int:
    """Entries that the hub has not acknowledged."""
    found = db.row("SELECT sum(n - acked) FROM segment WHERE acked < n")
    return int(found[0] or 0) if found else 0


def is_waiting(db: Database, entry_id: str) -> bool:
    """Whether the hub has yet to acknowledge this entry."""
    return bool(
        db.row(
            "SELECT 1 FROM entry e JOIN segment s ON s.seq = e.segment"
            " WHERE e.id = ? AND e.n > s.acked",
            entry_id,
        )
    )


def batch_to_send(
    db: Database, *, most: int = MOST_ENTRIES, start: tuple[str, int] | None = None
) -> Batch | None:
    """The oldest entries that wait, of one segment; None: nothing waits.

    Args:
        start: segment and number that the hub wants to begin at, acknowledged before or not;
            nothing is sent where that entry has left the archive.
    """
    found = (
        db.row("SELECT seq, id, ? FROM segment WHERE id = ?", start[1], start[0])
        if start
        else db.row("SELECT seq, id, acked + 1 FROM segment WHERE acked < n ORDER BY seq LIMIT 1")
    )
    if found is None:
        return None
    seq, segment, lo = found
    read = "SELECT n, raw, hash FROM entry WHERE segment = ? AND n >= ? ORDER BY n LIMIT ?"
    rows = db.rows(read, seq, lo, most)
    if not rows or rows[0][0] != lo:
        return None
    if not mend.sound(db, seq, rows):
        mend.mend(db, seq, lo)
        rows = db.rows(read, seq, lo, most)
    return Batch(segment, lo, tuple(raw for _, raw, _ in rows))


def entry(db: Database, entry_id: str) -> Entry | None:
    """An entry of this terminal by its id."""
    found = db.row("SELECT raw FROM entry WHERE id = ?", entry_id)
    return _read(found[0]) if found else None


def entries_after(db: Database, place: tuple[int, int]) -> list[tuple[int, Entry]]:
    """Own entries after a segment and number, each with its segment, oldest first."""
    found = db.rows(
        "SELECT segment, raw FROM entry WHERE (segment, n) > (?, ?) ORDER BY segment, n", *place
    )
    known = ((segment, _read(raw)) for segment, raw in found)
    return [(segment, entry) for segment, entry in known if entry]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _check_chain(db: Database, last: Segment | None) -> None:
    """The next header vouches for the segment before: SQLite's own check sees no damaged text.

    Raises:
        StoreFault: a byte of it is not what was written.
    """
    found = db.row("SELECT gone_head FROM segment WHERE seq = ?", last.seq) if last else None
    if last is None or found is None:
        return
    head = found[0] or GENESIS
    for raw, stored in db.rows(
        "SELECT raw, hash FROM entry WHERE segment = ? ORDER BY n", last.seq
    ):
        head = chain(head, raw)
        if head != stored:
            raise StoreFault(permanent=True)


def _current(db: Database) -> Segment:
    found = current_segment(db)
    if found is None:
        raise ValueError("nothing is written before open_segment")
    return found


def _read(raw: bytes) -> Entry | None:
    try:
        known = decode_entry(raw)
    except Garbled:  # the card altered it: the hub has it on its shelf
        return None
    return known if isinstance(known, Entry) else None


def _token_ahead(db: Database, current: Segment) -> bool:
    """Whether this boot has written more than the file has by now, or something else."""
    place = db.token.read()
    if place is None:
        return False
    n, head = current.n, current.head
    if place.segment != current.id:  # the other process has just opened the current one
        n, head = db.row("SELECT n, head FROM segment WHERE id = ?", place.segment) or (0, b"")
    return place.n > n or (place.n == n and place.head != head)


def _token_fits(db: Database, segment: Segment) -> bool:
    """Whether the file has at least what this boot's token in RAM says was written."""
    place = db.token.read()
    if place is None or place.segment != segment.id:
        return False
    found = db.row("SELECT hash FROM entry WHERE segment = ? AND n = ?", segment.seq, place.n)
    return found is not None and found[0] == place.head


def _fits(raw: bytes, segment: str) -> bool:
    """Whether a frame can carry an entry, with a little room for the names in it."""
    alone = BatchSaid(terminal="", gen=0, segment=segment, lo=1)
    return len(encode_frame(alone, [raw])) < LARGEST_FRAME - 512
