# SPDX-License-Identifier: Apache-2.0
"""What the hub answers to each message of a terminal, inside the transaction that did it."""

import logging
from collections.abc import Sequence

from django.db import OperationalError
from django.utils import timezone

from hub.broker_bridge.status import heard
from hub.ledger import grant, post, statements
from hub.merchants import feed, snapshot
from hub.merchants.models import Terminal
from loyalty.wire import (
    AskFind,
    AskRight,
    Batch,
    Found,
    FromTerminal,
    Gone,
    Health,
    Hello,
    Page,
    Poke,
    Poll,
    WantPart,
    encode_frame,
)

log = logging.getLogger(__name__)


def answer_to(terminal: Terminal, message: FromTerminal, lines: Sequence[bytes]) -> bytes | None:
    """Do what a message asks; the frame that goes back, once everything is committed."""
    heard(terminal, message)
    match message:
        case Batch():
            return encode_frame(post.post(terminal.pk, message, lines))
        case Poll():
            return _page(terminal, message)
        case AskRight():
            if not snapshot.needed(terminal, message):
                grant.grant(terminal, message)
            return _page(terminal, message)
        case WantPart():
            part, items = snapshot.part(terminal, message)
            return encode_frame(part, items)
        case AskFind():
            customers = statements.find_customers(terminal.merchant, message.text)
            found = Found(epoch=feed.epoch(), ask=message.ask, customers=tuple(customers))
            return encode_frame(found)
        case Hello():
            latest = feed.position(terminal.merchant_id)
            return encode_frame(Poke(epoch=feed.epoch(), latest=latest))
        case Health() | Gone():
            return None


def one_by_one(terminal: Terminal, batch: Batch, lines: Sequence[bytes]) -> bytes:
    """Post a batch that has failed as a whole, and shelve the one entry that can't be posted."""
    heard(terminal, batch)
    for i, line in enumerate(lines):
        single = Batch(
            terminal=batch.terminal, gen=batch.gen, segment=batch.segment, lo=batch.lo + i
        )
        try:
            answer = post.post(terminal.pk, single, [line])
        except OperationalError:
            raise
        except Exception:
            log.exception("entry shelved terminal=%s n=%s", terminal.pk, single.lo)
            answer = post.post(terminal.pk, single, [line], poison=True)
    return encode_frame(answer)


def _page(terminal: Terminal, asked: Poll | AskRight) -> bytes:
    """The feed after where the terminal stands, or the first part of a snapshot."""
    if snapshot.needed(terminal, asked):
        part, items = snapshot.first_part(terminal, asked.nonce)
        return encode_frame(part, items)
    found = feed.stretch(terminal, asked.after)
    page = Page(
        epoch=feed.epoch(),
        nonce=asked.nonce,
        after=asked.after,
        to=found.to,
        latest=found.latest,
        hub_ms=int(timezone.now().timestamp() * 1000),
    )
    return encode_frame(page, found.lines)
