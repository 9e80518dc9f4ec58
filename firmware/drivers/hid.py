# SPDX-License-Identifier: Apache-2.0
"""Scanners that pretend to be keyboards: `hid:///dev/input/by-id/...` or `hid://any`.

Options: `layout` (the keyboard the scanner was set up for: us, fr, any name of libxkbcommon),
`prefix` and `suffix` (taken off each code).
"""

import logging
from collections.abc import Callable
from selectors import EVENT_READ, DefaultSelector
from socket import socketpair
from typing import Final

import evdev
from evdev import InputDevice, InputEvent, ecodes

from firmware.drivers.address import Address
from firmware.drivers.base import Put, Scanner
from firmware.drivers.codes import Assembler
from firmware.drivers.keymap import DOWN, UP, keymap
from firmware.faults import Forbidden, Unplugged

_EVERY: Final = "any"

_RESCAN_S: Final = 0.5
"""How soon, with `any`, one more scanner is noticed."""

_TYPES: Final = {ecodes.KEY_ENTER, ecodes.KEY_A, *range(ecodes.KEY_1, ecodes.KEY_0 + 1)}
"""What can press these is a keyboard or a scanner, not a mouse, a touchscreen or a power key."""

_log = logging.getLogger(__name__)


class HidScanner(Scanner):
    """One keyboard-like scanner, or with `any` all of them, taken from the rest of the system.

    The grab is exclusive: without it a scan would also type into whatever else listens.
    """

    def __init__(
        self,
        url: str,
        *,
        paths: Callable[[], list[str]] = evdev.list_devices,
        device: Callable[[str], InputDevice[str]] = InputDevice,
    ) -> None:
        self._address = Address.parse(url, options=("layout", "prefix", "suffix"))
        keymap(self._address)  # a wrong layout is said now, not at the first scan
        self.source = url
        self._every = self._address.place == _EVERY
        self._paths = paths if self._every else lambda: [self._address.place]
        self._device = device
        self._refused: set[str] = set()
        self._stopping, self._stop = socketpair()

    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        keyboards: dict[str, _Keyboard] = {}
        with DefaultSelector() as selector:
            selector.register(self._stopping, EVENT_READ)
            try:
                self._grab(keyboards, selector, put)
                ready()
                while True:
                    for key, _ in selector.select(_RESCAN_S):
                        keyboard: _Keyboard | None = key.data
                        if keyboard is None:
                            return
                        if not keyboard.read():
                            selector.unregister(keyboard.device)
                            keyboards.pop(keyboard.path).close()
                    self._grab(keyboards, selector, put)
            finally:
                for keyboard in keyboards.values():
                    keyboard.close()

    def stop(self) -> None:
        self._stop.send(b"stop")

    def _grab(self, keyboards: "dict[str, _Keyboard]", selector: DefaultSelector, put: Put) -> None:
        """Take every keyboard that is wanted and not ours yet.

        Raises:
            Unplugged: there is none.
            Forbidden: there is one, and we may not have it.
        """
        try:
            there = set(self._paths())
        except OSError:  # one went away while they were listed: look again soon
            there = set()
        self._refused &= there
        busy: Forbidden | None = None
        for path in sorted(there - keyboards.keys() - self._refused):
            try:
                device = self._device(path)
            except PermissionError:
                busy = Forbidden(
                    "Le terminal n’a pas le droit de lire le lecteur {path}.", path=path
                )
                continue
            except OSError:
                continue  # gone again, or not there yet
            if self._every and not _TYPES.issubset(device.capabilities().get(ecodes.EV_KEY, ())):
                self._refused.add(path)
                device.close()
                continue
            try:
                device.grab()
            except OSError:
                busy = Forbidden()
                device.close()
                continue
            keyboards[path] = _Keyboard(path, device, self._address, put)
            selector.register(device, EVENT_READ, keyboards[path])
            _log.info("scanner grabbed path=%s name=%r", path, device.name)
        if not keyboards:
            raise busy or Unplugged()
        self.found = [keyboard.device.name for keyboard in keyboards.values()]


class _Keyboard:
    """One grabbed device: key events in, readings out."""

    def __init__(self, path: str, device: InputDevice[str], address: Address, put: Put) -> None:
        self.path = path
        self.device = device
        self._address = address
        self._keys = keymap(address)
        self._codes = Assembler(
            device.phys or path,  # the socket it is plugged in: two may be of one make
            put,
            prefix=address.options.get("prefix", ""),
            suffix=address.options.get("suffix", ""),
        )

    def read(self) -> bool:
        """Take what arrived; False when the device is gone."""
        try:
            for event in self.device.read():
                self._take(event)
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True

    def close(self) -> None:
        self.device.close()

    def _take(self, event: InputEvent) -> None:
        match event.type, event.code:
            case ecodes.EV_KEY, code if event.value in (DOWN, UP):
                self._codes.feed(self._keys.key(code, event.value), event.timestamp())
            case ecodes.EV_SYN, ecodes.SYN_DROPPED:
                # the kernel lost keys, releases among them: nothing is known to be held down
                self._codes.spoil()
                self._keys = keymap(self._address)
