# SPDX-License-Identifier: Apache-2.0
"""What this boot has written, in RAM: no copy of the card and no older file can carry it."""

import logging
import os
from pathlib import Path
from typing import Final, NamedTuple

_log = logging.getLogger(__name__)

NAME: Final = "journal.token"
ROOM: Final = 256
"""Bytes; longer than any token."""


class Place(NamedTuple):
    """An entry of the journal: its segment, its number, its hash."""

    segment: str
    n: int
    head: bytes


class Token:
    """One file that the kiosk and sync share; without it, each start opens a segment, no more."""

    def __init__(self, runtime: Path) -> None:
        self._path = runtime / NAME
        self._file = -1
        try:
            runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            _log.warning("no token error=%s", error)

    def read(self) -> Place | None:
        """The last entry that was written, None where nothing can be read."""
        try:
            segment, n, head = os.pread(self._file, ROOM, 0).decode().split()
            return Place(segment, int(n), bytes.fromhex(head))
        except (OSError, ValueError):
            return None

    def write(self, place: Place) -> None:
        """Remember what is on the disk now; failing costs a new segment, never the sale."""
        line = f"{place.segment} {place.n} {place.head.hex()}\n".encode()
        try:
            os.pwrite(self._file, line.ljust(ROOM), 0)
        except OSError as error:
            _log.warning("token not written error=%s", error)

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
