# SPDX-License-Identifier: Apache-2.0
"""A bell between the terminal's two programs: the kiosk rings when it has written, sync wakes up.

It only saves time: who does not hear it looks at the store a little later all the same.
"""

import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

NAME: Final = "sync.bell"
ROOM: Final = 64
"""Bytes of one ring; there is one."""


class Bell:
    """Sync's end; in a folder that takes none it never rings."""

    def __init__(self, runtime: Path) -> None:
        self._path = runtime / NAME
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
            self._socket.bind(str(self._path))

    def fileno(self) -> int:
        """What becomes readable when it rings."""
        return self._socket.fileno()

    def hush(self) -> None:
        """Forget what was rung: its hearer looks now."""
        with suppress(OSError):
            while self._socket.recv(ROOM):
                pass

    def close(self) -> None:
        """Take it down."""
        self._socket.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


class Rope:
    """The kiosk's end."""

    def __init__(self, runtime: Path) -> None:
        self._bell = str(runtime / NAME)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)

    def ring(self) -> None:
        """Wake sync up if it is there; never waits."""
        with suppress(OSError):
            self._socket.sendto(b"!", self._bell)

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()
