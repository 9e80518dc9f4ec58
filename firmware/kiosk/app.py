# SPDX-License-Identifier: Apache-2.0
"""The kiosk's one loop: an event from the queue, the till's outcome, then screen, light and paper.

Everything that can happen comes through the intake: readings, taps, the printer's answers. The
loop asks the till at each event and, between events, a few times a second.
"""

import logging
from collections.abc import Callable
from threading import Event as Flag
from typing import Final, Protocol

from firmware.drivers.base import Away, Connected, PaperDone, Reading, Signal
from firmware.drivers.cues import Rgb
from firmware.drivers.intake import Intake
from firmware.drivers.supervise import Printing
from firmware.faults import StoreFault
from firmware.kiosk.display import Display
from firmware.kiosk.receipt import paper
from firmware.kiosk.signals import cue
from firmware.kiosk.text import Speech
from firmware.till import tap
from firmware.till.flow import Event
from firmware.till.outcome import (
    AskingHub,
    Broken,
    FoundSome,
    Front,
    Outcome,
    OutOfOrder,
    PrinterTrouble,
    Saved,
)
from firmware.till.outcome_gifts import GiftSaved
from firmware.till.outcome_sales import RefundSaved, SaleShown
from loyalty.colour import of_hex

_log = logging.getLogger(__name__)

QUIET_S: Final = 0.25
"""Between two looks at the store when nothing happens."""
WAITING_S: Final = 0.005
"""While the hub is asked: its answer is shown at once."""
WINDOW_S: Final = 0.01
"""A window's touches are not in the queue: how often they are looked for."""

Happened = Reading | Connected | Away | PaperDone | tap.Tap | tap.KioskTap

_PRINTABLE = Saved | GiftSaved | RefundSaved | SaleShown


class Answering(Protocol):
    """The till, as the loop needs it."""

    def handle(self, event: Event) -> Outcome:
        """Answer an event."""

    def tick(self) -> Outcome:
        """Answer the passing of time."""


class App:
    """One terminal's face; runs in the thread that made the display."""

    def __init__(
        self,
        till: Answering,
        display: Display,
        *,
        intake: Intake[Happened],
        printing: Printing,
        signal: Signal,
        report: Callable[[str, str], None],
        window: bool = False,
    ) -> None:
        """Put it together.

        Args:
            window: the display has one, and fingers come through it.
            report: told how printer and scanner are (`ok` or the fault's name), at each look.
        """
        self._till, self._display, self._intake = till, display, intake
        self._printing, self._signal, self._report = printing, signal, report
        self._rest_s = WINDOW_S if window else QUIET_S
        self._outcome: Outcome | None = None
        self._printer, self._scanner = "ok", "ok"
        self._away: set[str] = set()
        self._unprinted = 0

    def run(self, stop: Flag) -> None:
        """Serve until `stop` is set.

        Raises:
            StoreFault: the store may no more be used; starting again checks it anew.
        """
        self.step(0)
        while not stop.is_set():
            self.step(self._patience_s)
            if isinstance(self._outcome, OutOfOrder) and self._outcome.broken is Broken.STORE:
                raise StoreFault(permanent=True)

    def step(self, timeout_s: float) -> None:
        """Wait so long for something to happen, then show what comes of it."""
        event = self._touched() or self._intake.get(timeout_s)
        try:
            self._take(event)
            self._report(self._printer, self._scanner)
        except Exception:  # noqa: BLE001 - whatever the bug is, the loop goes on
            _log.exception("the till failed event=%r", type(event).__name__)
            self._show(OutOfOrder(broken=Broken.BUG), event)

    @property
    def _patience_s(self) -> float:
        match self._outcome:
            case AskingHub() | FoundSome(asking=True):
                return WAITING_S
            case _:
                return self._rest_s

    # ── events ──────────────────────────────────────────────────────────────────────────────────

    def _touched(self) -> Happened | None:
        for place in self._display.touches():
            if place is None:
                self._display.release()
            elif (asked := self._display.press(*place)) is not None:
                return asked
        return None

    def _take(self, event: Happened | None) -> None:
        match event:
            case None:
                self._show(self._till.tick(), event)
            case tap.SwitchLanguage() | tap.SwitchContrast() | tap.TurnPage():
                self._display.switch(event)
            case Connected(source=source):
                self._scanners(self._away - {source})
            case Away(source=source, fault=fault):
                self._scanners(self._away | {source}, type(fault).__name__)
            case _:
                if isinstance(event, PaperDone):
                    self._unprinted = event.waiting
                    self._printer = "ok" if event.ok else type(event.fault).__name__
                if self._failed:
                    self._till.handle(tap.Lock())
                self._show(self._till.handle(event), event)

    def _scanners(self, away: set[str], fault: str = "ok") -> None:
        self._away = away
        self._scanner = (fault if fault != "ok" else self._scanner) if away else "ok"
        self._display.scanner_away(away=bool(away))

    @property
    def _failed(self) -> bool:
        """A bug was shown: the till starts again from its front, the orders under way are kept."""
        return isinstance(self._outcome, OutOfOrder) and self._outcome.broken is Broken.BUG

    # ── what comes of them ──────────────────────────────────────────────────────────────────────

    def _show(self, outcome: Outcome, event: Happened | None) -> None:
        before = self._outcome
        if event is None and self._failed:
            return  # it stays until somebody touches it: a tick must not hide it
        if outcome == before:
            return
        self._outcome = outcome
        self._display.show(outcome)
        if isinstance(outcome, Front) and not isinstance(before, Front):
            self._display.restore()
        if (noticed := cue(before, outcome)) is not None:
            self._signal.show(noticed, shop=Rgb(*of_hex(self._display.look.colour)))
        self._print(before, outcome, event)

    def _print(self, before: Outcome | None, after: Outcome, event: Happened | None) -> None:
        """Print what was newly asked for; let a receipt that waits go when nobody wants it."""
        if _printing(after) and not _printing(before):
            if self._unprinted and isinstance(event, tap.Retry):
                self._printing.retry()
            elif isinstance(after, _PRINTABLE):
                self._printing.print(paper(after.receipt, Speech(self._display.look.language)))
        elif (
            isinstance(before, PrinterTrouble)
            and not isinstance(after, PrinterTrouble)
            and not isinstance(event, PaperDone)
        ):
            self._printing.forget()


def _printing(outcome: Outcome | None) -> bool:
    return isinstance(outcome, _PRINTABLE) and outcome.printing
