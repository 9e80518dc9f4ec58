# SPDX-License-Identifier: Apache-2.0
"""Find ports that nobody else uses."""

import socket
from typing import Final

TRIES: Final = 200
LOOPBACK: Final = "127.0.0.1"


class Ports:
    """Gives each port once."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def take(self, wanted: int) -> int:
        """The wanted port, or the next one that is free.

        Raises:
            OSError: none of the next two hundred is.
        """
        for port in range(wanted, min(wanted + TRIES, 65536)):
            if port not in self._given and _free(port):
                self._given.add(port)
                return port
        raise OSError(f"aucun port libre à partir de {wanted}")


def listening(port: int) -> bool:
    """Whether somebody answers there."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5) as caller:
            # where nobody listens, a caller given that very port can reach itself
            return bool(caller.getsockname() != caller.getpeername())
    except OSError:
        return False


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # as servers do, so that a port left a moment ago counts as free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return not listening(port)
