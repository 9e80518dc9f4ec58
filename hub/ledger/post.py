# SPDX-License-Identifier: Apache-2.0
"""The only way into the ledger: a terminal's batch, or an entry that the hub makes itself.

One database transaction checks the chain, gives each entry its outcome, moves balances and what is
held, tells the feed and moves the watermark. Whatever is sent again gets the same answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils import timezone

from hub.ledger import calling, incidents, restored
from hub.ledger.dating import hour_of
from hub.ledger.line import Line, read_line
from hub.ledger.models import Held, IncidentKind, JournalEntry, Outcome, Segment, Why
from hub.ledger.opening import Earlier, judge, open_segment, take_over
from hub.ledger.posting import Posting
from hub.ledger.redacting import bytes_without
from hub.ledger.sanity import named
from hub.merchants import bulk, feed
from hub.merchants.models import Terminal
from loyalty.entry import Entry, Opened
from loyalty.feed import Covered
from loyalty.wire import (
    EARLIER,
    GENESIS,
    MOST_ENTRIES,
    Ack,
    Batch,
    Nack,
    chain,
)

CREDIT: Final = 100_000
"""Entries a second: as fast as the terminal can."""

_STORED: Final = f"""
SELECT n, hash FROM ledger_journalentry
WHERE segment_id = %s AND n BETWEEN %s AND %s AND NOT why = '{Why.FORK}'
"""  # noqa: S608 (our own word)


class NotOurs(Exception):
    """A frame of a terminal that is not enrolled, of a closed generation, or under another name."""


def post(
    terminal_id: str,
    batch: Batch,
    lines: Sequence[bytes],
    *,
    now: datetime | None = None,
    credit: int = CREDIT,
    poison: bool = False,
) -> Ack | Nack:
    """Post a batch; the answer may be sent as soon as this returns: everything is committed.

    Args:
        terminal_id: whose topic it came on.
        batch: says which segment, and the number of the first line.
        lines: entries as the terminal wrote them.
        now: when it came.
        credit: entries a second that the terminal may send from now on; 0: pause.
        poison: shelve the lines unread; they took this process down before.

    Raises:
        NotOurs: nothing was looked at and nothing may be answered.
    """
    now = now or timezone.now()
    known = feed.merchant_of(terminal_id)
    if known is None or batch.terminal != terminal_id:
        raise NotOurs(terminal_id)
    epoch = feed.epoch()
    with feed.writing(known) as out:
        terminal = bulk.one(Terminal, "WHERE id = %s", terminal_id)
        if terminal is None or batch.gen != terminal.gen or terminal.retired_at:
            raise NotOurs(f"{terminal_id} gen {batch.gen}")
        if not named(batch.segment) or not 1 <= len(lines) <= MOST_ENTRIES:
            return _nack(batch, want=0, code="unreadable")
        # of a segment of which nothing was posted there is no row: nobody may take it for covered
        segment = calling.segment_of(terminal_id, batch.segment) or Segment(
            terminal=terminal, uuid=batch.segment
        )
        if batch.lo > segment.watermark + 1 and batch.lost and _is_hash(batch.before):
            _skip(out, terminal, segment, batch, now=now)
        if not 1 <= batch.lo <= segment.watermark + 1:
            return _nack(batch, want=segment.watermark + 1, code="gap")
        chained = _chained(segment, batch.lo, lines)
        if branch := _branch(segment, chained):
            _keep_branch(out, terminal, segment, branch, now=now)
            return _nack(batch, want=segment.watermark + 1, code="fork")
        if new := chained[segment.watermark + 1 - batch.lo :]:
            try:
                _post(out, terminal, segment, new, now=now, poison=poison, lost=batch.lost)
            except Earlier as earlier:
                return Nack(epoch=epoch, segment=earlier.segment, want=earlier.want, code=EARLIER)
        # no further than what came: a card that was put back knows no more of its segment
        return Ack(
            epoch=epoch,
            segment=batch.segment,
            upto=chained[-1].n,
            head=chained[-1].hash,
            latest=out.latest,
            credit=credit,
            hub_ms=int(now.timestamp() * 1000),
        )


def watermark(terminal_id: str, segment: str) -> int:
    """Number of the last entry of a segment that has its outcome; 0: none."""
    found = calling.segment_of(terminal_id, segment)
    return found.watermark if found else 0


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _nack(batch: Batch, *, want: int, code: str) -> Nack:
    return Nack(epoch=feed.epoch(), segment=batch.segment, want=want, code=code)


def _chained(segment: Segment, lo: int, lines: Sequence[bytes]) -> list[Line]:
    """The lines with their numbers and their hashes, unread."""
    if lo == 1:
        head = GENESIS
    elif lo == segment.watermark + 1:
        head = bytes.fromhex(segment.head)
    else:
        head = bytes.fromhex(_stored(segment, lo - 1, lo - 1)[lo - 1])
    chained = []
    for n, raw in enumerate(lines, lo):
        head = chain(head, raw)
        chained.append(Line(n, raw, head.hex(), None))
    return chained


def _stored(segment: Segment, first: int, last: int) -> dict[int, str]:
    return dict(bulk.select(_STORED, segment.pk, first, last))


def _branch(segment: Segment, chained: list[Line]) -> list[Line]:
    """The lines from the first that is not what the hub has under the same number."""
    known = [line for line in chained if line.n <= segment.watermark]
    if not known:
        return []
    stored = _stored(segment, known[0].n, known[-1].n)
    first = next((line.n for line in known if line.hash != stored[line.n]), None)
    return [] if first is None else [line for line in chained if line.n >= first]


def _keep_branch(
    out: feed.Writing,
    terminal: Terminal,
    segment: Segment,
    branch: list[Line],
    *,
    now: datetime,
) -> None:
    """Two journals under one number: the hub keeps its own, shelves the other, tells a person."""
    rows = [
        JournalEntry(
            merchant=out.merchant,
            shop_id=terminal.shop_id,
            terminal=terminal,
            segment=segment,
            n=line.n,
            at=now,
            hour=hour_of(now),
            dated=False,
            posted_at=now,
            raw=line.raw,
            hash=line.hash,
            outcome=Outcome.SHELVED,
            why=Why.FORK,
        )
        for line in branch
    ]
    JournalEntry.objects.bulk_create(rows, ignore_conflicts=True)
    segment.forked = True
    segment.save(update_fields=["forked"])
    incidents.note(
        IncidentKind.FORK,
        at=now,
        merchant_id=out.merchant.pk,
        terminal_id=terminal.pk,
        subject=segment.uuid,
        n=branch[0].n,
    )


def _post(
    out: feed.Writing,
    terminal: Terminal,
    segment: Segment,
    chained: list[Line],
    *,
    now: datetime,
    poison: bool,
    lost: bool,
) -> None:
    lines = _read(chained, poison=poison)
    first = lines[0].facts
    opening = None
    if lines[0].n == 1 and isinstance(first, Opened):
        opening = judge(out.merchant, terminal, first, lost=lost)
        take_over(segment, opening, now=now)
    elif lines[0].n == 1:  # its header can not be read
        segment.save()
    posting = Posting(out, now=now, shop_id=terminal.shop_id, terminal=terminal, segment=segment)
    posting.load(lines, everything_held=opening is not None)
    if opening:
        open_segment(out, posting, terminal, segment, opening, now=now)
    followed = segment.follower_id or segment.dead or not segment.opened_at
    late = not opening and followed and not segment.signed_off
    if late:
        posting.note(IncidentKind.LATE, segment.uuid, first=lines[0].n, followed=segment.followed_n)
    for line in lines:
        posting.take(line)
    posting.store()
    # only now: what its late entries have earned is held there, and has to come back too; whoever
    # holds nothing is not asked, or its answer, late itself, would be asked about again
    if late and Held.objects.filter(segment=segment, amount__gt=0).exists():
        calling.call_in(out, terminal, segment.hw_id, now=now)
    segment.watermark, segment.head = lines[-1].n, lines[-1].hash
    segment.wall_minus_mono_ms = posting.calendar.wall_minus_mono_ms
    bulk.keep(segment, "watermark", "head", "wall_minus_mono_ms")
    out.say(Covered(segment=segment.uuid, n=segment.watermark), to=feed.to_terminal(terminal.pk))
    if opening or out.merchant.suspended_at:
        restored.look(out)


def _skip(
    out: feed.Writing, terminal: Terminal, segment: Segment, batch: Batch, *, now: datetime
) -> None:
    """Its terminal has not any more what is wanted: go on after it, and tell a person."""
    incidents.note(
        IncidentKind.LOST,
        at=now,
        merchant_id=out.merchant.pk,
        terminal_id=terminal.pk,
        subject=segment.uuid,
        first=segment.watermark + 1,
        last=batch.lo - 1,
    )
    segment.lost += batch.lo - 1 - segment.watermark
    segment.watermark, segment.head = batch.lo - 1, batch.before
    segment.save()


def _is_hash(text: str) -> bool:
    return len(text) == len(GENESIS.hex()) and not set(text) - set("0123456789abcdef")


def _read(chained: list[Line], *, poison: bool) -> list[Line]:
    """The lines as they read, and why the hub can't take some of them."""
    if poison:
        return [replace(line, why=Why.POISON) for line in chained]
    lines = [read_line(line) for line in chained]
    ids = [line.read.id for line in lines if line.read and not line.why]
    known = dict(
        bulk.select("SELECT event_id, raw FROM ledger_journalentry WHERE event_id IN %s", among=ids)
    )
    for i, line in enumerate(lines):
        if line.read is None or line.why:
            continue
        if line.read.id in known:
            raws = (line.raw, *([bytes_without(line.read)] if isinstance(line.read, Entry) else ()))
            same = bytes(known[line.read.id]) in raws
            lines[i] = replace(line, why=Why.REPEATED if same else Why.ALTERED)
        else:
            known[line.read.id] = line.raw
    return lines
