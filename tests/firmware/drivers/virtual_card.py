# SPDX-License-Identifier: Apache-2.0
"""A real pcscd of our own, Debian's virtual reader in it, and a small tag to lay on that."""

import os
import shutil
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

from tests.firmware.drivers.events import eventually

DRIVER: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PCSCD: Final = "/usr/sbin/pcscd"
READER: Final = "Virtual PCD 00 00"

_ATR: Final = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
"""What PC/SC part 3 says of a contactless tag."""

_GET_UID: Final = bytes.fromhex("FFCA000000")
_PORTS: Final = range(20_000, 30_000)

_GIVE_ATR: Final = b"\x04"
"""The one question of a single byte that is answered; the others switch the tag on and off."""


class Daemon:
    """pcscd, with a /run of its own: the machine's own pcscd, if any, is left alone."""

    def __init__(self, folder: Path) -> None:
        self.port = _two_free_ports()  # this reader takes one for each of its two slots
        self._run = folder / "run"
        readers = folder / "readers"
        readers.mkdir(parents=True)
        (readers / "vpcd").write_text(
            'FRIENDLYNAME "Virtual PCD"\n'
            f"DEVICENAME /dev/null:{self.port:#x}\n"
            f"LIBPATH {DRIVER}\n"
            f"CHANNELID {self.port:#x}\n"
        )
        inside = f"mount --bind {self._run} /run && exec {PCSCD} --foreground --config {readers}"
        self._command = ["unshare", "--map-root-user", "--mount", "sh", "-c", inside]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where its clients find it, seen from outside."""
        return self._run / "pcscd" / "pcscd.comm"

    def start(self) -> None:
        shutil.rmtree(self._run, ignore_errors=True)
        (self._run / "pcscd").mkdir(parents=True)
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(self.socket.exists)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None


class Tag:
    """A contactless tag with a number, laid on the reader by `show`."""

    def __init__(self, port: int, uid: str, *, answer: bytes | None = None) -> None:
        self._answer = bytes.fromhex(uid) + b"\x90\x00" if answer is None else answer
        self._link = socket.create_connection(("127.0.0.1", port))
        self.asked: Sequence[bytes] = []
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def read(self) -> bool:
        """Whether its number was asked for."""
        return _GET_UID in self.asked

    def take_away(self) -> None:
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        self._link.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError, EOFError):
            while True:
                command = self._take(int.from_bytes(self._take(2)))
                self.asked = [*self.asked, command]
                if command == _GIVE_ATR:
                    self._give(_ATR)
                elif command == _GET_UID:
                    self._give(self._answer)
                elif len(command) > 1:
                    self._give(b"\x6d\x00")

    def _take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            more = self._link.recv(count - len(taken))
            if not more:
                raise EOFError
            taken += more
        return taken

    def _give(self, data: bytes) -> None:
        self._link.sendall(len(data).to_bytes(2) + data)


def missing() -> str:
    """Which package this machine lacks for a virtual reader; nothing when it can have one."""
    if not shutil.which(PCSCD):
        return "pcscd"
    return "" if DRIVER.exists() else "vsmartcard-vpcd"


def _two_free_ports() -> int:
    """The first of two that follow each other, below those that the system lends to anybody."""
    for port in range(_PORTS.start + os.getpid() * 2 % len(_PORTS), _PORTS.stop, 2):
        with suppress(OSError), _server(port), _server(port + 1):
            return port
    raise OSError("no two free ports in a row")


def _server(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))
