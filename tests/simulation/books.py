# SPDX-License-Identifier: Apache-2.0
"""The hub's database in this process's memory: the real schema, made once, back at will.

A commit is where a hub may be killed, and where the books are written down for the judge.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


class Killed(BaseException):
    """The hub's process died here; no code of its own may catch that."""


class Books:
    """Django's default connection, on a database in memory that outlives the hub's processes."""

    def __init__(self) -> None:
        from django.db import connections
        from django.db.backends.sqlite3.base import DatabaseWrapper

        told = dict(connections.settings["default"]) | {"NAME": ":memory:"}
        told["OPTIONS"] = dict(told["OPTIONS"]) | {"init_command": "PRAGMA temp_store=MEMORY"}
        books = self

        class Wrapper(DatabaseWrapper):
            """Closing and connecting again is the process's affair, not the database's."""

            def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
                if books.raw is None:
                    books.raw = super().get_new_connection(conn_params)
                return books.raw

            def _commit(self) -> None:
                books.before_commit()
                super()._commit()
                books.after_commit()

        self.raw: sqlite3.Connection | None = None
        self._wrapper = Wrapper(told, "default")
        self._instead_of = connections["default"]
        connections["default"] = self._wrapper
        self.before_commit: Callable[[], None] = _nothing
        self.after_commit: Callable[[], None] = _nothing

    def read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows, past Django."""
        self._wrapper.ensure_connection()
        assert self.raw
        return list(map(tuple, self.raw.execute(sql, values)))

    def copy(self) -> sqlite3.Connection:
        """What a backup of this moment holds."""
        self._wrapper.ensure_connection()
        kept = sqlite3.connect(":memory:")
        assert self.raw
        self.raw.backup(kept)
        return kept

    def replace(self, kept: sqlite3.Connection) -> None:
        """Be what a copy was, with no process in the middle of anything."""
        self.drop_work()
        assert self.raw
        kept.backup(self.raw)

    def die(self) -> NoReturn:
        """Be killed here: what is not committed never will be.

        It has to go before the exception does: Django, on its way out, would have it committed.
        """
        assert self.raw
        self.raw.rollback()
        raise Killed

    def drop_work(self) -> None:
        """The process that was in the middle of something is gone."""
        self._wrapper.ensure_connection()
        assert self.raw
        if self.raw.in_transaction:
            self.raw.rollback()
        self._wrapper.connect()

    def close(self) -> None:
        """Django's own connection again."""
        from django.db import connections

        connections["default"] = self._instead_of
        if self.raw:
            self.raw.close()


@contextmanager
def opened() -> Iterator[Books]:
    """The hub's empty database, with all its tables."""
    _set_up_django()
    from django.core.management import call_command

    books = Books()
    try:
        call_command("migrate", verbosity=0)
        yield books
    finally:
        books.close()


def _set_up_django() -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
        os.environ.setdefault("HUB_DATA", tempfile.mkdtemp(prefix="comptoir-simulation-"))
        os.environ["HUB_DATABASE_URL"] = ""
    django.setup()


def _nothing() -> None:
    """Nobody waits for a commit."""
