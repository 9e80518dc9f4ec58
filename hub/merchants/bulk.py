# SPDX-License-Identifier: Apache-2.0
"""Rows by the hundred in one statement each, on SQLite and PostgreSQL alike.

The ORM makes an object of each row and builds each statement anew; under a terminal's frame of
entries that costs more than the database does.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)

MOST_VALUES: Final = 30_000
"""In one statement: SQLite stops at 32,766, PostgreSQL at 65,535."""


def insert(
    table: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    conflict: str = "",
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert rows; what `returning` names comes back, in no promised order.

    Args:
        table: whose rows they are.
        columns: names of columns, not of fields: `merchant_id`.
        rows: values in the order of the columns; times as `moment` makes them.
        conflict: an `ON CONFLICT …` clause.
        returning: names of columns.
    """
    if not rows:
        return []
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    head = f"INSERT INTO {quote(table._meta.db_table)} ({names}) VALUES "  # noqa: S608, SLF001
    marks = f"({', '.join(['%s'] * len(columns))})"
    answered: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        if not returning:
            cursor.executemany(f"{head}{marks} {conflict}", rows)
            return answered
        tail = f" {conflict} RETURNING {', '.join(returning)}"
        most = MOST_VALUES // len(columns)
        for start in range(0, len(rows), most):
            some = rows[start : start + most]
            values = [value for row in some for value in row]
            cursor.execute(head + ", ".join([marks] * len(some)) + tail, values)
            answered += cursor.fetchall()
    return answered


def update(
    table: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write columns of rows that are there: values in the order of the columns, then the key."""
    if rows:
        sets = ", ".join(f"{column} = %s" for column in columns)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table._meta.db_table} SET {sets} WHERE id = %s",  # noqa: S608, SLF001
                rows,
            )


def select(sql: str, *values: Any, among: Collection[Any] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Rows of a statement of ours.

    Args:
        sql: with `%s` for each value, and `%s` in `IN %s` as the last one where `among` is given.
        values: as the database's driver takes them.
        among: nothing is among nothing: then there are no rows.
    """
    if "IN %s" in sql:
        if not among:
            return []
        sql = sql.replace("IN %s", f"IN ({', '.join(['%s'] * len(among))})")
    with connection.cursor() as cursor:
        cursor.execute(sql, (*values, *among))
        return cursor.fetchall()


def objects(table: type[Row], tail: str, *values: Any) -> list[Row]:  # noqa: ANN401
    """Rows as the ORM gives them, without building its statement for each.

    Args:
        table: whose rows they are.
        tail: what follows the table's name: `WHERE id = %s`.
        values: as the database's driver takes them.
    """
    head, names, converters = _whole(table, connection.vendor)
    found = []
    for row in select(f"{head} {tail}", *values):
        made = list(row)
        for place, column, convert in converters:
            made[place] = convert(made[place], column, connection)
        found.append(table.from_db(connection.alias, names, made))
    return found


def one(table: type[Row], tail: str, *values: Any) -> Row | None:  # noqa: ANN401
    """The first of such rows; None: there is none."""
    return next(iter(objects(table, tail, *values)), None)


def keep(row: models.Model, *names: str) -> None:
    """Write these fields of a row that is there."""
    known = {field.name: field for field in row._meta.concrete_fields}  # noqa: SLF001
    fields = [known[name] for name in names]
    values = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
    update(type(row), [str(f.column) for f in fields], [(*values, row.pk)])


def locked(table: type[Row], key: Any) -> Row | None:  # noqa: ANN401
    """The row of that key, nobody else's to write until the transaction ends.

    Rows that only point to it may be added meanwhile: its key stays as it is.
    """
    row_by_row = connection.features.has_select_for_update  # SQLite locks more than rows
    lock = connection.ops.for_update_sql(no_key=True) if row_by_row else ""
    return one(table, f"WHERE id = %s {lock}", key)


def remove(table: type[models.Model], keys: Collection[Any]) -> None:
    """Delete rows that nothing points to."""
    every = iter(keys)
    while some := tuple(islice(every, MOST_VALUES)):
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table._meta.db_table} WHERE id IN ({marks})",  # noqa: S608, SLF001
                some,
            )


@lru_cache
def _whole(table: type[models.Model], _vendor: str) -> tuple[str, list[str], list[Any]]:
    """How Django selects all of a table: its statement, its fields, and what makes their values.

    It is the same on every connection to databases of one vendor.
    """
    compiler = table._base_manager.order_by().query.get_compiler(connection=connection)  # noqa: SLF001
    statement, _ = compiler.as_sql()
    columns = [column for column, *_ in compiler.select]
    converters = [
        (place, column, convert)
        for place, (found, column) in compiler.get_converters(columns).items()
        for convert in found
    ]
    return statement, [column.target.attname for column in columns], converters


@lru_cache(maxsize=256)
def moment(at: datetime) -> Any:  # noqa: ANN401 (what a driver takes is its own affair)
    """A time as this database's driver wants it."""
    return connection.ops.adapt_datetimefield_value(at)
