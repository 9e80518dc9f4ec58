# SPDX-License-Identifier: Apache-2.0
"""Receipt printers on the network: `tcp://192.168.1.9:9100`."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

from firmware.drivers.line import FileLine, Line
from firmware.drivers.thermal import ThermalPrinter
from firmware.faults import BadSetting, PrinterOffline

_PORT: Final = 9100


class TcpPrinter(ThermalPrinter):
    """One connection for each receipt: these printers serve one client at a time, and drop it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        parts = urlsplit(url)
        try:
            self._host, self._port = parts.hostname or "", parts.port or _PORT
        except ValueError:
            self._host = ""
        if not self._host:
            raise BadSetting("Adresse d’imprimante illisible : {url}.", url=url)

    @contextmanager
    def _line(self) -> Iterator[Line]:
        try:
            connection = socket.create_connection((self._host, self._port), self._timeout_s)
        except OSError as error:
            raise PrinterOffline from error
        with connection:
            connection.settimeout(0)
            yield FileLine(connection.fileno(), timeout_s=self._timeout_s)
            with suppress(OSError):
                # say the end first: a bare close may throw away what is still under way
                connection.shutdown(socket.SHUT_WR)
