# SPDX-License-Identifier: Apache-2.0
"""Entries of a kind that this hub did not know wait, and are posted by the version that does.

A terminal may have been updated before its hub (PROTOCOL 2.8). Its entries were kept in their
place of the chain; posted later, they come to what they would have come to at once.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db import DatabaseError
from django.utils import timezone

from hub.ledger import awards, calling, counting, incidents, purchasing, restored
from hub.ledger.line import Line, read_line
from hub.ledger.models import IncidentKind, JournalEntry, Outcome, Segment
from hub.ledger.posting import Posting
from hub.merchants import feed
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
    found = found.exclude(kind="refunded", merchant__suspended_at__isnull=False)
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
        segment = Segment.objects.select_related("terminal").get(journalentry=first)
        rows = list(
            JournalEntry.objects.filter(pk__in=chosen, outcome=Outcome.WAITING).order_by("n")
        )
        lines = [read_line(Line(row.n, bytes(row.raw), row.hash, None)) for row in rows]
        posting = Posting(
            out,
            now=now,
            shop_id=first.shop_id,
            terminal=segment.terminal,
            segment=segment,
            # what it earned may rest at its till; counted too high, the next header puts it right
            holder=calling.tip(segment.pk),
        )
        posting.load(lines)
        for line, row in zip(lines, rows, strict=True):
            posting.wake(line, row.pk)
        posting.store()
        awards.read_late(out.merchant, [row.pk for row in rows])
        counting.count_late(out.merchant, [row.pk for row in rows])
        purchasing.keep_late(out.merchant, [row.pk for row in rows])
        _close(first.merchant_id, {row.kind for row in rows}, now)
        _settle(out, segment)
    return len(rows)


def _settle(out: feed.Writing, segment: Segment) -> None:
    """Nothing of the terminal waits any more: what was lacking is covered, or lost."""
    terminal = segment.terminal
    if not JournalEntry.objects.filter(terminal=terminal, outcome=Outcome.WAITING).exists():
        terminal.waits = False
        terminal.save(update_fields=["waits"])
        if not out.merchant.suspended_at:
            restored.settle(out, holder=calling.tip(segment.pk).pk)


def _close(merchant_id: str, kinds: set[str], now: datetime) -> None:
    """Nobody needs to look at what the hub could settle after all."""
    left = JournalEntry.objects.filter(
        merchant_id=merchant_id, outcome=Outcome.WAITING, kind__in=kinds
    )
    for kind in kinds - set(left.values_list("kind", flat=True)):
        incidents.close_all(
            IncidentKind.WAITING, kind, merchant_id=merchant_id, note="", person_id=None, at=now
        )
