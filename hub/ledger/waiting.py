# SPDX-License-Identifier: Apache-2.0
"""Entries of a kind that this hub did not know wait, and are posted by the version that does.

A terminal may have been updated before its hub (PROTOCOL 2.8). Its entries were kept in their
place of the chain; posted later, they come to what they would have come to at once.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db import DatabaseError
from django.utils import timezone

from hub.ledger import incidents
from hub.ledger.models import IncidentKind, JournalEntry, Outcome, Segment, SpendingRight
from hub.ledger.opening import is_current
from hub.ledger.post import read_line
from hub.ledger.posting import Line, Posting
from hub.merchants import feed
from loyalty import rights
from loyalty.account import Account, Kind
from loyalty.entry import Entry, Opened
from loyalty.wire import MOST_ENTRIES, Garbled, UnknownEntry, decode_entry

log = logging.getLogger(__name__)

AT_ONCE: Final = MOST_ENTRIES


def post_waiting(*, now: datetime | None = None) -> int:
    """Post every waiting entry that can be read by now, in the order of each journal; how many.

    One that can't be posted goes on waiting and stops none of the others; what was posted is never
    posted again, whoever runs this twice or at once.
    """
    posted = 0
    for some in _known_by_now():
        try:
            posted += _post(some, now or timezone.now())
        except DatabaseError:
            raise
        except Exception:
            log.exception("waiting entries tried one by one, from entry=%s", some[0])
            posted += sum(_post_one(row, now or timezone.now()) for row in some)
    return posted


def _known_by_now() -> Iterator[list[int]]:
    """Rows that read by now: some of one segment at a time, in their order."""
    found = JournalEntry.objects.filter(outcome=Outcome.WAITING).order_by("segment_id", "n")
    rows = found.values_list("pk", "segment_id", "raw")
    for _, of_segment in groupby(list(rows), key=lambda row: row[1]):
        known = [pk for pk, _, raw in of_segment if _reads(bytes(raw))]
        for start in range(0, len(known), AT_ONCE):
            yield known[start : start + AT_ONCE]


def _reads(raw: bytes) -> bool:
    try:
        return not isinstance(decode_entry(raw), UnknownEntry)
    except Garbled:
        return True  # known, and not what it should be: it is shelved


def _post_one(row: int, now: datetime) -> int:
    try:
        return _post([row], now)
    except DatabaseError:
        raise
    except Exception:
        log.exception("entry goes on waiting entry=%s", row)
        return 0


def _post(chosen: Sequence[int], now: datetime) -> int:
    first = JournalEntry.objects.get(pk=chosen[0])
    with feed.writing(first.merchant_id) as out:
        segment = Segment.objects.select_related("terminal__shop").get(journalentry=first)
        rows = list(
            JournalEntry.objects.filter(pk__in=chosen, outcome=Outcome.WAITING).order_by("n")
        )
        lines = [read_line(Line(row.n, bytes(row.raw), row.hash, None)) for row in rows]
        posting = Posting(
            out,
            now=now,
            shop=first.shop,
            terminal=segment.terminal,
            segment=segment,
            counts_held=False,
        )
        posting.load(lines)
        for line, row in zip(lines, rows, strict=True):
            posting.wake(line, row.pk)
        _hold_again(posting, segment, lines)
        posting.store()
        _close(first.merchant_id, {row.kind for row in rows}, now)
    return len(rows)


def _hold_again(posting: Posting, segment: Segment, lines: Sequence[Line]) -> None:
    """Count what the terminal holds of the accounts moved as if nothing had ever waited.

    Entries after these were judged without them: a release of what they earned gave back nothing.
    So the terminal's journal is read again from this segment on.
    """
    terminal = segment.terminal
    later = Segment.objects.filter(terminal=terminal, sound=True, pk__gte=segment.pk)
    line_of = list(later.order_by("pk"))
    if segment not in line_of or not is_current(terminal, line_of[-1]):
        return
    woken = {(segment.pk, line.n): line for line in lines}
    accounts = {move.account for line in lines if line.facts for move in line.moves}
    held: Counter[Account] = Counter()
    for one in line_of:
        held = _replayed(one, held, woken, begins=one == line_of[0])
    for account in accounts:
        kept = posting.tally.of(account)
        if account.kind is not Kind.CARRY:
            room = kept.balance - kept.held_total + kept.held
            kept.hold(max(0, min(held[account], room)))


def _replayed(
    segment: Segment, held: Counter[Account], woken: dict[tuple[int, int], Line], *, begins: bool
) -> Counter[Account]:
    """What the terminal holds at the end of a segment, given what it held at the end of the last."""
    grants = SpendingRight.objects.filter(terminal=segment.terminal, segment=segment.uuid)
    granted = grants.exclude(account=None).select_related("account")
    now: Counter[Account] = Counter()
    for right in granted:
        if row := right.account:
            now[Account(Kind(row.kind), row.owner, row.key)] += right.amount
    entries = JournalEntry.objects.filter(segment=segment, outcome=Outcome.POSTED).order_by("n")
    read = [decode_entry(bytes(raw)) for raw in entries.values_list("raw", flat=True)]
    known = [entry for entry in read if isinstance(entry, Entry)]
    known += [line.read for (pk, _), line in woken.items() if pk == segment.pk and line.facts]  # type: ignore[misc]
    for entry in known:
        if isinstance(entry.facts, Opened):
            for hold in entry.facts.holds:
                now[hold.account] += hold.amount if begins else min(hold.amount, held[hold.account])
        now.update(rights.changes(entry.facts))
    return now


def _close(merchant_id: str, kinds: set[str], now: datetime) -> None:
    """Nobody needs to look at what the hub could settle after all."""
    left = JournalEntry.objects.filter(
        merchant_id=merchant_id, outcome=Outcome.WAITING, kind__in=kinds
    )
    for kind in kinds - set(left.values_list("kind", flat=True)):
        incidents.close_all(
            IncidentKind.WAITING, kind, merchant_id=merchant_id, note="", person_id=None, at=now
        )
