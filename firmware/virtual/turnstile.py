# SPDX-License-Identifier: Apache-2.0
"""The terminal's queue, for who must know when the loop has answered what was put into it."""

from threading import Condition
from typing import Generic, TypeVar

from firmware.drivers.intake import Intake

E = TypeVar("E")


class Turnstile(Intake[E], Generic[E]):
    """An intake that counts: the loop asks for the next event once it has answered the last."""

    def __init__(self) -> None:
        super().__init__()
        self._turned = Condition()
        self._accepted = 0
        self._given = 0
        self._answered = 0

    def put(self, event: E) -> None:
        with self._turned:
            before = self.dropped
            super().put(event)
            self._accepted += self.dropped == before

    def get(self, timeout_s: float) -> E | None:
        with self._turned:
            self._answered = self._given
            self._turned.notify_all()
        event = super().get(timeout_s)
        if event is not None:
            self._given += 1
        return event

    def wait_answered(self, timeout_s: float) -> bool:
        """Wait until everything that was put so far is answered and shown; False: too long."""
        with self._turned:
            until = self._accepted
            return self._turned.wait_for(lambda: self._answered >= until, timeout_s)
