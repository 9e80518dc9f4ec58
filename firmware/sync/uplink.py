# SPDX-License-Identifier: Apache-2.0
"""Which entries go to the hub next, and when again: no network in here, only messages."""

import logging
from dataclasses import dataclass
from random import Random
from typing import Final

from firmware.store import journal
from firmware.store.database import Database
from firmware.sync.pace import Pace
from loyalty.wire import MOST_ENTRIES, Ack, Batch, Nack, encode_frame, pack

_log = logging.getLogger(__name__)

HUB_RESTS_S: Final = 10.0
"""A hub that gives no credit is asked again after about that long."""


@dataclass(frozen=True, slots=True)
class _Flight:
    segment: str
    lo: int
    hi: int


class Uplink:
    """One batch is under way at a time; only the hub's own acknowledgement ends it."""

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
        self._flight: _Flight | None = None
        self._again_s = 0.0
        self._not_before_s = 0.0
        self._pace.reset()

    @property
    def awaiting(self) -> bool:
        """Whether a batch is under way."""
        return self._flight is not None

    def due(self, now_s: float) -> bytes | None:
        """The frame to send now, if any."""
        if now_s < self._not_before_s or (self._flight and now_s < self._again_s):
            return None
        batch = journal.batch_to_send(self._db, most=self._most, start=self._start)
        if batch is None:
            self._flight, self._start = None, None
            return None
        lines = batch.raws[: pack(batch.raws)]
        self._flight = _Flight(batch.segment, batch.lo, batch.lo + len(lines) - 1)
        self._again_s = now_s + self._pace.next_s()
        return encode_frame(
            Batch(terminal=self._terminal, gen=self._gen, segment=batch.segment, lo=batch.lo),
            lines,
        )

    def on_ack(self, ack: Ack, now_s: float) -> None:
        """The hub has committed up to there; forget the worry, never the entries."""
        known = journal.acknowledge(self._db, ack.segment, upto=ack.upto, head=ack.head)
        if not known and ack.upto:
            _log.error("acknowledgement not of our entries segment=%s n=%d", ack.segment, ack.upto)
        flight = self._flight
        if not known or not flight or flight.segment != ack.segment or ack.upto < flight.lo:
            return
        self._flight = None
        self._pace.reset()
        self._most = min(MOST_ENTRIES, self._most * 2)
        if self._start and self._start[0] == ack.segment:
            self._start = (ack.segment, ack.upto + 1)
        if ack.credit > 0:
            self._not_before_s = now_s + (flight.hi - flight.lo + 1) / ack.credit
        else:
            self._not_before_s = now_s + HUB_RESTS_S * self._rng.uniform(0.5, 1.5)

    def on_nack(self, nack: Nack, now_s: float) -> None:
        """The hub could not take it: begin where it wants to, with less at a time."""
        flight = self._flight
        if not flight or flight.segment != nack.segment:
            return
        _log.warning("batch refused segment=%s want=%d code=%s", *_facts(nack))
        self._most = max(1, self._most // 2)
        if nack.want >= 1:
            self._start = (nack.segment, nack.want)
        # the first correction at once; a hub that goes on refusing is left in peace
        if self._pace.tries <= 1:
            self._flight = None
        else:
            self._again_s = now_s + self._pace.next_s()


def _facts(nack: Nack) -> tuple[str, int, str]:
    return nack.segment, nack.want, nack.code
