# SPDX-License-Identifier: Apache-2.0
"""The only door to SQLite on the live file: durable, one writer per role, faults in words."""

import fcntl
import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

import apsw

from firmware.faults import (
    AlreadyRunning,
    DiskFull,
    StoreBusy,
    StoreDamaged,
    StoreFault,
    StoreReplaced,
)
from firmware.store import room
from firmware.store.bell import Rope
from firmware.store.inodes import Inodes
from firmware.store.room import Disk, Measure
from firmware.store.token import Token

_log = logging.getLogger(__name__)

FILE_NAME: Final = "comptoir.sqlite3"
BUSY_MS: Final = 5_000
PAGE: Final = 4096
STATEMENTS: Final = 400
"""Statements kept compiled: more than the till has, or some are compiled at each sale anew."""
LEAST_ROOM: Final = 1024 * 1024
"""Bytes; a disk with less free counts as full when writing fails."""


class Role(StrEnum):
    """Who opens the file: one process each, but for the tech who looks."""

    KIOSK = "kiosk"
    SYNC = "sync"
    TECH = "tech"


CHECKPOINT_PAGES: Final = {Role.KIOSK: 8_000, Role.SYNC: 1_000, Role.TECH: 1_000_000}
"""Pages in the WAL that make a role fold it back: sync early, so that no sale waits for it."""


PRAGMAS: Final = (
    "mmap_size = 0",
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 0",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",
    "cache_size = -8192",
)
"""FULL, because NORMAL loses commits that were shown; no mmap, because an error would be a crash."""


class BadRow(ValueError):
    """The schema refuses what it was given."""


class Database:
    """One process's connection to the terminal's file.

    Whatever `atomic` has let go of is on the disk (WAL, synchronous=FULL). A failing disk ends the
    use of this connection, because nobody can know what a failed fsync left behind.

    Raises:
        StoreFault: at any call; DiskFull when making room helps.
    """

    def __init__(
        self,
        folder: Path,
        *,
        role: Role,
        runtime: Path | None = None,
        vfs: str = "",
        measure: Measure = room.measure,
    ) -> None:
        """Open the file in this folder, making both if need be.

        Args:
            runtime: folder in RAM of the journal's token; None: this machine's own.
            vfs: another way to the disk, for those who cut its power.
            measure: how full the disk is, for those who fill it.
        """
        self.path = folder / FILE_NAME
        self.role = role
        self.runtime = runtime or _runtime_folder(folder)
        self._measure = measure
        self._broken: StoreFault | None = None
        self._commits = 0
        self._after: list[Callable[[], None]] = []
        self._wal_pages = 0
        with ExitStack() as undo:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self.token = Token(self.runtime)
                undo.callback(self.token.close)
                self._bell = undo.enter_context(closing(Rope(self.runtime)))
                self._lock = undo.enter_context(_role_lock(folder, role))
                self._users = undo.enter_context((folder / "users.lock").open("wb"))
                with _opening(folder):
                    self._inodes = Inodes(self.path, self.runtime)
                    self._inodes.part_strangers()
                    if _first(self._users):
                        _forget_cached(self.path)
                    self._connection = self._connect(vfs)
                    undo.callback(self._connection.close)
                    self._set_up()
                    self._inodes.note()
            except OSError as error:
                raise StoreFault(permanent=True) from error
            undo.pop_all()

    # ── reading and writing ─────────────────────────────────────────────────────────────────────

    def run(self, sql: str, *values: object) -> int:
        """Carry out one statement; how many rows it changed."""
        self._query(sql, values)
        return self._connection.changes()

    def run_each(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Carry out one statement for each row of values."""
        self._carry_out(self._connection.executemany, sql, rows)

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row, None if there is none."""
        found = self._query(sql, values)
        return found[0] if found else None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._query(sql, values)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing, and durable at the end; inside another one it joins that one."""
        if self._inside():
            yield
            return
        self._query("BEGIN IMMEDIATE", ())
        try:
            yield
            self._commit()
        except BaseException:
            self._after.clear()
            self._roll_back()
            raise
        self._commits += 1
        after, self._after = self._after, []
        for step in after:
            step()
        if self.role is Role.KIOSK:
            self._bell.ring()
        if self._wal_pages >= CHECKPOINT_PAGES[self.role]:
            try:
                self.checkpoint()
            except StoreFault:
                # committed is committed: said otherwise, a sale would be saved a second time
                _log.exception("log not folded pages=%s", self._wal_pages)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside `atomic`: what fails in here is undone alone."""
        self._query("SAVEPOINT attempt", ())
        try:
            yield
        except BaseException:
            if self._inside():
                self._query("ROLLBACK TO attempt", ())
                self._query("RELEASE attempt", ())
            raise
        self._query("RELEASE attempt", ())

    def after_commit(self, step: Callable[[], None]) -> None:
        """Have this done once the transaction under way is durable, never if it is not."""
        self._after.append(step)

    def distrust(self) -> StoreFault:
        """Never use this connection again: its file is not the one that this boot has written."""
        self._broken = StoreReplaced()
        return self._broken

    def data_version(self) -> int:
        """A number that changes with every commit, of this process or of another."""
        return int(self._query("PRAGMA data_version", ())[0][0]) + self._commits

    def disk(self) -> Disk:
        """The disk's room; pages that this file has emptied are used again, so they count."""
        found = self._measure(self.path.parent)
        [(spare,)] = self._query("PRAGMA freelist_count", ())
        return Disk(found.total, min(found.total, found.free + spare * PAGE))

    # ── keeping the file ────────────────────────────────────────────────────────────────────────

    def checkpoint(self, *, truncate: bool = False) -> None:
        """Fold the write-ahead log into the file as far as nobody is in the way.

        Args:
            truncate: give its room back to the disk, too, if nobody reads it now.
        """
        modes = apsw.SQLITE_CHECKPOINT_PASSIVE, apsw.SQLITE_CHECKPOINT_TRUNCATE
        self._connection.set_busy_timeout(0)
        try:
            for mode in modes[: 1 + truncate]:
                self._connection.wal_checkpoint(mode=mode)
        except apsw.BusyError:
            return
        except apsw.Error as error:
            raise self._fault(error) from error
        finally:
            self._connection.set_busy_timeout(BUSY_MS)
        self._wal_pages = 0

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy; the only right way to have one of a live file."""
        self._query("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        """Let go of the file and of the role."""
        self._connection.close()
        self.token.close()
        self._bell.close()
        self._users.close()
        self._lock.close()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _query(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return self._carry_out(self._connection.execute, sql, values)

    def _carry_out(
        self,
        run: Callable[[str, Any], apsw.Cursor],
        sql: str,
        values: Any,  # noqa: ANN401
    ) -> list[tuple[Any, ...]]:
        if self._broken:
            raise self._broken
        try:
            return run(sql, values).fetchall()
        except (apsw.ConstraintError, apsw.MismatchError, apsw.TooBigError) as error:
            raise BadRow(str(error)) from error
        except apsw.Error as error:
            raise self._fault(error) from error

    def _commit(self) -> None:
        if self._inodes.moved():
            raise self.distrust()
        self._query("COMMIT", ())

    def _roll_back(self) -> None:
        """Let the other process write again, whatever became of this connection."""
        with suppress(apsw.Error):
            if self._inside():
                self._connection.execute("ROLLBACK")

    def _connect(self, vfs: str) -> apsw.Connection:
        try:
            return apsw.Connection(str(self.path), vfs=vfs or None, statementcachesize=STATEMENTS)
        except apsw.Error as error:
            raise self._fault(error) from error

    def _set_up(self) -> None:
        self._connection.set_busy_timeout(BUSY_MS)
        # else whatever a partial index might serve is planned anew for each value it is asked with
        self._connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        for pragma in PRAGMAS:
            self._query(f"PRAGMA {pragma}", ())
        self._connection.set_wal_hook(self._note_wal)
        # The kiosk alone reads the whole file at its start: once is enough, and sync must still
        # be able to send what can be read.
        if self.role is Role.KIOSK and self._query("PRAGMA quick_check(1)", ()) != [("ok",)]:
            raise StoreDamaged
        with self.atomic():
            found = self._query("PRAGMA user_version", ())[0][0]
            for number, sql in _migrations():
                if number > found:
                    self._query(sql, ())

    def _inside(self) -> bool:
        return self._connection.in_transaction

    def _note_wal(self, _connection: apsw.Connection, _schema: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def _fault(self, error: apsw.Error) -> StoreFault:
        match error:
            case apsw.FullError():
                return DiskFull()
            case apsw.BusyError() | apsw.LockedError():
                return StoreBusy()
            case apsw.CorruptError() | apsw.NotADBError():
                self._broken = StoreDamaged()
            case apsw.IOError() if self._measure(self.path.parent).free < LEAST_ROOM:
                return DiskFull()
            case _:
                self._broken = StoreFault(permanent=True)
        return self._broken


def _role_lock(folder: Path, role: Role) -> IO[bytes]:
    """A file that stays locked as long as it is open; those who only look share theirs."""
    lock = (folder / f"{role}.lock").open("wb")
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if role is Role.TECH else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyRunning(role=role.value) from None
    return lock


def _first(users: IO[bytes]) -> bool:
    """Whether nobody has the terminal's file open; from now on somebody has, until this is closed.

    Only while opening, which is one at a time.
    """
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        first = False
    else:
        first = True
    fcntl.flock(users, fcntl.LOCK_SH)
    return first


def _forget_cached(path: Path) -> None:
    """Have the file read from the card, not from what the system remembers of a failed write.

    Whoever opens it first would take a commit that is not there for one that is. Not while somebody
    has it open: they know where their log ends, and what they read must not change under them.
    """
    for name in (path, Path(f"{path}-wal")):
        with suppress(OSError), name.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def _opening(folder: Path) -> Iterator[None]:
    """One at a time: the switch to WAL and the migrations do not wait for each other."""
    with (folder / "open.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrations() -> list[tuple[int, str]]:
    return sorted(
        (int(match[1]), file.read_text(encoding="utf-8"))
        for file in (files("firmware.store") / "schema").iterdir()
        if (match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name))
    )


def _runtime_folder(folder: Path) -> Path:
    """A folder for this file that no reboot and no copy of the card survives."""
    given = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    ram = Path(given) if given else Path("/dev/shm") / f"comptoir-{os.getuid()}"  # noqa: S108
    return ram / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
