# SPDX-License-Identifier: Apache-2.0
"""From raw frames to committed answers: stored first, tried with a count, answered after commit."""

import base64
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from hub.broker_bridge.answers import DATABASE_FAULTS, answer_to, one_by_one
from hub.broker_bridge.link import Received
from hub.broker_bridge.models import Inbox
from hub.broker_bridge.pokes import Pokes
from hub.broker_bridge.strangers import Strangers
from hub.ledger import grant, post
from hub.merchants import bulk, feed
from hub.merchants.lightly import lightly
from hub.merchants.models import Terminal
from loyalty.topics import TERMINAL_ID, down_topic
from loyalty.wire import (
    LARGEST_FRAME,
    UNREAD,
    AskRight,
    Batch,
    FromTerminal,
    Nack,
    decode_up,
    encode_frame,
)

log = logging.getLogger(__name__)

MOST_TRIES: Final = 3
LAST_TRY: Final = 10
GROUP: Final = 50
"""Frames that leave the inbox in one commit."""

_COLUMNS: Final = ("topic", "payload", "tries", "received_at")

Send = Callable[[str, bytes], None]


@dataclass(slots=True)
class Counts:
    """What became of frames since the start; the log line of each minute."""

    answered: int = 0
    garbage: int = 0
    strangers: int = 0
    failed: int = 0
    oversize: int = 0


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes frames out of the inbox, one at a time, in the order in which they came."""

    send: Send
    pokes: Pokes = field(default_factory=Pokes)
    counts: Counts = field(default_factory=Counts)
    _strangers: Strangers = field(default_factory=Strangers)
    _asked: set[str] = field(default_factory=set)
    """Merchants of whom a terminal may wait for a right."""
    _counted: set[int] = field(default_factory=set)
    """Frames whose next try is counted already, when they were stored or by one cut short."""

    def store(self, frames: Iterable[Received]) -> None:
        """Write frames down before anybody reads them, in one short transaction.

        It is for the frame that kills this process. A power cut may take what was written here: its
        terminal has no answer, and sends it again.
        """
        rows, received_at = [], bulk.moment(timezone.now())
        for topic, payload in frames:
            if len(payload) > LARGEST_FRAME:
                self.counts.oversize += 1
                log.error("frame too large topic=%r bytes=%s", topic[:120], len(payload))
                self._not_read(topic, payload)
                continue
            rows.append((topic[:120], payload, 1, received_at))
        with lightly():
            stored = bulk.insert(Inbox, _COLUMNS, rows, returning=("id",))
        self._counted.update(key for (key,) in stored)

    def work(self) -> bool:
        """Answer one group of frames; False when none could be.

        A frame leaves the inbox after the commit of what it asked. Should the bridge die between
        the two, it is answered again, and the same: posting knows what it has.

        Raises:
            DATABASE_FAULTS: nothing is lost, and no try is counted twice; work again later.
        """
        group = bulk.objects(Inbox, "ORDER BY id LIMIT %s", GROUP)
        try:
            done = [row.pk for row in group if self._try(row)]
            with lightly():
                bulk.remove(Inbox, done)
        except DATABASE_FAULTS:
            self._counted.update(row.pk for row in group)
            raise
        return bool(done)

    def _try(self, row: Inbox) -> bool:
        """Whether the frame is done with.

        One that was tried before, by this bridge or by one that died, may be what it died of. It
        is tried by itself: counted just before and removed at once, for its neighbours would pay
        for it with tries of their own.
        """
        if row.pk in self._counted:
            self._counted.remove(row.pk)
            return self._answer(row)
        row.tries += 1
        with lightly():
            row.save(update_fields=["tries"])
        done = self._answer(row)
        if done:
            with lightly():
                bulk.remove(Inbox, [row.pk])
        return done

    def _answer(self, row: Inbox) -> bool:
        """Whether the frame is done with."""
        found = self._read(row)
        if found is None:
            return True
        terminal, message, lines = found
        if row.tries > MOST_TRIES and not isinstance(message, Batch):
            # nobody came back from the last try; a batch is taken apart, a question is asked again
            self.counts.failed += 1
            log.error("frame dropped terminal=%s kind=%s", terminal.pk, type(message).__name__)
            return True
        try:
            reply = self._reply(terminal, message, lines, row)
        except post.NotOurs as error:
            self.counts.strangers += 1
            log.warning("not taken terminal=%s error=%s", terminal.pk, error)
            return True
        except DATABASE_FAULTS:
            log.exception("database terminal=%s", terminal.pk)
            self._counted.add(row.pk)
            return False
        except Exception:
            self.counts.failed += 1
            log.exception("frame failed terminal=%s tries=%s", terminal.pk, row.tries)
            # a batch is given up later than the rest: its entries were tried one by one by then
            return row.tries >= (LAST_TRY if isinstance(message, Batch) else MOST_TRIES)
        self.counts.answered += 1
        if reply is not None:
            self.send(down_topic(terminal.pk), reply)
        if isinstance(message, Batch):
            self.pokes.moved(terminal.merchant_id)
            self.grant(terminal.merchant_id)
        elif isinstance(message, AskRight):
            self._asked.add(terminal.merchant_id)
            self.grant(terminal.merchant_id)
            if terminal.merchant_id in self._asked:  # others were asked to give some back
                self.pokes.moved(terminal.merchant_id)
        return True

    def _reply(
        self, terminal: Terminal, message: FromTerminal, lines: tuple[bytes, ...], row: Inbox
    ) -> bytes | None:
        if row.tries <= MOST_TRIES or not isinstance(message, Batch):
            return answer_to(terminal, message, lines, received_at=row.received_at)
        # it was tried one by one before and nobody came back to say how that went
        return one_by_one(terminal, message, lines, deadly=row.tries > MOST_TRIES + 1)

    @property
    def granting(self) -> bool:
        """Whether a terminal may wait for a right."""
        return bool(self._asked)

    def grant(self, *merchants: str) -> None:
        """Answer who waits for a right; those of all merchants, or of these where others gave back."""
        for merchant in self._asked.intersection(merchants or self._asked):
            told, waiting = grant.answer_waiting(merchant)
            if not waiting:
                self._asked.discard(merchant)
            for terminal in told:
                self.send(down_topic(terminal), self.pokes.poke(merchant))

    def poke(self) -> None:
        """Tell the terminals of merchants whose feed has moved."""
        for terminal, frame in self.pokes.due():
            self.send(down_topic(terminal), frame)

    def _not_read(self, topic: str, payload: bytes) -> None:
        """Say so to a terminal of ours: it makes another frame of what it has."""
        name = topic.rsplit("/", 1)[-1]
        if TERMINAL_ID.fullmatch(name) and _known(name):
            frame = hashlib.sha256(payload).hexdigest()
            nack = Nack(epoch=feed.epoch(), segment="", want=0, code=UNREAD, frame=frame)
            self.send(down_topic(name), encode_frame(nack))

    def _read(self, row: Inbox) -> tuple[Terminal, FromTerminal, tuple[bytes, ...]] | None:
        """The frame and who sent it; None for garbage and for anybody who may not speak."""
        name = row.topic.rsplit("/", 1)[-1]
        try:
            message, lines = decode_up(bytes(row.payload))
            if isinstance(message, Batch) and message.opaque:
                lines = tuple(base64.b64decode(line, validate=True) for line in lines)
        except ValueError as error:  # Garbled, or not the base 64 that it should be
            self.counts.garbage += 1
            log.warning("garbage terminal=%r error=%s", name, error)
            self._not_read(row.topic, bytes(row.payload))
            return None
        if not TERMINAL_ID.fullmatch(name) or message.terminal != name:
            self.counts.strangers += 1
            log.warning("foreign frame topic=%r claims=%r", row.topic, message.terminal)
            self._strangers.spoke(name, message, terminal=_known(name))
            return None
        terminal = _known(name)
        if terminal is None or terminal.gen != message.gen:
            self.counts.strangers += 1
            log.warning("not enrolled terminal=%r gen=%s", name, message.gen)
            self._strangers.spoke(name, message, terminal=terminal)
            return None
        self._strangers.greeted(terminal, message)
        return terminal, message, lines


def _known(name: str) -> Terminal | None:
    return bulk.one(Terminal, "WHERE id = %s", name)
