# SPDX-License-Identifier: Apache-2.0
"""Run in the small machine: the contract over the kernel's drivers, and what only a kernel can do."""

import os
import tty
from contextlib import closing, suppress
from pathlib import Path
from select import select
from threading import Event as Flag
from threading import Thread

import pytest
from evdev import InputDevice

from firmware.drivers.base import Away, Connected, Event, PrinterStatus, Reading
from firmware.drivers.file import FilePrinter
from firmware.drivers.hid import HidScanner
from firmware.drivers.intake import Intake
from firmware.drivers.serial import SerialScanner
from firmware.drivers.supervise import Scanning
from firmware.drivers.usb import UsbPrinter
from firmware.faults import Forbidden
from tests.firmware.drivers.contract import (
    CableContract,
    PrinterContract,
    ScannerContract,
    TypingContract,
)
from tests.firmware.drivers.events import eventually, heard
from tests.firmware.drivers.mechanism import RUBBISH, Mood
from tests.firmware.drivers.metal.gadgets import Gadget, Keyboard, appears
from tests.firmware.drivers.printer_benches import CableBench
from tests.firmware.drivers.scanner_benches import TypingBench

INPUTS = Path("/dev/input")


def plugged(keyboard: Keyboard) -> Path:
    """The device that the kernel makes of a keyboard that is plugged in now."""
    before = set(INPUTS.glob("event*"))
    keyboard.plug()
    eventually(lambda: set(INPUTS.glob("event*")) - before)
    (path,) = set(INPUTS.glob("event*")) - before
    return path


class KeyboardBench(TypingBench):
    """A USB keyboard, found by the kernel's usbhid."""

    def __init__(self) -> None:
        self.gadget = Keyboard("honeywell")
        self.scanner = HidScanner("hid://any")
        self.plug()

    def send(self, text: str) -> None:
        self.gadget.type(text)

    def unplug(self) -> None:
        self.gadget.unplug()
        eventually(lambda: not self.path.exists())

    def plug(self) -> None:
        self.path = plugged(self.gadget)

    def close(self) -> None:
        self.unplug()
        self.gadget.remove()


class SerialBench(TypingBench):
    """A USB serial line, found by the kernel's cdc_acm."""

    def __init__(self) -> None:
        self.gadget = Gadget("datalogic", "acm.datalogic", {})
        self.scanner = SerialScanner("serial:///dev/ttyACM0")
        self._fd = -1
        self.plug()

    def send(self, text: str) -> None:
        rest = text.encode()
        while rest and select((), (self._fd,), (), 1)[1]:
            rest = rest[os.write(self._fd, rest[:512]) :]

    def unplug(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        self.gadget.unplug()

    def plug(self) -> None:
        self.gadget.plug()
        appears("/dev/ttyACM0")
        self._fd = os.open("/dev/ttyGS0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)

    def close(self) -> None:
        self.unplug()
        self.gadget.remove()


class ReceiptBench(CableBench):
    """A USB printer, found by the kernel's usblp, with a thread of ours inside."""

    def __init__(self) -> None:
        super().__init__()
        self.gadget = Gadget("epson", "printer.epson", {"q_len": "8"})
        self._off = Flag()
        self._thread: Thread | None = None
        self.restore()

    def restore(self) -> None:
        self.mechanism.lasts = None
        self.gadget.plug()
        appears("/dev/usb/lp0")
        self._off.clear()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def remove(self) -> None:
        self._stop()
        self.gadget.unplug()
        eventually(lambda: not Path("/dev/usb/lp0").exists())

    def close(self) -> None:
        self._stop()
        self.gadget.remove()

    def _stop(self) -> None:
        self._off.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def _serve(self) -> None:
        fd = os.open("/dev/g_printer0", os.O_RDWR | os.O_NONBLOCK)
        try:
            while not (self._off.is_set() or self.mechanism.torn_off):
                self._live(fd)
        finally:
            os.close(fd)
        if self.mechanism.torn_off:
            self.gadget.unplug()

    def _live(self, fd: int) -> None:
        mood = self.mechanism.mood
        with suppress(BlockingIOError):
            if mood is Mood.FLOODING:
                os.write(fd, RUBBISH)
            if mood is Mood.HANGING or not select((fd,), (), (), 0.02)[0]:
                self._off.wait(0.02)
                return
            answer = self.mechanism.hear(os.read(fd, 8192))
            if answer:
                os.write(fd, answer)


class LpBench(ReceiptBench):
    """As the file that usblp makes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.printer = FilePrinter("file:///dev/usb/lp0?timeout_s=2")


class UsbBench(ReceiptBench):
    """As the library takes it away from usblp."""

    def __init__(self) -> None:
        super().__init__()
        self.printer = UsbPrinter("usb://0c2e:0b61?timeout_s=2")

    def remove(self) -> None:
        self._stop()
        self.gadget.unplug()


def stand(*kinds: type):
    """A fixture that gives one bench after the other."""

    @pytest.fixture(params=kinds, ids=lambda kind: kind.__name__)
    def bench(self, request):
        bench = request.param()
        yield bench
        bench.close()

    return bench


class TestScanners(ScannerContract):
    bench = stand(KeyboardBench, SerialBench)


class TestTyping(TypingContract):
    bench = stand(KeyboardBench, SerialBench)


class TestPrinters(PrinterContract):
    bench = stand(LpBench, UsbBench)


class TestCables(CableContract):
    bench = stand(LpBench, UsbBench)


@pytest.fixture
def intake():
    return Intake[Event]()


@pytest.fixture
def listening(intake):
    """The terminal, listening to every scanner there is."""
    scanning = Scanning(HidScanner("hid://any"), first_pause_s=0.01)
    yield scanning
    scanning.stop()


@pytest.fixture
def keyboard():
    bench = KeyboardBench()
    yield bench
    bench.close()


def test_what_is_scanned_reaches_nobody_else(keyboard, intake, listening):
    with closing(InputDevice(keyboard.path)) as another:
        listening.start(intake.put)
        heard(intake, Connected)
        keyboard.show("2000000000015")
        assert heard(intake, Reading).code == "2000000000015"
        assert another.read_one() is None
        with pytest.raises(OSError, match="busy"):
            another.grab()


def test_a_scanner_that_another_program_holds_is_said(keyboard, intake, listening):
    with closing(InputDevice(keyboard.path)) as another:
        another.grab()
        listening.start(intake.put)
        assert isinstance(heard(intake, Away).fault, Forbidden)
        another.ungrab()
        heard(intake, Connected)


def test_two_scanners_at_once_do_not_mix(keyboard, intake, listening):
    second = Keyboard("zebra")
    path = plugged(second)
    try:
        listening.start(intake.put)
        heard(intake, Connected)
        threads = [
            Thread(target=keyboard.gadget.type, args=("LEFT77\r",)),
            Thread(target=second.type, args=("right8\r",)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        read = [heard(intake, Reading) for _ in threads]
        assert {reading.code for reading in read} == {"LEFT77", "right8"}
        assert len({reading.source for reading in read}) == 2
    finally:
        second.unplug()
        eventually(lambda: not path.exists())
        second.remove()


def test_usblp_s_printer_is_ready_on_both_ways():
    bench = LpBench()
    try:
        assert bench.printer.status() is PrinterStatus.READY
        assert UsbPrinter("usb://any").status() is PrinterStatus.READY
    finally:
        bench.close()
