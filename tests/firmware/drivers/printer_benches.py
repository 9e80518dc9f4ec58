# SPDX-License-Identifier: Apache-2.0
"""A stand for each kind of printer: real sockets and terminals, with a small printer behind."""

import os
import socket
import tty
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from select import select
from threading import Event as Flag
from threading import Thread
from typing import ClassVar

from firmware.drivers.base import Printer, PrinterStatus
from firmware.drivers.file import FilePrinter
from firmware.drivers.mock import MockPrinter
from firmware.drivers.tcp import TcpPrinter


class Mechanism:
    """The inside of a receipt printer: takes bytes, answers questions, may run out of paper."""

    _CAUSES: ClassVar = {
        PrinterStatus.READY: 0x12,
        PrinterStatus.COVER_OPEN: 0x16,
        PrinterStatus.PAPER_OUT: 0x32,
    }

    def __init__(self) -> None:
        self.condition = PrinterStatus.READY
        self.paper = b""
        self.mute = False
        """Answers nothing, as cheap printers do."""
        self.last_sheet = False
        """The paper ends while the next receipt is printed."""

    def hear(self, data: bytes) -> bytes:
        """Take what came down the cable and give what goes back."""
        answer = b""
        while data:
            if data.startswith(b"\x10\x04\x02"):
                answer, data = answer + bytes([self._CAUSES[self.condition]]), data[3:]
            elif data.startswith(b"\x10\x04\x04"):
                empty = self.condition is PrinterStatus.PAPER_OUT
                answer, data = answer + (b"\x72" if empty else b"\x12"), data[3:]
            elif data.startswith(b"\x1dr\x01"):
                printed = self.condition is PrinterStatus.READY
                answer, data = answer + (b"\x00" if printed else b""), data[3:]
            else:
                self.paper, data = self.paper + data[:1], data[1:]
                if self.last_sheet:
                    self.condition = PrinterStatus.PAPER_OUT
        return b"" if self.mute else answer


class PrinterBench(ABC):
    """One printer, switched on."""

    printer: Printer

    @abstractmethod
    def paper(self) -> bytes:
        """Every byte it was given to print since the start."""

    @abstractmethod
    def set(self, condition: PrinterStatus) -> None:
        """Open its cover, take its paper, or make it well again."""

    @abstractmethod
    def remove(self) -> None:
        """Switch it off and carry it away."""

    def close(self) -> None:
        self.remove()


class TcpBench(PrinterBench):
    """A printer on a network that is only this machine."""

    def __init__(self, _folder: Path) -> None:
        self.mechanism = Mechanism()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._off = Flag()
        port = self._server.getsockname()[1]
        self.printer = TcpPrinter(f"tcp://127.0.0.1:{port}?timeout_s=0.3")
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def paper(self) -> bytes:
        return self.mechanism.paper

    def set(self, condition: PrinterStatus) -> None:
        self.mechanism.condition = condition

    def remove(self) -> None:
        self._off.set()
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while not self._off.is_set():
            if select((self._server,), (), (), 0.02)[0]:
                connection, _ = self._server.accept()
                with connection, suppress(OSError):
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        while not self._off.is_set():
            if select((connection,), (), (), 0.02)[0]:
                data = connection.recv(65536)
                if not data:
                    return
                connection.sendall(self.mechanism.hear(data))


class DeviceBench(PrinterBench):
    """A printer behind a device node: a raw terminal stands for /dev/usb/lp0."""

    def __init__(self, _folder: Path) -> None:
        self.mechanism = Mechanism()
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._off = Flag()
        self.printer = FilePrinter(f"file://{os.ttyname(self._slave)}?timeout_s=0.3")
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def paper(self) -> bytes:
        return self.mechanism.paper

    def set(self, condition: PrinterStatus) -> None:
        self.mechanism.condition = condition

    def remove(self) -> None:
        if not self._off.is_set():
            self._off.set()
            self._thread.join()
            os.close(self._slave)
            os.close(self._master)

    def _serve(self) -> None:
        while not self._off.is_set():
            if select((self._master,), (), (), 0.02)[0]:
                os.write(self._master, self.mechanism.hear(os.read(self._master, 65536)))


class MockBench(PrinterBench):
    def __init__(self, _folder: Path) -> None:
        self.printer: MockPrinter = MockPrinter("mock:")

    def paper(self) -> bytes:
        return b"".join(self.printer.receipts.values())

    def set(self, condition: PrinterStatus) -> None:
        self.printer.condition = condition

    def remove(self) -> None:
        self.printer.condition = PrinterStatus.OFFLINE


PRINTER_BENCHES = {"tcp": TcpBench, "file": DeviceBench, "mock": MockBench}
