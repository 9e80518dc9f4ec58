# SPDX-License-Identifier: Apache-2.0
"""One conversation with a printer, whatever carries its bytes; never longer than its limits."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from select import select
from time import monotonic
from typing import Final

from firmware.faults import PrinterOffline

CHUNK_BYTES: Final = 4096

_SLOWEST_BYTES_S: Final = 500
"""A serial line of 9,600 baud carries twice as much; who takes less hangs."""


@dataclass(frozen=True, slots=True)
class Question:
    """A command that the printer answers with one byte, and how to tell that byte from others."""

    command: bytes
    fixed_bits: int
    fixed_value: int


class Line(ABC):
    """One open way to a printer."""

    def __init__(self, *, timeout_s: float, answers: bool = True) -> None:
        self._timeout_s = timeout_s
        self._answers = answers

    def send(self, data: bytes) -> None:
        """Hand over all the data.

        Raises:
            PrinterOffline: the printer took nothing for the length of the timeout, went away, or
                takes so little at a time that it would never end.
        """
        rest = memoryview(data)
        last_s = monotonic() + self._timeout_s + len(data) / _SLOWEST_BYTES_S
        while rest:
            taken = self.write(rest[:CHUNK_BYTES], self._timeout_s)
            rest = rest[taken:]
            if not taken or (rest and monotonic() > last_s):
                raise PrinterOffline

    def ask(self, question: Question, timeout_s: float) -> int | None:
        """The printer's one byte of answer, or None when it stays silent or only babbles."""
        if not self._answers:
            return None
        self.read(0)  # a late answer to an earlier question is none to this one
        self.send(question.command)
        last_s = monotonic() + timeout_s
        while (left_s := last_s - monotonic()) > 0:
            for byte in reversed(self.read(left_s)):
                if byte & question.fixed_bits == question.fixed_value:
                    return byte
        return None

    @abstractmethod
    def write(self, data: memoryview, timeout_s: float) -> int:
        """Hand over some of the data; how much was taken, 0 when nothing was in time.

        MUST raise PrinterOffline when the printer is gone.
        """

    @abstractmethod
    def read(self, timeout_s: float) -> bytes:
        """What the printer said; nothing when it was silent for so long.

        MUST raise PrinterOffline when the printer is gone.
        """

    def paper_is_out(self) -> bool:
        """Whether the line itself, without a question, says that there is no paper."""
        return False


class FileLine(Line):
    """A printer behind a file descriptor that does not block: a socket, a device, a plain file."""

    def __init__(self, fd: int, *, timeout_s: float, answers: bool = True) -> None:
        super().__init__(timeout_s=timeout_s, answers=answers)
        self._fd = fd

    def write(self, data: memoryview, timeout_s: float) -> int:
        _, writable, _ = select((), (self._fd,), (), timeout_s)
        try:
            return os.write(self._fd, data) if writable else 0
        except BlockingIOError:  # there was less room than the system promised
            return 0
        except OSError as error:
            raise PrinterOffline from error

    def read(self, timeout_s: float) -> bytes:
        if not select((self._fd,), (), (), timeout_s)[0]:
            return b""
        try:
            received = os.read(self._fd, CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterOffline from error
        if not received:  # the far end closed
            raise PrinterOffline
        return received
