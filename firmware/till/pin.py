# SPDX-License-Identifier: Apache-2.0
"""Staff unlock the till with their PIN or badge."""

from collections.abc import Callable

from firmware.drivers.base import Reading
from firmware.store import replica
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Stay, Tick
from firmware.till.outcome import Outcome, PinAsked
from loyalty.feed import StaffIs
from loyalty.pin import DIGITS, matches

TRIES = 3
PAUSE_S = 30
LEAVE_AFTER_S = 20


class Pin(Flow):
    """Four digits or a badge; the right ones open the till, or allow what only a manager may (SPEC F7)."""

    def __init__(
        self, desk: Desk, opened: Callable[[StaffIs], Move], *, manager: bool = False
    ) -> None:
        self.desk, self.tries, self.opened, self.manager = desk, desk.tries, opened, manager
        self.typed = ""
        self.wrong = False
        self.not_manager = ""
        """Name of who typed a right PIN that does not suffice."""
        self.until_s = desk.clock.monotonic_s() + LEAVE_AFTER_S

    def show(self) -> Outcome:
        pause_s = max(0, round(self.tries.paused_until_s - self.desk.clock.monotonic_s()))
        return PinAsked(
            offline=not self.desk.online,
            typed=len(self.typed),
            wrong=self.wrong,
            pause_s=pause_s,
            manager=self.manager,
            not_manager=self.not_manager,
        )

    def handle(self, event: Event) -> Move:
        now_s = self.desk.clock.monotonic_s()
        match event:
            case Tick():
                waits = now_s < max(self.until_s, self.tries.paused_until_s)
                return Stay() if waits else End()
            case tap.Back() | tap.Finish():
                return End()
            case Reading() if now_s >= self.tries.paused_until_s:
                self.typed, self.until_s = "", now_s + LEAVE_AFTER_S
                return self._known([staff for staff in [self.desk.by_badge(event)] if staff])
            case tap.Erase():
                self.typed = self.typed[:-1]
            case tap.Key(text=digit) if digit.isdecimal() and now_s >= self.tries.paused_until_s:
                self.typed = (self.typed + digit)[:DIGITS]
                self.wrong, self.not_manager = False, ""
            case _:
                return Stay()
        self.until_s = now_s + LEAVE_AFTER_S
        return self._try() if len(self.typed) == DIGITS else Stay()

    def _try(self) -> Move:
        pin, self.typed = self.typed, ""
        return self._known([x for x in replica.staff(self.desk.db) if matches(pin, x.pin)])

    def _known(self, known: list[StaffIs]) -> Move:
        """Open for one of those whose it is, if they may."""
        may = [staff for staff in known if staff.manager or not self.manager]
        if may:
            self.tries.wrong = 0
            return self.opened(may[0])
        # one's own PIN between two guesses at the manager's does not let anybody guess on
        self.not_manager = known[0].name if known else ""
        self.wrong = not known
        self.tries.wrong += 1
        if self.tries.wrong >= TRIES:
            self.tries.wrong = 0
            self.tries.paused_until_s = self.desk.clock.monotonic_s() + PAUSE_S
        return Stay()
