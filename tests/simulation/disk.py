# SPDX-License-Identifier: Apache-2.0
"""A terminal's card: what it holds for certain, what it was only told, and what a power cut leaves.

SQLite's own unix VFS does the work on a folder in RAM, so locks and shared memory are the real
ones; this one stands between and remembers, for each file, what no flush has covered yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random

import apsw

SECTOR = 512
KEPT = 0.5
"""Chance that a sector which was not flushed is there after a cut all the same."""
TORN = 0.1
"""Chance that the last of it is only half written."""
LIES = 7
"""A card that lies has everything once in so many flushes."""


class Trouble(StrEnum):
    """What is wrong with the card; it stays wrong until somebody mends it."""

    NONE = "none"
    LIES = "lies"
    """A flush returns and has done nothing."""
    FULL = "full"
    """Files can't grow."""
    SICK = "sick"
    """The next flush fails, and what it should have flushed never reaches the card."""


@dataclass(slots=True)
class Platter:
    """One file: what the card holds, and writes since (an offset and bytes, or a length)."""

    durable: bytearray = field(default_factory=bytearray)
    loose: list[tuple[int, bytes | None]] = field(default_factory=list)

    def flush(self) -> None:
        for offset, written in self.loose:
            self.carry_out(offset, written)
        self.loose.clear()

    def carry_out(self, offset: int, written: bytes | None) -> None:
        if written is None:
            del self.durable[offset:]
            return
        if len(self.durable) < offset:
            self.durable.extend(bytes(offset - len(self.durable)))
        self.durable[offset : offset + len(written)] = written

    def cut(self, luck: Random) -> None:
        """Keep each unflushed sector or lose it, in any order; perhaps tear one."""
        kept = [part for act in self.loose for part in _sectors(*act) if luck.random() < KEPT]
        self.loose.clear()
        if kept and kept[-1][1] is not None and luck.random() < TORN:
            offset, written = kept[-1]
            kept[-1] = (offset, written[: luck.randrange(len(written))])
        for offset, written in kept:
            self.carry_out(offset, written)


Image = Mapping[str, bytes]
"""What a card holds, file by file."""


class Disk(apsw.VFS):
    """One card in its slot. `acts_left` says after how many more acts the power goes, or a kill."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.platters: dict[str, Platter] = {}
        self.trouble = Trouble.NONE
        self.acts_left: int | None = None
        self.kills = False
        """Whether the countdown ends in the death of the program that writes, not of the power."""
        self.dark = False
        """The power is gone: nothing is written any more."""
        self.killed = False
        self._lies = 0
        self._kept: Image = {}
        self.failed = 0
        """Flushes that failed."""
        self.changes = 0
        """Of what is on it, as programs see it; it only grows."""
        super().__init__(name, "")
        IN_USE[folder] = self

    # ── SQLite ──────────────────────────────────────────────────────────────────────────────────

    def xOpen(self, name, flags):  # noqa: N802
        return File(self, name, flags)

    def xDelete(self, name, sync_directory) -> None:  # noqa: N802
        self.act()
        self.changes += 1
        super().xDelete(name, sync_directory)
        self.platters.pop(Path(name).name, None)

    def act(self) -> None:
        """Something is about to be done; it may be the moment that was waited for."""
        if self.dark:
            raise apsw.IOError("no power")
        if self.acts_left is None:
            return
        self.acts_left -= 1
        if self.acts_left <= 0:
            self.acts_left = None
            self.killed, self.dark = self.kills, not self.kills
            raise apsw.IOError("cut")

    # ── the card ────────────────────────────────────────────────────────────────────────────────

    def cut(self, luck: Random) -> None:
        """What is in the folder after the power went and everybody has let go of their files."""
        if self.trouble is Trouble.LIES:
            self.trouble = Trouble.NONE
            self.insert(self._kept)
            return
        for platter in self.platters.values():
            platter.cut(luck)
        self.insert(self.image())

    def lie(self) -> None:
        """Flushes do nothing from now on; the card holds a moment between now and the next cut."""
        self.trouble, self._lies, self._kept = Trouble.LIES, 0, self.image()

    def lied(self) -> None:
        """A flush that did nothing; now and then the card had written everything by itself."""
        self._lies += 1
        if self._lies % LIES == 0:
            names = (
                path for path in self.folder.glob("*.sqlite3*") if path.suffix != ".sqlite3-shm"
            )
            self._kept = {path.name: path.read_bytes() for path in names}

    def image(self) -> Image:
        """What the card holds for certain."""
        return {name: bytes(p.durable) for name, p in self.platters.items() if p.durable}

    def insert(self, image: Image) -> None:
        """Another content, while nobody has a file of it open."""
        self.changes += 1
        for path in self.folder.glob("*.sqlite3*"):
            path.unlink()
        for name, content in image.items():
            (self.folder / name).write_bytes(content)
        self.platters = {name: Platter(bytearray(content)) for name, content in image.items()}
        self.dark, self.killed, self.acts_left = False, False, None
        if self.trouble is Trouble.LIES:  # whatever is put onto it
            self.lie()

    def eject(self) -> None:
        """SQLite forgets it."""
        IN_USE.pop(self.folder, None)
        self.unregister()

    def forget_cached(self, name: str) -> None:
        """The system lets go of what it remembers of a file: a failed flush is seen for what it is."""
        platter = self.platters.get(name)
        path = self.folder / name
        if platter is None or not path.exists():
            return
        real = Platter(bytearray(platter.durable), list(platter.loose))
        real.flush()
        if path.read_bytes() != real.durable:
            self.changes += 1
            path.write_bytes(real.durable)


class File(apsw.VFSFile):
    """One open file of the card."""

    def __init__(self, disk: Disk, name, flags) -> None:
        super().__init__("", name, flags)
        self.disk = disk
        self.name = Path(name.filename() if hasattr(name, "filename") else name).name
        disk.platters.setdefault(self.name, Platter())

    def _loose(self) -> list[tuple[int, bytes | None]]:
        # a file that was deleted under another program is made anew by its next write
        return self.disk.platters.setdefault(self.name, Platter()).loose

    def xWrite(self, data, offset) -> None:  # noqa: N802
        self.disk.act()
        if self.disk.trouble is Trouble.FULL and offset + len(data) > self.xFileSize():
            raise apsw.FullError("no room")
        self._loose().append((offset, bytes(data)))
        self.disk.changes += 1
        super().xWrite(data, offset)

    def xTruncate(self, size) -> None:  # noqa: N802
        self.disk.act()
        self._loose().append((size, None))
        self.disk.changes += 1
        super().xTruncate(size)

    def xSync(self, flags) -> None:  # noqa: N802
        self.disk.act()
        match self.disk.trouble:
            case Trouble.LIES:
                self.disk.lied()
            case Trouble.SICK:
                self.disk.trouble = Trouble.NONE
                self.disk.failed += 1
                self._loose().clear()
                raise apsw.IOError("flush failed")
            case _:
                self.disk.platters.setdefault(self.name, Platter()).flush()


def _sectors(offset: int, written: bytes | None) -> list[tuple[int, bytes | None]]:
    if written is None:
        return [(offset, None)]
    return [(offset + at, written[at : at + SECTOR]) for at in range(0, len(written), SECTOR)]


IN_USE: dict[Path, Disk] = {}
"""Cards by their folders."""


def fadvise(descriptor: int, _offset: int, _length: int, _advice: int) -> None:
    """What `os.posix_fadvise` does to a file of a card here: its cache is dropped."""
    path = Path(f"/proc/self/fd/{descriptor}").readlink()
    if disk := IN_USE.get(path.parent):
        disk.forget_cached(path.name)
