# SPDX-License-Identifier: Apache-2.0
"""Which machine this is, and its pulse: systemd restarts a program whose loop stands still."""

import hashlib
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHANGELOG: Final = Path(__file__).parent.parent / "CHANGELOG.md"
BOARD: Final = (Path("/proc/device-tree/serial-number"), Path("/etc/machine-id"))
CARD: Final = Path("/sys/block/mmcblk0/device/cid")
PULSE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What a terminal tells the hub of itself."""

    hw_id: str
    """Differs when the card was put into another board, or the other way round."""
    software: str
    """Comptoir's version."""


def this_machine() -> Machine:
    """The board, the card and the software that run."""
    board = next((text for path in BOARD if (text := _read(path))), "")
    hw_id = hashlib.sha256(f"{board}\n{_read(CARD)}".encode()).hexdigest()
    version = re.search(r"^## (\S+)", _read(CHANGELOG), re.MULTILINE)
    return Machine(hw_id=hw_id, software=version[1] if version else "")


class Pulse:
    """Tells systemd that the program is ready, and then that its loop turns."""

    def __init__(self) -> None:
        address = os.environ.get("NOTIFY_SOCKET", "")
        # an address that starts with @ is an abstract one: a zero byte on Linux
        self._address = address.replace("@", "\0", 1) if address.startswith("@") else address
        self._next_s = 0.0

    def ready(self) -> None:
        """Say once that it serves."""
        self._say("READY=1")

    def beat(self, now_s: float) -> None:
        """Say at each turn of the loop that it turns; most turns need no word."""
        if now_s >= self._next_s:
            self._next_s = now_s + PULSE_S
            self._say("WATCHDOG=1")

    def _say(self, text: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth:
            mouth.settimeout(0)
            try:
                mouth.sendto(text.encode(), self._address)
            except OSError:
                # systemd is not there or does not listen now; the next beat may reach it
                return


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        return ""
