# SPDX-License-Identifier: Apache-2.0
"""The heart of the terminal: events in, outcomes out, and nothing shown before it is on the disk."""

import logging

from firmware.faults import DiskFull, Left, StoreBusy, StoreFault
from firmware.store import journal, replica
from firmware.till import tap
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.customers import join, join_form
from firmware.till.desk import Desk, NotReady
from firmware.till.flow import Become, End, Event, Flow, Move, Open, Stay, Tick
from firmware.till.front import CardCheck, No, Painted
from firmware.till.outcome import Broken, Outcome, OutOfOrder, Refused
from firmware.till.pin import Pin
from loyalty.feed import StaffIs
from loyalty.refusal import Refusal

log = logging.getLogger(__name__)

MOST_MOVES = 8
"""One event never causes more; a loop of flows would be a bug."""


class Till:
    """Holds the stack of flows; the top one is on the screen."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._counters: dict[str, Counter] = {}
        self._said: tuple[Broken, Flow] | None = None
        """What could not be written, and over which flow it is said."""
        self._stack: list[tuple[Flow, Open | None]] = [
            (Painted(desk, unlock=self._unlock, serve=self._counter_of, join=self._join), None)
        ]

    def handle(self, event: Event) -> Outcome:
        """Answer an event; whatever happened is committed when this returns.

        A store that can't be written or a hub never heard is an outcome too: the order stays, and
        `tap.Retry` or the next tick tries again. What somebody asked for and did not get is said
        until they touch the screen, or the till has moved on.
        """
        if not isinstance(event, Tick):
            self._said = None
        try:
            if leaving := self._leaving():
                del self._stack[1:]
                return self._out_of_order(leaving)
            self._move(event)
            outcome = self._stack[-1][0].show()
        except NotReady:
            return self._out_of_order(Broken.NOT_READY)
        except StoreFault as fault:
            log.exception("store")
            broken = _broken(fault)
            if not isinstance(event, Tick):
                self._said = broken, self._stack[-1][0]
            return self._out_of_order(broken)
        match self._said:
            case (broken, flow) if flow is self._stack[-1][0]:
                return self._out_of_order(broken)
        return outcome

    def tick(self) -> Outcome:
        """Time passed, or another process wrote to the store."""
        return self.handle(Tick())

    # ── the stack ───────────────────────────────────────────────────────────────────────────────

    def _move(self, event: Event) -> None:
        if isinstance(event, tap.Lock):
            self._lock()
            return
        if not isinstance(event, Tick):
            self._somebody_there()
        move = self._stack[-1][0].handle(event)
        for _ in range(MOST_MOVES):
            match move:
                case Stay():
                    return
                case Open(flow=flow):
                    self._stack.append((flow, move))
                    return
                case Become(flow=flow):
                    self._stack[-1] = (flow, self._stack[-1][1])
                    return
                case End():
                    move = self._end(move)
        message = "flows never came to rest"
        raise RuntimeError(message)

    def _end(self, end: End) -> Move:
        flow, opened = self._stack.pop()
        try:
            move = opened.then(end.answer) if opened and end.answer is not None else Stay()
        except StoreFault:
            self._stack.append((flow, opened))  # what was typed or granted is still there
            raise
        if end.event is None:
            return move
        if not isinstance(move, Stay):
            return move
        return self._stack[-1][0].handle(end.event)

    def _lock(self) -> None:
        """Back to the front from wherever staff are; the order is kept for the next unlock.

        Not while the hub is asked: at most two seconds later that has ended, and gave back what it
        did not use.
        """
        if not isinstance(self._stack[-1][0], Asking):
            del self._stack[1:]

    def _somebody_there(self) -> None:
        for flow, _ in self._stack:
            if isinstance(flow, Counter):
                flow.touched()

    # ── what the front opens ────────────────────────────────────────────────────────────────────

    def _unlock(self) -> Flow:
        return Pin(self.desk, lambda staff: Become(self._counter_of(staff)))

    def _counter_of(self, staff: StaffIs) -> Flow:
        """The order that was under way when this person locked the till, or a new one."""
        counter = self._counters.setdefault(staff.id, Counter(self.desk, staff))
        counter.touched()
        return counter

    def _join(self) -> Open:
        return Open(join_form(self.desk), self._joined)

    def _joined(self, answers: object) -> Move:
        if not isinstance(answers, dict):
            return Stay()
        customer = join(self.desk, answers)
        if isinstance(customer, Refusal):
            return Open(No(self.desk, Refused(refusal=customer)))
        check = CardCheck(self.desk, customer, customer.codes[0])
        check.qr = True
        return Open(check)

    # ── when it can't serve ─────────────────────────────────────────────────────────────────────

    def _leaving(self) -> Broken | None:
        """Whether the hub takes this terminal out of service: then nobody is served any more."""
        db, gen = self.desk.db, self.desk.config.gen
        if journal.signed_off(db) == gen:
            return Broken.LEAVING if journal.waiting(db) else Broken.LEFT
        return Broken.LEAVING if replica.leaving(db) == gen else None

    def _out_of_order(self, broken: Broken) -> Outcome:
        try:
            waiting = journal.waiting(self.desk.db)
            offline = not self.desk.online
        except StoreFault:
            waiting, offline = 0, False
        return OutOfOrder(broken=broken, waiting=waiting, offline=offline)


def _broken(fault: StoreFault) -> Broken:
    match fault:
        case DiskFull():
            return Broken.DISK_FULL
        case Left():
            return Broken.LEAVING
        case StoreBusy():
            return Broken.BUSY
        case _:
            return Broken.STORE
