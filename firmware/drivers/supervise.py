# SPDX-License-Identifier: Apache-2.0
"""Keep the counter going whatever its hardware does: reopen, wait, report, never raise."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from threading import Condition, Thread
from threading import Event as Flag
from typing import Final

from firmware.drivers.base import Away, Connected, PaperDone, Printer, Put, Scanner
from firmware.drivers.paper import Paper
from firmware.faults import Fault, Unprintable

FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 4.0
"""A shopkeeper who plugs a scanner in again tries it at once."""

MOST_WAITING: Final = 8
"""Receipts kept for a printer that is not well; nobody comes back for the ninth."""

_JOIN_S: Final = 10.0

_log = logging.getLogger(__name__)


class Scanning:
    """Runs one scanner in a thread of its own, and opens it again whenever it went away."""

    def __init__(self, scanner: Scanner, *, first_pause_s: float = FIRST_PAUSE_S) -> None:
        self._scanner = scanner
        self._first_pause_s = first_pause_s
        self._stopping = Flag()
        self._thread: Thread | None = None

    def start(self, put: Put) -> None:
        """Begin to put `Reading`, `Connected` and `Away`."""
        self._thread = Thread(
            target=self._run, args=(put,), name=f"scanner {self._scanner.source}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing is put afterwards."""
        self._stopping.set()
        self._scanner.stop()
        if self._thread:
            self._thread.join(_JOIN_S)

    def _run(self, put: Put) -> None:
        source = self._scanner.source
        said: type[Fault] | None = None
        pauses = _pauses(self._first_pause_s)

        def ready() -> None:
            nonlocal said, pauses
            said, pauses = None, _pauses(self._first_pause_s)
            _log.info("scanner connected source=%s", source)
            put(Connected(source))

        while not self._stopping.is_set():
            fault = _caught(partial(self._scanner.listen, put, ready))
            if fault and type(fault) is not said and not self._stopping.is_set():
                said = type(fault)
                _log.warning("scanner away source=%s fault=%s", source, fault)
                put(Away(source, fault))
            self._stopping.wait(next(pauses))


class Printing:
    """Prints in a thread of its own, one receipt after the other.

    A receipt that does not come out waits and is tried again by itself: after new paper it prints
    without a touch. Each change is told as a `PaperDone`.
    """

    def __init__(self, printer: Printer, *, first_pause_s: float = FIRST_PAUSE_S) -> None:
        self._printer = printer
        self._first_pause_s = first_pause_s
        self._waiting: deque[Paper] = deque()
        self._changed = Condition()
        self._asked = False
        self._stopping = False
        self._thread: Thread | None = None

    def start(self, put: Put) -> None:
        """Begin to print and to put `PaperDone`."""
        self._thread = Thread(target=self._run, args=(put,), name="printer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; receipts that wait are dropped."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread:
            self._thread.join(_JOIN_S)

    def print(self, paper: Paper) -> None:
        """Queue a receipt and return at once.

        When too many wait already it is dropped: the answer is the fault that makes them wait.
        """
        with self._changed:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(paper)
            self._ask()

    def retry(self) -> None:
        """Try the waiting receipts now: somebody says that the printer is well again."""
        with self._changed:
            self._ask()

    def forget(self) -> None:
        """Drop the receipts that wait: nobody wants them any more."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify()

    def _ask(self) -> None:
        self._asked = True
        self._changed.notify()

    def _run(self, put: Put) -> None:
        _caught(self._printer.prepare)
        said: type[Fault] | None = None
        pauses = _pauses(self._first_pause_s)
        while job := self._next():
            paper, asked = job
            if asked:  # somebody waits for an answer, even if it is the same again
                said, pauses = None, _pauses(self._first_pause_s)
            fault = _caught(partial(self._printer.print, paper), bug=Unprintable)
            waits = fault is not None and not fault.permanent
            waiting = self._settle(paper, waits=waits)
            if not waits or type(fault) is not said:
                _log.info("receipt fault=%s waiting=%d", fault, waiting)
                put(PaperDone(fault, waiting))
            said = type(fault) if fault else None
            if waits:
                self._pause(next(pauses))

    def _next(self) -> tuple[Paper, bool] | None:
        """The receipt whose turn it is and whether it was asked for just now; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            if self._stopping:
                return None
            asked, self._asked = self._asked, False
            return self._waiting[0], asked

    def _settle(self, paper: Paper, *, waits: bool) -> int:
        with self._changed:
            # `forget` may have been quicker
            if not waits and self._waiting and self._waiting[0] is paper:
                self._waiting.popleft()
            return len(self._waiting)

    def _pause(self, pause_s: float) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._asked or self._stopping or not self._waiting, pause_s
            )


def _caught(act: Callable[[], None], bug: type[Fault] = Fault) -> Fault | None:
    """What went wrong; a bug in a driver is logged whole and counts as `bug`."""
    try:
        act()
    except Fault as fault:
        return fault
    except Exception:  # noqa: BLE001 (whatever a library raises, the till goes on)
        _log.exception("driver failed")
        return bug()
    return None


def _pauses(first_s: float) -> Iterator[float]:
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
