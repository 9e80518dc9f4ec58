# SPDX-License-Identifier: Apache-2.0
"""What ESC/POS printers share, whatever carries their bytes."""

from abc import abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from firmware.drivers import escpos
from firmware.drivers.address import Address
from firmware.drivers.base import Printer, PrinterStatus
from firmware.drivers.line import Line, Question
from firmware.drivers.paper import Paper
from firmware.faults import PrinterOffline

OPTIONS: Final = ("columns", "timeout_s", "logo")
"""`columns`: characters across the paper (48; 32 on 58 mm). `timeout_s`: longest wait (3).
`logo`: a picture that stands at the top of each receipt."""


# DLE EOT n: answered at once, even by a printer that can't print
_CAUSE: Final = Question(b"\x10\x04\x02", 0b1001_0011, 0b0001_0010)
_PAPER: Final = Question(b"\x10\x04\x04", 0b1001_0011, 0b0001_0010)
# GS r 1: answered in its turn, when all that was sent before has been printed
_PRINTED: Final = Question(b"\x1dr\x01", 0b1001_0000, 0b0000_0000)

_COVER_OPEN: Final = 0b0000_0100
_PAPER_STOP: Final = 0b0010_0000
_BROKEN: Final = 0b0100_0000
_PAPER_END: Final = 0b0110_0000
_PAPER_LOW: Final = 0b0000_1100

_ANSWER_S: Final = 0.5
"""A printer that answers real-time questions does so within a tenth of this."""


class ThermalPrinter(Printer):
    """Asks, prints, asks again: paper that ends half-way through a receipt is noticed."""

    def __init__(self, url: str, *, options: Collection[str] = ()) -> None:
        self._address = Address.parse(url, options=(*OPTIONS, *options))
        self._columns = int(self._address.number("columns", escpos.COLUMNS, least=16, most=64))
        self._timeout_s = self._address.number("timeout_s", 3, least=0.05, most=30)
        logo = self._address.options.get("logo")
        self._logo = escpos.logo(Path(logo), columns=self._columns) if logo else b""
        self._has_answered = False
        self._torn_bytes = 0

    @abstractmethod
    def _line(self) -> AbstractContextManager[Line]:
        """A line for one conversation. MUST raise PrinterOffline when there is none."""

    def prepare(self) -> None:
        escpos.warm()

    def print(self, paper: Paper) -> None:
        data = escpos.encode(paper, columns=self._columns, logo=self._logo)
        with self._line() as line:
            before = self._status(line)
            _refuse(before)
            # a command that was cut off half-way would take the next receipt for its own
            line.send(bytes(self._torn_bytes))
            self._torn_bytes = len(data)
            line.send(data)
            after = before
            if before is not PrinterStatus.UNKNOWN:
                line.ask(_PRINTED, self._timeout_s)
                after = self._status(line)
        if after is not PrinterStatus.OFFLINE:
            self._torn_bytes = 0
        _refuse(after)

    def status(self) -> PrinterStatus:
        try:
            with self._line() as line:
                return self._status(line)
        except PrinterOffline as fault:
            self.fault = fault
            return PrinterStatus.OFFLINE

    def _status(self, line: Line) -> PrinterStatus:
        cause = line.ask(_CAUSE, min(_ANSWER_S, self._timeout_s))
        if cause is None:
            if line.paper_is_out():
                return PrinterStatus.PAPER_OUT
            # many cheap printers never answer and print well; one that has stopped answering hangs
            return PrinterStatus.OFFLINE if self._has_answered else PrinterStatus.UNKNOWN
        self._has_answered = True
        paper = line.ask(_PAPER, min(_ANSWER_S, self._timeout_s))
        if cause & _COVER_OPEN:
            return PrinterStatus.COVER_OPEN
        if cause & _PAPER_STOP or (paper is not None and paper & _PAPER_END):
            return PrinterStatus.PAPER_OUT
        if cause & _BROKEN:
            return PrinterStatus.OFFLINE
        if paper is not None and paper & _PAPER_LOW:
            return PrinterStatus.PAPER_LOW
        return PrinterStatus.READY


def _refuse(status: PrinterStatus) -> None:
    fault = status.fault
    if fault:
        raise fault
