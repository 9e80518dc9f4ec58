# SPDX-License-Identifier: Apache-2.0
"""A stand for each kind of scanner: what a hand and a cable do, injected at the driver's door."""

import errno
import os
import struct
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Condition

from evdev import InputDevice, ecodes

from firmware.drivers.base import Scanner
from firmware.drivers.hid import HidScanner
from firmware.drivers.intake import READINGS
from firmware.drivers.keytable import LAYOUTS
from firmware.drivers.mock import MockScanner
from firmware.drivers.pcsc import PcscScanner
from firmware.drivers.serial import SerialScanner
from firmware.drivers.winscard import COUNT_BITS, PRESENT
from firmware.faults import Fault, Unplugged
from tests.firmware.drivers.events import eventually

_EVENT = struct.Struct("llHHi")
"""`struct input_event` of linux/input.h."""

_SHIFT = ecodes.KEY_LEFTSHIFT

_EMPTY = 0x10
"""The state of a reader on which nothing lies."""

MANY = 3 * READINGS


class ScannerBench(ABC):
    """One scanner, plugged in."""

    scanner: Scanner
    away: type[Fault] = Unplugged
    """What is said when the cable is pulled."""

    @abstractmethod
    def show(self, card: str) -> None:
        """Show a card, and wait until it was seen where that matters."""

    @abstractmethod
    def flood(self) -> None:
        """Let it read many more cards than anybody could show."""

    @abstractmethod
    def unplug(self) -> None:
        """Pull the cable."""

    @abstractmethod
    def plug(self) -> None:
        """Put the cable back."""

    def close(self) -> None:
        self.unplug()


class TypingBench(ScannerBench):
    """A scanner that sends characters one by one."""

    @abstractmethod
    def send(self, text: str) -> None:
        """Let the scanner send characters, Enter being a carriage return."""

    def show(self, card: str) -> None:
        self.send(f"{card}\r")

    def flood(self) -> None:
        self.send("A1\r" * MANY)


class FakeKeyboard(InputDevice[str]):
    """A keyboard that is a pipe of the kernel's own event structures, read by evdev's own code."""

    def __init__(self, path: str, *, keys: tuple[int, ...] = tuple(range(1, 100))) -> None:
        self.path = path
        self.name = f"Keyboard at {path}"
        self.phys = f"usb-{path}"
        self.fd, self._far_end = os.pipe()
        os.set_blocking(self.fd, False)
        self._keys = keys
        self._at_us = 1_000_000_000
        self.grabbed_by_another = False
        self.gone = False

    def capabilities(self, *_args: object, **_options: object) -> dict[int, list[int]]:
        return {ecodes.EV_KEY: list(self._keys)}

    def grab(self) -> None:
        if self.grabbed_by_another:
            raise OSError(errno.EBUSY, "Device or resource busy")

    def read(self):
        if self.gone:
            raise OSError(errno.ENODEV, "No such device")
        return super().read()

    def emit(self, kind: int, code: int, value: int, *, after_us: int = 500) -> None:
        """Add one event to the stream."""
        self._at_us += after_us
        event = _EVENT.pack(*divmod(self._at_us, 1_000_000), kind, code, value)
        with suppress(BrokenPipeError):  # nobody listens any more
            os.write(self._far_end, event)

    def press(self, code: int, *held: int) -> None:
        """Press and release a key while others are held down."""
        for key, value in (*((k, 1) for k in held), (code, 1), (code, 0), *((k, 0) for k in held)):
            self.emit(ecodes.EV_KEY, key, value)
            self.emit(ecodes.EV_SYN, ecodes.SYN_REPORT, 0, after_us=0)

    def type(self, text: str) -> None:
        """Type as a scanner set up for a US keyboard does."""
        plain, shifted = LAYOUTS["us"]
        for character in text:
            codes = [code for code, typed in plain.items() if typed == character]
            if codes:
                self.press(codes[0])
            else:
                self.press(next(c for c, typed in shifted.items() if typed == character), _SHIFT)

    def pause(self, seconds: float) -> None:
        """Let time pass on the scanner's clock."""
        self._at_us += round(seconds * 1_000_000)

    def vanish(self) -> None:
        """Go away as an unplugged device does."""
        if not self.gone:
            self.gone = True
            os.close(self._far_end)


class FakeBus:
    """What is plugged into a computer: the two functions of evdev that look there."""

    def __init__(self) -> None:
        self.plugged: dict[str, FakeKeyboard] = {}

    def paths(self) -> list[str]:
        return list(self.plugged)

    def open(self, path: str) -> InputDevice[str]:
        try:
            return self.plugged[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    def plug(self, keyboard: FakeKeyboard) -> FakeKeyboard:
        self.plugged[keyboard.path] = keyboard
        return keyboard

    def unplug(self, path: str) -> None:
        keyboard = self.plugged.pop(path, None)
        if keyboard:
            keyboard.vanish()


class HidBench(TypingBench):
    path = "/dev/input/by-id/usb-Honeywell_1400g-event-kbd"

    def __init__(self, _folder: Path) -> None:
        self.bus = FakeBus()
        self.scanner = HidScanner(f"hid://{self.path}", device=self.bus.open)
        self.plug()

    def send(self, text: str) -> None:
        self.bus.plugged[self.path].type(text)

    def unplug(self) -> None:
        self.bus.unplug(self.path)

    def plug(self) -> None:
        self.bus.plug(FakeKeyboard(self.path))


class SerialBench(TypingBench):
    def __init__(self, folder: Path) -> None:
        self._by_id = folder / "usb-Datalogic_QD2131"
        self.scanner = SerialScanner(f"serial://{self._by_id}")
        self._master: int | None = None
        self.plug()

    def send(self, text: str) -> None:
        assert self._master is not None
        rest = text.encode()
        while rest:
            rest = rest[os.write(self._master, rest[:512]) :]

    def unplug(self) -> None:
        if self._master is not None:
            self._by_id.unlink()
            os.close(self._master)
            self._master = None

    def plug(self) -> None:
        self._master, slave = os.openpty()
        self._by_id.symlink_to(os.ttyname(slave))
        os.close(slave)


class MockBench(TypingBench):
    def __init__(self, _folder: Path) -> None:
        self.scanner: MockScanner = MockScanner("mock:")

    def send(self, text: str) -> None:
        self.scanner.send(text)

    def unplug(self) -> None:
        self.scanner.unplug()

    def plug(self) -> None:
        self.scanner.plug()


class FakePcsc:
    """pcscd as `winscard.Service` shows it: readers with states, tags that come and go."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.events: dict[str, int] = {}
        self.changed = Condition()
        self.listening = False
        self.watched: tuple[str, ...] = ()
        self.asked = ""
        """Whose number was asked for last."""

    def open(self) -> "FakePcsc":
        self.listening = True
        return self

    def plug(self, reader: str) -> None:
        with self.changed:
            self.events[reader] = 0
            self.changed.notify_all()

    def unplug(self, reader: str) -> None:
        with self.changed:
            self.events.pop(reader, None)
            self.tags.pop(reader, None)
            self.changed.notify_all()

    def lay(self, reader: str, uid: str) -> None:
        """Lay a tag on a reader, in place of the one that may lie there."""
        with self.changed:
            if reader in self.events:
                self.events[reader] += 2 if reader in self.tags else 1
                self.tags[reader] = uid
                self.changed.notify_all()

    def lift(self, reader: str) -> None:
        with self.changed:
            self.events[reader] += 1
            del self.tags[reader]
            self.changed.notify_all()

    def readers(self) -> list[str]:
        return list(self.events)

    def wait(self, known: Mapping[str, int], timeout_s: float) -> dict[str, int]:
        self.watched = tuple(known)
        with self.changed:
            self.changed.wait_for(lambda: self._news(known), timeout_s)
            return self._news(known)

    def uid(self, reader: str) -> bytes:
        self.asked = self.tags.get(reader, "")
        return bytes.fromhex(self.asked)

    def close(self) -> None:
        self.listening = False

    def _news(self, known: Mapping[str, int]) -> dict[str, int]:
        states = {
            reader: self.events[reader] << COUNT_BITS | (PRESENT if reader in self.tags else _EMPTY)
            for reader in known
            if reader in self.events
        }
        return {reader: state for reader, state in states.items() if state != known[reader]}


class PcscBench(ScannerBench):
    """A contactless reader whose pcscd is ours."""

    reader = "ACS ACR122U 00 00"

    def __init__(self, _folder: Path) -> None:
        self.pcsc = FakePcsc()
        self.scanner = PcscScanner("pcsc://acr122u", service=self.pcsc.open)
        self.plug()

    def show(self, card: str) -> None:
        self.pcsc.lay(self.reader, card)
        eventually(lambda: not self.pcsc.listening or self.pcsc.asked == card)

    def flood(self) -> None:
        for number in range(MANY):
            self.show(f"{number:08X}")

    def unplug(self) -> None:
        self.pcsc.unplug(self.reader)

    def plug(self) -> None:
        self.pcsc.plug(self.reader)


SCANNER_BENCHES = {"hid": HidBench, "serial": SerialBench, "pcsc": PcscBench, "mock": MockBench}
TYPING_BENCHES = {"hid": HidBench, "serial": SerialBench, "mock": MockBench}
