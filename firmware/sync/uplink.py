# SPDX-License-Identifier: Apache-2.0
"""Which entries go to the hub next, and when again: no network in here, only messages."""

import base64
import hashlib
import logging
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import Final

from firmware.store import archive, journal
from firmware.store.database import Database
from firmware.sync.pace import Pace
from loyalty.wire import EARLIER, MOST_ENTRIES, UNREAD, Ack, Batch, Nack, encode_fitting

_log = logging.getLogger(__name__)

WINDOW: Final = 2
"""Batches under way at once: the hub posts one while the next is on its way."""
HUB_RESTS_S: Final = 10.0
"""A hub that gives no credit is asked again after about that long."""
UNREAD_ALONE: Final = 3
"""So often the hub can't read an entry by itself: then it is to keep it unread."""


@dataclass(frozen=True, slots=True)
class _Flight:
    segment: str
    lo: int
    hi: int
    frame: str
    """Hex SHA-256 of the bytes that were sent."""


class Uplink:
    """Few batches of one segment are under way; only the hub's own acknowledgement ends one."""

    def __init__(self, db: Database, *, terminal: str, gen: int, rng: Random) -> None:
        self._db = db
        self._terminal = terminal
        self._gen = gen
        self._rng = rng
        self._pace = Pace(rng)
        self._most = MOST_ENTRIES
        self._start: tuple[str, int] | None = None
        """Where the hub wants to begin, when that is not what was acknowledged."""
        self.restart()

    def restart(self) -> None:
        """A new connection, or the hub came back: nothing is under way."""
        self._flights: deque[_Flight] = deque()
        self._again_s = 0.0
        self._not_before_s = 0.0
        self._refusals = 0
        self._unread = 0
        """How often the hub could not read one entry by itself."""
        self._lost, self._before = False, ""
        """Whether the hub wants what this card has not any more; the hash of the last of that."""
        self._pace.reset()

    @property
    def awaiting(self) -> bool:
        """Whether a batch is under way."""
        return bool(self._flights)

    def due(self, now_s: float) -> bytes | None:
        """The frame to send now, if any."""
        if now_s < self._not_before_s:
            return None
        if self._flights and now_s >= self._again_s:
            self._flights.clear()  # not answered: from the first of them again
        if len(self._flights) >= WINDOW:
            return None
        last = self._flights[-1] if self._flights else None
        start = (last.segment, last.hi + 1) if last else self._start
        opaque = self._unread >= UNREAD_ALONE and not last
        batch = journal.batch_to_send(self._db, most=1 if opaque else self._most, start=start)
        if batch is None:
            if not last:
                self._start = None
            return None
        said = Batch(
            terminal=self._terminal,
            gen=self._gen,
            segment=batch.segment,
            lo=batch.lo,
            lost=self._lost,
            before=self._before,
            opaque=opaque,
        )
        raws = [base64.b64encode(raw) for raw in batch.raws] if opaque else batch.raws
        frame, count = encode_fitting(said, raws)
        if not last:
            self._again_s = now_s + self._pace.next_s()
        sent = hashlib.sha256(frame).hexdigest()
        self._flights.append(_Flight(batch.segment, batch.lo, batch.lo + count - 1, sent))
        return frame

    def on_ack(self, ack: Ack, now_s: float) -> None:
        """The hub has committed up to there; forget the worry, never the entries."""
        known = journal.acknowledge(self._db, ack.segment, upto=ack.upto, head=ack.head)
        if not known and ack.upto:
            _log.error("acknowledgement not of our entries segment=%s n=%d", ack.segment, ack.upto)
        first = self._flights[0] if self._flights else None
        if not known or not first or first.segment != ack.segment or ack.upto < first.lo:
            return
        while self._flights and self._flights[0].lo <= ack.upto:
            self._flights.popleft()
        self._refusals = self._unread = 0
        self._lost, self._before = False, ""
        self._pace.reset()
        if self._flights:
            self._again_s = now_s + self._pace.next_s()
        self._most = min(MOST_ENTRIES, self._most * 2)
        if self._start and self._start[0] == ack.segment:
            self._start = (ack.segment, ack.upto + 1)
        if ack.credit > 0:
            self._not_before_s = now_s + (first.hi - first.lo + 1) / ack.credit
        else:
            self._not_before_s = now_s + HUB_RESTS_S * self._rng.uniform(0.5, 1.5)

    def on_nack(self, nack: Nack, now_s: float) -> None:
        """The hub could not take it: begin where it wants to, with less at a time."""
        first = self._flights[0] if self._flights else None
        if not first or not self._concerns(nack, first):
            return
        _log.warning("batch refused segment=%s want=%d code=%s", *_facts(nack))
        self._unread += nack.code == UNREAD and first.lo == first.hi
        self._flights.clear()
        self._most = max(1, self._most // 2)
        if nack.want >= 1:
            self._go_back(nack.segment, nack.want)
        # the first correction at once; a hub that goes on refusing is left in peace
        if self._refusals:
            self._not_before_s = now_s + self._pace.next_s()
        self._refusals += 1

    def _concerns(self, nack: Nack, first: _Flight) -> bool:
        """Whether it answers the first batch under way; one after it waits for its own turn.

        What has to come earlier than a header is of the segment that this follows. Another one is
        wanted of a card that was put back since, or of its copy: who took that to heart would say
        that this card has lost what it has.
        """
        if nack.code == UNREAD:
            return nack.frame == first.frame
        if nack.code == EARLIER:
            return first.lo == 1 and nack.segment == journal.before(self._db, first.segment)
        return nack.segment == first.segment

    def _go_back(self, segment: str, want: int) -> None:
        """Begin where the hub wants to, or say that this card has not that any more."""
        self._start, self._lost, self._before = (segment, want), False, ""
        if journal.batch_to_send(self._db, most=1, start=self._start):
            return
        kept = archive.kept_from(self._db, segment)
        self._start, self._lost = None, True
        if kept and journal.batch_to_send(self._db, most=1, start=(segment, kept.n)):
            self._start, self._before = (segment, kept.n), kept.before.hex()


def _facts(nack: Nack) -> tuple[str, int, str]:
    return nack.segment, nack.want, nack.code
