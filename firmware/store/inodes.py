# SPDX-License-Identifier: Apache-2.0
"""Sees that the file which is open is not the one that the next start will read.

SQLite goes on writing into a file that was moved away or replaced, and takes any write-ahead log
that lies beside a file for that file's own: both lose sales that were shown as saved.
"""

import logging
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

NAME: Final = "store.inodes"
ASIDE: Final = ".aside-"

Inode = tuple[int, int]
"""Which file it is, whatever it is called: device and number."""
Found = tuple[Inode | None, Inode | None, Inode | None]


class Inodes:
    """The database, its log and its index, as they were when this process opened them."""

    def __init__(self, path: Path, runtime: Path) -> None:
        self._file = path
        self._log, self._index = Path(f"{path}-wal"), Path(f"{path}-shm")
        self._note = runtime / NAME
        self._opened: Found | None = None

    def part_strangers(self) -> None:
        """Before opening: put a log aside that belongs to another file than the one beside it.

        It is kept for whoever salvages it. The other process, if it still has both open, sees at
        its next commit that they have moved.
        """
        file, log, _ = self._found()
        whole = file and self._file.stat().st_size > 0
        if log is None or (file and whole and not self._strangers(file, log)):
            return
        aside = self._log.with_name(f"{self._log.name}{ASIDE}{log[1]}")
        _log.error("log is not this file's: put aside as %s", aside)
        self._log.rename(aside)
        self._index.unlink(missing_ok=True)

    def note(self) -> None:
        """Once opened: remember which files these are, in RAM for the starts of this boot too."""
        file, log, _ = self._opened = self._found()
        if file and log:
            try:
                self._note.write_text(f"{file[0]} {file[1]} {log[0]} {log[1]}")
            except OSError as error:
                _log.warning("inodes not noted error=%s", error)

    def moved(self) -> bool:
        """Whether another file, or none, has one of the names by now."""
        return self._opened not in (None, self._found())

    def _strangers(self, file: Inode, log: Inode) -> bool:
        """Whether this boot has seen that log beside another file."""
        try:
            noted = [int(word) for word in self._note.read_text().split()]
        except (OSError, ValueError):
            return False
        return noted[:2] != list(file) and noted[2:] == list(log)

    def _found(self) -> Found:
        return _inode(self._file), _inode(self._log), _inode(self._index)


def set_aside(file: Path) -> list[Path]:
    """Logs that lie beside a file and belong to another one."""
    return sorted(file.parent.glob(f"{file.name}-wal{ASIDE}*"))


def _inode(path: Path) -> Inode | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
