# SPDX-License-Identifier: Apache-2.0
"""A stand for each kind of scanner: what a hand and a cable do, injected at the driver's door."""

import errno
import os
import struct
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from evdev import InputDevice, ecodes

from firmware.drivers.base import Scanner
from firmware.drivers.hid import HidScanner
from firmware.drivers.keytable import LAYOUTS
from firmware.drivers.mock import MockScanner
from firmware.drivers.serial import SerialScanner

_EVENT = struct.Struct("llHHi")
"""`struct input_event` of linux/input.h."""

_SHIFT = ecodes.KEY_LEFTSHIFT


class ScannerBench(ABC):
    """One scanner, plugged in."""

    scanner: Scanner

    @abstractmethod
    def send(self, text: str) -> None:
        """Let the scanner send characters, Enter being a carriage return."""

    @abstractmethod
    def unplug(self) -> None:
        """Pull the cable."""

    @abstractmethod
    def plug(self) -> None:
        """Put the cable back."""

    def close(self) -> None:
        self.unplug()


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


class HidBench(ScannerBench):
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


class SerialBench(ScannerBench):
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


class MockBench(ScannerBench):
    def __init__(self, _folder: Path) -> None:
        self.scanner: MockScanner = MockScanner("mock:")

    def send(self, text: str) -> None:
        self.scanner.send(text)

    def unplug(self) -> None:
        self.scanner.unplug()

    def plug(self) -> None:
        self.scanner.plug()


SCANNER_BENCHES = {"hid": HidBench, "serial": SerialBench, "mock": MockBench}
