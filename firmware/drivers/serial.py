# SPDX-License-Identifier: Apache-2.0
"""Scanners on a serial line, real or over USB: `serial:///dev/serial/by-id/...`.

Options: `baud` (9600), `prefix` and `suffix` (taken off each code).
"""

import errno
from codecs import getincrementaldecoder
from collections.abc import Callable
from select import select
from socket import socketpair
from time import monotonic
from typing import Final

from serial import Serial

from firmware.drivers.address import Address
from firmware.drivers.base import Put, Scanner
from firmware.drivers.codes import Assembler
from firmware.faults import Forbidden, Unplugged

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
        self._stopping, self._stop = socketpair()

    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        codes = Assembler(self.source, put, prefix=self._prefix, suffix=self._suffix)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        try:
            with Serial(self._path, self._baud, timeout=0, exclusive=True) as line:
                ready()
                while True:
                    arrived, _, _ = select((line, self._stopping), (), ())
                    if self._stopping in arrived:
                        return
                    codes.feed(decode(line.read(_CHUNK_BYTES)), monotonic())
        except OSError as error:
            taken = error.errno in (errno.EACCES, errno.EBUSY, errno.EAGAIN)
            raise (Forbidden if taken else Unplugged) from error

    def stop(self) -> None:
        self._stop.send(b"stop")
