# SPDX-License-Identifier: Apache-2.0
"""Telling terminals that the feed has something new: soon, but not each of them at each entry.

A poke makes a terminal poll. One for every posted batch would be the square of the fleet, so a
merchant's terminals are poked together, less often the more they are; a lost one does no harm.
"""

import time
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from hub.broker_bridge.status import SILENT_AFTER
from hub.merchants import bulk, feed
from loyalty.wire import Poke, encode_frame

LEAST_S = 0.1
PER_TERMINAL_S = 0.01
WATCH_S = 0.5

_HEARD: Final = (
    "SELECT id FROM merchants_terminal WHERE merchant_id = %s AND last_contact >= %s ORDER BY id"
)


@dataclass(slots=True)
class Pokes:
    """Merchants whose feed has moved, and when their terminals may be told again."""

    _moved: set[str] = field(default_factory=set)
    _next_s: dict[str, float] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)
    _watch_s: float = 0.0

    def watch(self) -> None:
        """See what was told elsewhere: a programme that somebody published on the web."""
        now_s = time.monotonic()
        if now_s < self._watch_s:
            return
        self._watch_s = now_s + WATCH_S
        for merchant, position in bulk.select("SELECT id, feed_position FROM merchants_merchant"):
            if self._known.setdefault(merchant, position) != position:
                self._known[merchant] = position
                self._moved.add(merchant)

    def moved(self, merchant: str) -> None:
        """Something was committed to this merchant's feed."""
        self._moved.add(merchant)

    def due(self) -> list[tuple[str, bytes]]:
        """Terminals to poke now, each with its frame."""
        now_s = time.monotonic()
        found = []
        for merchant in [m for m in self._moved if self._next_s.get(m, 0) <= now_s]:
            self._moved.discard(merchant)
            names = _lately_heard(merchant)
            self._next_s[merchant] = now_s + max(LEAST_S, PER_TERMINAL_S * len(names))
            frame = self.poke(merchant)
            found += [(name, frame) for name in names]
        return found

    @staticmethod
    def poke(merchant: str) -> bytes:
        """How far a merchant's feed goes now."""
        return encode_frame(Poke(epoch=feed.epoch(), latest=feed.position(merchant)))

    @property
    def waiting(self) -> bool:
        """Whether somebody is still to be told."""
        return bool(self._moved)


def _lately_heard(merchant: str) -> list[str]:
    """Terminals that may be listening, whatever their status says.

    The will of a connection that broke can arrive after the hello of the next one: such a terminal
    looks gone until it speaks again, and would not hear of a sale for a minute.
    """
    since = bulk.moment(timezone.now() - SILENT_AFTER)
    return [name for (name,) in bulk.select(_HEARD, merchant, since)]
