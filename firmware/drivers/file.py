# SPDX-License-Identifier: Apache-2.0
"""Receipt printers that are a file: `file:///dev/usb/lp0`, or any file to look into."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Final

from firmware.drivers.line import FileLine, Line
from firmware.drivers.thermal import ThermalPrinter
from firmware.faults import PrinterOffline

_DEVICES: Final = Path("/dev")


class FilePrinter(ThermalPrinter):
    """A printer's device node, or a plain file that receipts are added to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._path = Path(self._address.place)

    @contextmanager
    def _line(self) -> Iterator[Line]:
        # a printer that is unplugged must not become a plain file in its place
        create = 0 if self._path.is_relative_to(_DEVICES) else os.O_CREAT
        flags = os.O_RDWR | os.O_APPEND | os.O_NONBLOCK | create
        try:
            fd = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise PrinterOffline from error
        try:
            device = stat.S_ISCHR(os.fstat(fd).st_mode)
            yield FileLine(fd, timeout_s=self._timeout_s, answers=device)
            # at the closing usblp throws away what the printer has not taken yet
            if not select((), (fd,), (), self._timeout_s)[1]:
                raise PrinterOffline
        finally:
            os.close(fd)
