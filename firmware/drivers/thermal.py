# SPDX-License-Identifier: Apache-2.0
"""What ESC/POS printers share, whatever carries their bytes."""

import os
from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from select import select
from typing import Final

from firmware.drivers import escpos
from firmware.drivers.address import Address
from firmware.drivers.base import Printer, PrinterStatus
from firmware.drivers.paper import Paper
from firmware.faults import PrinterOffline

OPTIONS: Final = ("columns", "timeout_s")
"""`columns`: characters across the paper (48; 32 on 58 mm). `timeout_s`: longest wait (3)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A command that the printer answers with one byte, and how to tell that byte from others."""

    command: bytes
    fixed_bits: int
    fixed_value: int


# DLE EOT n: answered at once, even by a printer that can't print
_CAUSE: Final = Question(b"\x10\x04\x02", 0b1001_0011, 0b0001_0010)
_PAPER: Final = Question(b"\x10\x04\x04", 0b1001_0011, 0b0001_0010)
# GS r 1: answered in its turn, when all that was sent before has been printed
_PRINTED: Final = Question(b"\x1dr\x01", 0b1001_0000, 0b0000_0000)

_COVER_OPEN: Final = 0b0000_0100
_PAPER_STOP: Final = 0b0010_0000
_BROKEN: Final = 0b0100_0000
_PAPER_END: Final = 0b0110_0000

_ANSWER_S: Final = 0.5
"""A printer that answers real-time questions does so within a tenth of this."""

_CHUNK_BYTES: Final = 4096


class Line:
    """One open, non-blocking way to a printer."""

    def __init__(self, fd: int, *, timeout_s: float, answers: bool = True) -> None:
        self._fd = fd
        self._timeout_s = timeout_s
        self._answers = answers

    def send(self, data: bytes) -> None:
        """Hand over all the data.

        Raises:
            PrinterOffline: the printer took nothing for the length of the timeout.
        """
        rest = memoryview(data)
        while rest:
            _, writable, _ = select((), (self._fd,), (), self._timeout_s)
            if not writable:
                raise PrinterOffline
            try:
                rest = rest[os.write(self._fd, rest[:_CHUNK_BYTES]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise PrinterOffline from error

    def ask(self, question: Question, timeout_s: float) -> int | None:
        """The printer's one byte of answer, or None when it stays silent."""
        if not self._answers:
            return None
        self.send(question.command)
        while select((self._fd,), (), (), timeout_s)[0]:
            try:
                received = os.read(self._fd, _CHUNK_BYTES)
            except OSError as error:
                raise PrinterOffline from error
            if not received:
                return None
            for byte in reversed(received):
                if byte & question.fixed_bits == question.fixed_value:
                    return byte
        return None


class ThermalPrinter(Printer):
    """Asks, prints, asks again: paper that ends half-way through a receipt is noticed."""

    def __init__(self, url: str) -> None:
        self._address = Address.parse(url, options=OPTIONS)
        self._columns = int(self._address.number("columns", escpos.COLUMNS, least=16, most=64))
        self._timeout_s = self._address.number("timeout_s", 3, least=0.05, most=30)
        self._has_answered = False

    @abstractmethod
    def _line(self) -> AbstractContextManager[Line]:
        """A line for one conversation. MUST raise PrinterOffline when there is none."""

    def prepare(self) -> None:
        escpos.warm()

    def print(self, paper: Paper) -> None:
        data = escpos.encode(paper, columns=self._columns)
        with self._line() as line:
            before = self._status(line)
            _refuse(before)
            line.send(data)
            if before is PrinterStatus.READY:
                line.ask(_PRINTED, self._timeout_s)
                _refuse(self._status(line))

    def status(self) -> PrinterStatus:
        try:
            with self._line() as line:
                return self._status(line)
        except PrinterOffline:
            return PrinterStatus.OFFLINE

    def _status(self, line: Line) -> PrinterStatus:
        cause = line.ask(_CAUSE, min(_ANSWER_S, self._timeout_s))
        if cause is None:
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
        return PrinterStatus.READY


def _refuse(status: PrinterStatus) -> None:
    fault = status.fault
    if fault:
        raise fault
