# SPDX-License-Identifier: Apache-2.0
"""What the hub answers to each message of a terminal, inside the transaction that did it."""

from collections.abc import Sequence

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


def answer_to(
    terminal: Terminal, message: FromTerminal, lines: Sequence[bytes], *, poisoned: bool = False
) -> bytes | None:
    """The frame that goes back; the caller holds the transaction and sends after its commit."""
    heard(terminal, message)
    match message:
        case Batch():
            answer = post.post(terminal, message, lines, poisoned=poisoned)
            return encode_frame(answer)
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
            latest = feed.latest(terminal.merchant)
            return encode_frame(Poke(epoch=feed.epoch(), latest=latest))
        case Health() | Gone():
            return None


def _page(terminal: Terminal, asked: Poll | AskRight) -> bytes:
    """The feed after where the terminal stands, or the first part of a snapshot."""
    if snapshot.needed(terminal, asked):
        part, items = snapshot.first_part(terminal, asked.nonce)
        return encode_frame(part, items)
    found = feed.page(terminal, after=asked.after)
    page = Page(
        epoch=feed.epoch(),
        nonce=asked.nonce,
        after=asked.after,
        to=found.to,
        latest=found.latest,
        hub_ms=int(timezone.now().timestamp() * 1000),
    )
    return encode_frame(page, found.items)
