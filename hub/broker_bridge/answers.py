# SPDX-License-Identifier: Apache-2.0
"""What the hub answers to each message of a terminal, once what it asked is committed."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, InternalError, OperationalError
from django.utils import timezone

from hub.broker_bridge.status import heard
from hub.ledger import elsewhere, grant, listings, post, restored, snapshot
from hub.ledger.snapshots import SnapshotPart
from hub.merchants import feed
from hub.merchants.models import Terminal
from loyalty.wire import (
    LARGEST_FRAME,
    AskFind,
    AskRight,
    AskSale,
    Batch,
    Found,
    FoundSales,
    FromTerminal,
    Gone,
    Health,
    Hello,
    Page,
    Part,
    Poke,
    Poll,
    WantPart,
    encode_fitting,
    encode_frame,
)

log = logging.getLogger(__name__)

DATABASE_FAULTS = (OperationalError, InterfaceError, InternalError)
"""The database is gone, busy or full: that says nothing about the frame at hand."""

SMALL_FEED = 2000
"""Items."""

MOST_FOUND = 20

BEHIND = timedelta(seconds=10)
"""A frame that waited so long is answered with a request to pause."""


def answer_to(
    terminal: Terminal,
    message: FromTerminal,
    lines: Sequence[bytes],
    *,
    received_at: datetime | None = None,
) -> bytes | None:
    """Do what a message asks; the frame that goes back, once everything is committed.

    Args:
        terminal: who asks, and may.
        message: what it asks.
        lines: entries, in a batch.
        received_at: when it came; a hub that is behind asks its terminals to pause.

    Raises:
        NotOurs: nothing may be answered.
    """
    heard(terminal, message)
    match message:
        case Batch():
            late = received_at is not None and timezone.now() - received_at > BEHIND
            credit = 0 if late else post.CREDIT
            answer = post.post(terminal.pk, message, lines, credit=credit, poison=message.opaque)
            return encode_frame(answer)
        case Poll() | AskRight() if _lost(terminal, message):
            return _first_part(terminal, message)
        case Poll():
            return _page(terminal, message)
        case AskRight():
            grant.grant(terminal.pk, message)
            return _page(terminal, message)
        case WantPart():
            return _part(terminal, message)
        case AskFind():
            return _found(terminal, message)
        case AskSale():
            return _found_sales(terminal, message)
        case Hello():
            if message.epoch == feed.epoch() and message.acked > post.watermark(
                terminal.pk, message.segment
            ):
                restored.begin("acknowledged", terminal=terminal.pk)
            latest = feed.position(terminal.merchant_id)
            return encode_frame(Poke(epoch=feed.epoch(), latest=latest))
        case Health() | Gone():
            return None


def one_by_one(
    terminal: Terminal, batch: Batch, lines: Sequence[bytes], *, deadly: bool = False
) -> bytes:
    """Post a batch that has failed as a whole, and shelve the one entry that can't be posted.

    Args:
        terminal: whose it is.
        batch: where it starts.
        lines: its entries.
        deadly: this was tried before and took the process down; what is posted by now was not the
            reason, so it was the first entry that is not.
    """
    heard(terminal, batch)
    posted = post.watermark(terminal.pk, batch.segment)
    for n, line in enumerate(lines, batch.lo):
        single = Batch(terminal=batch.terminal, gen=batch.gen, segment=batch.segment, lo=n)
        poison = batch.opaque or (deadly and n == max(batch.lo, posted + 1))
        try:
            answer = post.post(terminal.pk, single, [line], poison=poison)
        except (*DATABASE_FAULTS, post.NotOurs):
            raise
        except Exception:
            log.exception("entry shelved terminal=%s n=%s", terminal.pk, n)
            answer = post.post(terminal.pk, single, [line], poison=True)
    return encode_frame(answer)


def _found(terminal: Terminal, asked: AskFind) -> bytes:
    merchant = terminal.merchant
    named = listings.customers_named(listings.customers(merchant), merchant, asked.text)
    ids = named.values_list("uuid", flat=True)[:MOST_FOUND]
    return encode_frame(Found(epoch=feed.epoch(), ask=asked.ask, customers=tuple(ids)))


def _found_sales(terminal: Terminal, asked: AskSale) -> bytes:
    """As many as a frame holds; whoever reads it pairs each entry with its place."""
    told = elsewhere.told(terminal, text=asked.text, sale=asked.sale)
    found = FoundSales(epoch=feed.epoch(), ask=asked.ask, at=told.at, barred=told.barred)
    return encode_fitting(found, [bytes(entry.raw) for entry in told.entries])[0]


def _page(terminal: Terminal, asked: Poll | AskRight) -> bytes:
    """The feed after where the terminal stands."""
    found = feed.stretch(terminal, asked.after)
    page = Page(
        epoch=feed.epoch(),
        nonce=asked.nonce,
        after=asked.after,
        to=found.to,
        latest=found.latest,
        word=feed.word_at(terminal.merchant_id, found.to),
        hub_ms=int(timezone.now().timestamp() * 1000),
    )
    frame = encode_frame(page, found.lines)
    # one hub transaction that no frame holds: a snapshot has no such limit
    return frame if len(frame) <= LARGEST_FRAME else _first_part(terminal, asked)


def _first_part(terminal: Terminal, asked: Poll | AskRight) -> bytes:
    made = snapshot.fresh(terminal)
    if made is None or not (made.to > asked.after or _lost(terminal, asked)):
        made = snapshot.make(terminal)
    first = WantPart(
        terminal=asked.terminal, gen=asked.gen, nonce=asked.nonce, snapshot=made.pk, part=1
    )
    return _part(terminal, first)


def _lost(terminal: Terminal, asked: Poll | AskRight) -> bool:
    """Whether pages would not do: a new terminal, another life of the hub, a position ahead of it.

    What it has read may prove that the hub was restored. A small feed is quicker read from its beginning than made into a snapshot.
    """
    merchant = terminal.merchant_id
    if restored.contradicts(merchant, epoch=asked.epoch, after=asked.after, word=asked.word):
        restored.begin("feed", terminal=terminal.pk, after=asked.after)
    if asked.epoch != feed.epoch() and asked.after:
        return True
    latest = feed.position(merchant)
    return asked.after > latest or (asked.after == 0 and latest > SMALL_FEED)


def _part(terminal: Terminal, asked: WantPart) -> bytes:
    number = asked.part
    try:
        made, items = snapshot.part(terminal, asked.snapshot, number)
    except SnapshotPart.DoesNotExist:  # replaced meanwhile: the terminal gets the new one
        number = 1
        made = snapshot.fresh(terminal) or snapshot.make(terminal)
        made, items = snapshot.part(terminal, made.pk, number)
    part = Part(
        epoch=feed.epoch(),
        nonce=asked.nonce,
        snapshot=made.pk,
        part=number,
        parts=made.parts,
        to=made.to,
        word=feed.word_at(terminal.merchant_id, made.to),
    )
    return encode_frame(part, items)
