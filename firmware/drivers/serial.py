# SPDX-License-Identifier: Apache-2.0
"""Scanners on a serial line, real or over USB: `serial:///dev/serial/by-id/...`.

Options: `baud` (9600), `prefix` and `suffix` (taken off each code).
"""

import errno
from codecs import getincrementaldecoder
from collections.abc import Callable
from threading import Event as Flag
from time import monotonic
from typing import Final

from serial import Serial

from firmware.drivers.address import Address
from firmware.drivers.base import Put, Scanner
from firmware.drivers.codes import Assembler
from firmware.faults import Forbidden, Unplugged

_TICK_S: Final = 0.5
"""How soon a stop is noticed."""

_CHUNK_BYTES: Final = 4096


class SerialScanner(Scanner):
    """One scanner on one line, which no other program may open meanwhile.

    Name it by its `by-id` link: replugged, it may come back under another number.
    """

    def __init__(self, url: str) -> None:
        address = Address.parse(url, options=("baud", "prefix", "suffix"))
        self.source = url
        self._path = address.place
        self._baud = int(address.number("baud", 9600, least=300, most=921_600))
        self._prefix = address.options.get("prefix", "")
        self._suffix = address.options.get("suffix", "")
        self._stopping = Flag()

    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        codes = Assembler(self.source, put, prefix=self._prefix, suffix=self._suffix)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        try:
            with Serial(self._path, self._baud, timeout=_TICK_S, exclusive=True) as line:
                ready()
                while not self._stopping.is_set():
                    # wait for one byte, then take what came with it
                    received = line.read(1)
                    received += line.read(min(line.in_waiting, _CHUNK_BYTES))
                    codes.feed(decode(received), monotonic())
        except OSError as error:
            taken = error.errno in (errno.EACCES, errno.EBUSY, errno.EAGAIN)
            raise (Forbidden if taken else Unplugged) from error

    def stop(self) -> None:
        self._stopping.set()
