# SPDX-License-Identifier: Apache-2.0
"""Entries that wait in their place of the chain; posted later, they come to what they would have.

Of a kind that this hub does not know, for the version that does: a terminal may be updated before
its hub (PROTOCOL 2.8). Refunds of a sale that a restored hub lacks, for who made it (RIGHTS 22).
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db import DatabaseError
from django.utils import timezone

from hub.ledger import awards, calling, counting, incidents, missing, purchasing, settling
from hub.ledger.line import Line, read_line
from hub.ledger.models import IncidentKind, JournalEntry, Segment
from hub.ledger.posting import Posting
from hub.ledger.tally import Tally
from hub.merchants import feed
from loyalty import rights
from loyalty.account import rest_of
from loyalty.entry import Refunded
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
            posted += _post_chosen(some, now or timezone.now())
        except DatabaseError:
            raise
        except Exception:
            log.exception("waiting entries tried one by one, from entry=%s", some[0])
            posted += sum(_post_one(row, now or timezone.now()) for row in some)
    return posted


def post_refunds(out: feed.Writing) -> None:
    """Post the refunds whose sales have come; all of them, once everybody has been heard.

    Those of which nobody will ever say more than what they say take nothing back of the customer.
    """
    merchant_id = out.merchant.pk
    waiting = list(missing.refunds(merchant_id))
    if waiting and missing.awaits(merchant_id):
        sales = JournalEntry.objects.filter(event_id__in=[one.sale for _, one in waiting])
        came = set(sales.values_list("event_id", flat=True))
        waiting = [(row, one) for row, one in waiting if one.sale in came]
    for row, _ in waiting:
        try:
            with out.apart():
                _post(out, [row], timezone.now())
        except DatabaseError:
            raise
        except Exception:
            log.exception("refund goes on waiting entry=%s", row.pk)


def uncount_refunds(out: feed.Writing) -> None:
    """A hub goes on though refunds wait on: what they gave is there once they are posted.

    While everything was believed, a later header of their tills may have said that it is held.
    """
    for row, refund in missing.refunds(out.merchant.pk):
        gives = {account: n for account, n in rights.changes(refund).items() if n > 0}
        tip = calling.tip(row.segment_id or 0)
        if gives and tip.pk != row.segment_id:
            tally = Tally(out.merchant.pk, tip.pk)
            tally.load(gives)
            for account, amount in gives.items():
                tally.release(account, amount)
            tally.store()


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _known_by_now() -> Iterator[list[int]]:
    """Rows that read by now: some of one segment at a time, in their order, refunds apart."""
    found = missing.waiting().order_by("segment_id", "n")
    rows = found.values_list("segment_id", "kind", "pk", "raw")
    for _, some in groupby(list(rows), key=lambda row: (row[0], row[1] == missing.REFUNDED)):
        known = [pk for *_, pk, raw in some if _reads(bytes(raw))]
        for start in range(0, len(known), AT_ONCE):
            yield known[start : start + AT_ONCE]


def _reads(raw: bytes) -> bool:
    try:
        return not isinstance(decode_entry(raw), UnknownEntry)
    except Garbled:
        return True  # known, and not what it should be: it is shelved


def _post_one(row: int, now: datetime) -> int:
    try:
        return _post_chosen([row], now)
    except DatabaseError:
        raise
    except Exception:
        log.exception("entry goes on waiting entry=%s", row)
        return 0


def _post_chosen(chosen: Sequence[int], now: datetime) -> int:
    first = JournalEntry.objects.get(pk=chosen[0])
    with feed.writing(first.merchant_id) as out:
        rows = missing.waiting().filter(pk__in=chosen)
        return _post(out, list(rows.order_by("n")), now) if rows else 0


def _post(out: feed.Writing, rows: Sequence[JournalEntry], now: datetime) -> int:
    """Post some rows of one segment, refunds or others; how many need not wait any more."""
    segment = Segment.objects.select_related("terminal").get(journalentry=rows[0])
    lines = [read_line(Line(row.n, bytes(row.raw), row.hash, None)) for row in rows]
    tip = calling.tip(segment.pk)
    refunds, followed = rows[0].kind == missing.REFUNDED, tip.pk != segment.pk
    # what waited since the hub was restored comes before every header that was believed
    believed = refunds and followed and out.merchant.suspended_at is not None
    posting = Posting(
        out,
        now=now,
        shop_id=rows[0].shop_id,
        terminal=segment.terminal,
        segment=segment,
        # what it earned may rest at its till; counted too high, the next header puts it right
        holder=tip,
        said=believed,
    )
    posting.load(lines)
    ready = [pair for pair in zip(lines, rows, strict=True) if not posting.too_early(pair[0])]
    if not ready:
        return 0
    for line, row in ready:
        if followed and not believed and isinstance(line.facts, Refunded):
            _count_again(posting, line.facts)
        posting.wake(line, row.pk)
    posting.store()
    woken = [row.pk for _, row in ready]
    awards.read_late(out.merchant, woken)
    counting.count_late(out.merchant, woken)
    purchasing.keep_late(out.merchant, woken)
    _close(out.merchant.pk, [line for line, _ in ready], {row.kind for _, row in ready}, now)
    _settle(out, segment)
    return len(woken)


def _count_again(posting: Posting, refund: Refunded) -> None:
    """Count what a refund spent before a header that did not say it any more: it is taken now."""
    spent = {account: -n for account, n in rights.changes(refund).items() if n < 0}
    rest = posting.tally.of(rest_of(refund.sale))
    before = rest.held
    posting.rests.touch(refund.sale)
    if rest.held > before:  # it is held whole since a moment ago
        spent.pop(rest.account, None)
    for account, amount in spent.items():
        kept = posting.tally.of(account)
        kept.hold(kept.held + amount)


def _settle(out: feed.Writing, segment: Segment) -> None:
    """Nothing of the terminal waits any more: what was lacking is covered, or lost."""
    terminal = segment.terminal
    if not missing.waiting().filter(terminal=terminal).exists():
        terminal.waits = False
        terminal.save(update_fields=["waits"])
        if not out.merchant.suspended_at:
            settling.settle(out, holder=calling.tip(segment.pk).pk)


def _close(merchant_id: str, lines: Sequence[Line], kinds: set[str], now: datetime) -> None:
    """Nobody needs to look at what the hub could settle after all."""
    left = missing.waiting().filter(merchant_id=merchant_id, kind__in=kinds)
    unknown = kinds - set(left.values_list("kind", flat=True))
    came = {line.facts.sale for line in lines if isinstance(line.facts, Refunded)}
    for what, subject in (
        *((IncidentKind.WAITING, kind) for kind in unknown),
        *((IncidentKind.EARLY, sale) for sale in came),
    ):
        incidents.close_all(what, subject, merchant_id=merchant_id, note="", person_id=None, at=now)
