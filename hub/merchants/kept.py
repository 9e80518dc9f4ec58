# SPDX-License-Identifier: Apache-2.0
"""Let the database itself refuse to change or take out a line of the log, whoever asks it."""

from collections.abc import Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE: Final = (
    ("deeds_unchanged", "BEFORE UPDATE ON merchants_deed"),
    ("deeds_there", "BEFORE DELETE ON merchants_deed"),
    # INSERT OR REPLACE takes a row out without asking the one above
    (
        "deeds_not_replaced",
        """
        BEFORE INSERT ON merchants_deed
        WHEN EXISTS (SELECT 1 FROM merchants_deed WHERE id = NEW.id)
        """,
    ),
)
"""Triggers: their names, and when each refuses."""
_KEEP: Final = {
    "sqlite": tuple(
        f"CREATE TRIGGER {name} {before} BEGIN SELECT RAISE(ABORT, 'deeds are only added'); END"
        for name, before in _SQLITE
    ),
    "postgresql": (
        """
        CREATE FUNCTION deeds_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'deeds are only added' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER deeds_unchanged BEFORE UPDATE OR DELETE ON merchants_deed
        FOR EACH ROW EXECUTE FUNCTION deeds_only_added()
        """,
        """
        CREATE TRIGGER deeds_there BEFORE TRUNCATE ON merchants_deed
        FOR EACH STATEMENT EXECUTE FUNCTION deeds_only_added()
        """,
    ),
}
_LIFT: Final = {
    "sqlite": tuple(f"DROP TRIGGER IF EXISTS {name}" for name, _before in _SQLITE),
    "postgresql": ("DROP FUNCTION IF EXISTS deeds_only_added() CASCADE",),
}


def keep(connection: BaseDatabaseWrapper) -> None:
    """Refuse from now on. SQLite forgets it with a migration that makes the table anew."""
    lift(connection)
    _run(connection, _KEEP[connection.vendor])


def lift(connection: BaseDatabaseWrapper) -> None:
    """Refuse no more: for a migration, or a database of tests that is emptied."""
    _run(connection, _LIFT[connection.vendor])


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
