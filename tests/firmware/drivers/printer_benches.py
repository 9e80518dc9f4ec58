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
from firmware.drivers.serial import SerialPrinter
from firmware.drivers.tcp import TcpPrinter
from firmware.drivers.usb import UsbPrinter
from tests.firmware.drivers.fake_usb import FakeBus, FakeDevice
from tests.firmware.drivers.mechanism import RUBBISH, Mechanism, Mood

TIMEOUT = "timeout_s=0.5"
_POLL_S = 0.02
_MOST_BYTES = 65_536


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

    @abstractmethod
    def restore(self) -> None:
        """Bring it back and switch it on."""

    def close(self) -> None:
        self.remove()


class CableBench(PrinterBench):
    """A printer at the end of some cable, with a mechanism of its own."""

    def __init__(self) -> None:
        self.mechanism = Mechanism()

    def paper(self) -> bytes:
        return self.mechanism.paper

    def set(self, condition: PrinterStatus) -> None:
        self.mechanism.condition = condition


class ServedBench(CableBench):
    """A cable whose far end is a thread of ours."""

    def __init__(self) -> None:
        super().__init__()
        self._off = Flag()
        self._thread: Thread | None = None

    def restore(self) -> None:
        self.mechanism.lasts = None
        self._off.clear()
        self._plug()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def remove(self) -> None:
        if self._thread:
            self._off.set()
            self._thread.join()
            self._thread = None
            self._unplug()

    @abstractmethod
    def _plug(self) -> None: ...

    @abstractmethod
    def _unplug(self) -> None: ...

    @abstractmethod
    def _serve(self) -> None:
        """Live as a printer until `_off`."""

    def _talk(self, fd: int) -> None:
        """Answer one end of a cable until it is pulled."""
        while not (self._off.is_set() or self.mechanism.torn_off):
            mood = self.mechanism.mood
            if mood is Mood.FLOODING and select((), (fd,), (), 0)[1]:
                with suppress(BlockingIOError):
                    os.write(fd, RUBBISH)
            if mood is Mood.HANGING:
                self._off.wait(_POLL_S)
            elif select((fd,), (), (), 0 if mood is Mood.FLOODING else _POLL_S)[0]:
                data = os.read(fd, _MOST_BYTES)
                if not data:
                    return
                os.write(fd, self.mechanism.hear(data))


class TcpBench(ServedBench):
    """A printer on a network that is only this machine."""

    def __init__(self, _folder: Path) -> None:
        super().__init__()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._port = self._server.getsockname()[1]
        self._server.close()
        self.printer = TcpPrinter(f"tcp://127.0.0.1:{self._port}?{TIMEOUT}")
        self.restore()

    def _plug(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self._port))

    def _unplug(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while not self._off.is_set():
            if select((self._server,), (), (), _POLL_S)[0]:
                connection, _ = self._server.accept()
                with connection, suppress(OSError):
                    self._talk(connection.fileno())


class TerminalBench(ServedBench):
    """A printer behind a device node: a raw terminal stands for it."""

    _names: ClassVar = iter(range(1_000_000))

    def __init__(self) -> None:
        super().__init__()
        # in /dev, as the real one: what is missing there is not made
        self.path = Path(f"/dev/shm/comptoir-printer-{os.getpid()}-{next(self._names)}")
        self._master = self._slave = -1
        self.restore()

    def _plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path.symlink_to(os.ttyname(self._slave))

    def _unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        self._pull()

    def _pull(self) -> None:
        for fd in (self._slave, self._master):
            if fd >= 0:
                os.close(fd)
        self._master = self._slave = -1

    def _serve(self) -> None:
        with suppress(OSError):
            self._talk(self._master)
        if self.mechanism.torn_off:
            self._pull()


class FileBench(TerminalBench):
    """/dev/usb/lp0."""

    def __init__(self, _folder: Path) -> None:
        super().__init__()
        self.printer = FilePrinter(f"file://{self.path}?{TIMEOUT}")


class SerialBench(TerminalBench):
    """/dev/serial/by-id/..."""

    def __init__(self, _folder: Path) -> None:
        super().__init__()
        self.printer = SerialPrinter(f"serial://{self.path}?baud=115200&{TIMEOUT}")


class UsbBench(CableBench):
    """A printer on a bus that is the library's own door."""

    def __init__(self, _folder: Path) -> None:
        super().__init__()
        self.device = FakeDevice(self.mechanism)
        self.bus = FakeBus(self.device)
        self.printer = UsbPrinter(f"usb://04b8:0e15?{TIMEOUT}", backend=lambda: self.bus)

    def remove(self) -> None:
        self.device.plugged = False

    def restore(self) -> None:
        self.mechanism.lasts = None
        # replugged, the system's own driver has it again
        self.device.plugged = self.device.taken_by_kernel = True


class MockBench(PrinterBench):
    def __init__(self, _folder: Path) -> None:
        self.printer: MockPrinter = MockPrinter("mock:")

    def paper(self) -> bytes:
        return b"".join(self.printer.receipts.values())

    def set(self, condition: PrinterStatus) -> None:
        self.printer.condition = condition

    def remove(self) -> None:
        self.printer.condition = PrinterStatus.OFFLINE

    def restore(self) -> None:
        self.printer.condition = PrinterStatus.READY


CABLE_BENCHES = {"usb": UsbBench, "serial": SerialBench, "tcp": TcpBench, "file": FileBench}
PRINTER_BENCHES = {**CABLE_BENCHES, "mock": MockBench}
