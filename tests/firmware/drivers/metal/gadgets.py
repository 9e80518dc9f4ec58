# SPDX-License-Identifier: Apache-2.0
"""USB hardware made of the kernel's own gadgets: what is plugged in here, its host drivers find."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from select import select
from typing import Final

from evdev import ecodes

from firmware.drivers.keytable import LAYOUTS
from tests.firmware.drivers.events import eventually

_CONFIG: Final = Path("/sys/kernel/config/usb_gadget")
_SOCKETS: Final = Path("/sys/class/udc")

_ENGLISH: Final = "0x409"
_PATIENCE_S: Final = 1.0

_KEYBOARD: Final = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501"
    "050819012905910295017503910395067508150025650507190029658100c0"
)
"""The report descriptor of a keyboard, as HID's appendix prints it."""

_SHIFT: Final = 0x02
_RELEASED: Final = bytes(8)

_USAGES: Final = {
    **{
        ecodes.ecodes[f"KEY_{letter}"]: 4 + i
        for i, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    },
    **{ecodes.ecodes[f"KEY_{digit}"]: 30 + i for i, digit in enumerate("1234567890")},
    ecodes.KEY_ENTER: 40,
    ecodes.KEY_TAB: 43,
    ecodes.KEY_SPACE: 44,
    ecodes.KEY_MINUS: 45,
    ecodes.KEY_SEMICOLON: 51,
    ecodes.KEY_SLASH: 56,
}
"""The kernel's keys by HID's numbers of them."""


class Gadget:
    """One piece of USB hardware with one function, plugged into a free socket by `plug`."""

    def __init__(self, name: str, function: str, settings: Mapping[str, bytes | str]) -> None:
        self._root = _CONFIG / name
        self.function = self._root / "functions" / function
        (self._root / "strings" / _ENGLISH).mkdir(parents=True)
        self._set("idVendor", "0x0c2e")
        self._set("idProduct", "0x0b61")
        self._set(f"strings/{_ENGLISH}/product", name)
        self.function.mkdir(parents=True)
        for setting, value in settings.items():
            raw = value if isinstance(value, bytes) else value.encode()
            (self.function / setting).write_bytes(raw)
        config = self._root / "configs" / "c.1"
        config.mkdir(parents=True)
        (config / function).symlink_to(self.function)

    def plug(self) -> None:
        used = {udc.read_text().strip() for udc in _CONFIG.glob("*/UDC")}
        free = sorted(socket.name for socket in _SOCKETS.iterdir() if socket.name not in used)
        self._set("UDC", free[0])

    def unplug(self) -> None:
        if (self._root / "UDC").read_text().strip():
            self._set("UDC", "\n")

    def remove(self) -> None:
        self.unplug()
        for link in (self._root / "configs" / "c.1").iterdir():
            if link.is_symlink():
                link.unlink()
        for folder in ("configs/c.1", f"functions/{self.function.name}", f"strings/{_ENGLISH}"):
            (self._root / folder).rmdir()
        self._root.rmdir()

    def _set(self, name: str, value: str) -> None:
        (self._root / name).write_text(value)


class Keyboard(Gadget):
    """A scanner that is a keyboard."""

    def __init__(self, name: str) -> None:
        super().__init__(
            name,
            f"hid.{name}",
            {"protocol": "1", "subclass": "1", "report_length": "8", "report_desc": _KEYBOARD},
        )

    def type(self, text: str) -> None:
        """Press and release key after key, as fast as the bus takes them."""
        major, minor = map(int, (self.function / "dev").read_text().split(":"))
        there = (
            p for p in Path("/dev").glob("hidg*") if p.stat().st_rdev == os.makedev(major, minor)
        )
        fd = os.open(next(there), os.O_RDWR | os.O_NONBLOCK)
        try:
            for character in text:
                for report in (_pressed(character), _RELEASED):
                    if not select((), (fd,), (), _PATIENCE_S)[1]:
                        return  # nobody listens
                    os.write(fd, report)
        finally:
            os.close(fd)


def _pressed(character: str) -> bytes:
    plain, shifted = LAYOUTS["us"]
    for keys, held in ((plain, 0), (shifted, _SHIFT)):
        for code, typed in keys.items():
            if typed == character and code in _USAGES:
                return bytes([held, 0, _USAGES[code], 0, 0, 0, 0, 0])
    raise ValueError(character)


def appears(path: str) -> None:
    """Wait until the host's driver has made its device."""
    eventually(Path(path).exists)


def pulled(fd: int) -> None:
    """Close the far end, whatever is left of it."""
    with suppress(OSError):
        os.close(fd)
