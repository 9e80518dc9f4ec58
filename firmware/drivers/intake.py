# SPDX-License-Identifier: Apache-2.0
"""The one bounded queue between the threads of a terminal and its loop."""

from queue import Empty, Full, Queue
from typing import Final, Generic, TypeVar

from firmware.drivers.base import Reading

READINGS: Final = 64
"""Readings that may wait; a person makes one, a stuck scanner thousands."""

ROOM: Final = 64
"""Kept beside them for what readings may not crowd out: a touch, a receipt that came out."""

E = TypeVar("E")


class Intake(Generic[E]):
    """Takes events from any thread and gives them to one, in order.

    When it is full the newest is dropped and counted: what is older was seen by somebody.
    """

    def __init__(self) -> None:
        self._queue: Queue[E] = Queue(READINGS + ROOM)
        self.dropped = 0
        """Events that found no room since the start."""

    def put(self, event: E) -> None:
        """Add an event; never blocks, never raises."""
        if isinstance(event, Reading) and self._queue.qsize() >= READINGS:
            self.dropped += 1
            return
        try:
            self._queue.put_nowait(event)
        except Full:
            self.dropped += 1

    def get(self, timeout_s: float) -> E | None:
        """The oldest event, or None when none comes in time."""
        try:
            return self._queue.get(timeout=timeout_s)
        except Empty:
            return None
