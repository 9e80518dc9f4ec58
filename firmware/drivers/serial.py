# SPDX-License-Identifier: Apache-2.0
"""Scanners and printers on a serial line, real or over USB: `serial:///dev/serial/by-id/...`.

Options: `baud` (9600); of a scanner `prefix` and `suffix` (taken off each code), of a printer
`flow` (how it says that it is busy: `rts`, `xon`, or `none`).
"""

import errno
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from select import select
from socket import socketpair
from time import monotonic, sleep
from typing import Final

from serial import Serial

from firmware.drivers.address import Address
from firmware.drivers.base import Put, Scanner
from firmware.drivers.codes import Assembler
from firmware.drivers.line import CHUNK_BYTES, FileLine, Line
from firmware.drivers.thermal import ThermalPrinter
from firmware.faults import Forbidden, PrinterOffline, Unplugged

_DRAIN_S: Final = 0.01
_FLOWS: Final = ("none", "rts", "xon")


class SerialScanner(Scanner):
    """One scanner on one line, which no other program may open meanwhile.

    Name it by its `by-id` link: replugged, it may come back under another number.
    """

    def __init__(self, url: str) -> None:
        address = Address.parse(url, options=("baud", "prefix", "suffix"))
        self.source = url
        self._path = address.place
        self._baud = _baud(address)
        self._prefix = address.options.get("prefix", "")
        self._suffix = address.options.get("suffix", "")
        self._stopping, self._stop = socketpair()

    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        codes = Assembler(self.source, put, prefix=self._prefix, suffix=self._suffix)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        try:
            with Serial(self._path, self._baud, timeout=0, exclusive=True) as line:
                self.found = (self._path,)
                ready()
                while True:
                    arrived, _, _ = select((line, self._stopping), (), ())
                    if self._stopping in arrived:
                        return
                    codes.feed(decode(line.read(CHUNK_BYTES)), monotonic())
        except (OSError, termios.error) as error:
            taken = error.args[0] in (errno.EACCES, errno.EBUSY, errno.EAGAIN)
            raise (Forbidden if taken else Unplugged) from error

    def stop(self) -> None:
        self._stop.send(b"stop")


class SerialPrinter(ThermalPrinter):
    """One printer on one line, opened for each receipt."""

    def __init__(self, url: str) -> None:
        super().__init__(url, options=("baud", "flow"))
        self._baud = _baud(self._address)
        self._flow = self._address.options.get("flow", "none")
        if self._flow not in _FLOWS:
            raise self._address.refused("flow")

    @contextmanager
    def _line(self) -> Iterator[Line]:
        try:
            port = Serial(
                self._address.place,
                self._baud,
                timeout=0,
                exclusive=True,
                rtscts=self._flow == "rts",
                xonxoff=self._flow == "xon",
            )
        except (OSError, termios.error) as error:
            raise PrinterOffline from error
        try:
            yield FileLine(port.fileno(), timeout_s=self._timeout_s)
            self._drain(port)
        except PrinterOffline:
            with suppress(OSError, termios.error):
                # else closing waits half a minute for a printer that takes nothing
                port.reset_output_buffer()
            raise
        finally:
            port.close()

    def _drain(self, port: Serial) -> None:
        """Wait until the printer has taken what the system keeps for it."""
        try:
            left, last_s = port.out_waiting, monotonic() + self._timeout_s
            while left:
                if monotonic() > last_s:
                    raise PrinterOffline
                sleep(_DRAIN_S)
                before, left = left, port.out_waiting
                if left < before:
                    last_s = monotonic() + self._timeout_s
        except OSError as error:
            raise PrinterOffline from error


def _baud(address: Address) -> int:
    return int(address.number("baud", 9600, least=300, most=921_600))
