# SPDX-License-Identifier: Apache-2.0
"""A hub's books out of SQLite into PostgreSQL, row by row: both are measured on the same ones."""

import sqlite3
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier, Literal

TABLES: Final = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'django_migrations'
"""
COLUMNS: Final = """
SELECT column_name, is_identity = 'YES' FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""


def move(books: Path, url: str) -> None:
    """Put every row of SQLite books into those of PostgreSQL, in the place of what is there.

    Args:
        books: a hub's file, which nobody writes to.
        url: a database that was migrated as far, of a server whose owner we are.
    """
    with sqlite3.connect(f"file:{books}?mode=ro", uri=True) as lite, psycopg.connect(url) as new:
        new.execute("SET timezone = 'UTC'")  # as SQLite's moments are written, without a zone
        new.execute("SET session_replication_role = replica")  # rows come before what they refer to
        tables = [name for (name,) in new.execute(TABLES)]
        new.execute(SQL("TRUNCATE {}").format(SQL(", ").join(map(Identifier, tables))))
        for table in tables:
            _table(lite, new, table)


def _table(lite: sqlite3.Connection, new: psycopg.Connection, table: str) -> None:
    columns = list(new.execute(COLUMNS, (table,)))
    names = SQL(", ").join(Identifier(name) for name, _ in columns)
    picked = ", ".join(f'"{name}"' for name, _ in columns)
    asked = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)
    with new.cursor() as cursor:
        with cursor.copy(asked) as copy:
            for row in lite.execute(f'SELECT {picked} FROM "{table}"'):
                copy.write_row(row)
        for name, counts in columns:
            if counts:
                last = SQL(
                    "SELECT setval(pg_get_serial_sequence({}, {}), max({}) + 1, false) FROM {}"
                ).format(Literal(table), Literal(name), Identifier(name), Identifier(table))
                cursor.execute(last)
