# SPDX-License-Identifier: Apache-2.0
"""The small world, made once in a while and put back row by row.

A test that begins with it waits for rows to be copied, not for terminals to be enrolled and rules
to be published anew.
"""

import json
import shutil
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import connection, transaction

from tests.hub.console.world import World, make_world

FRESH_S: Final = 20.0
"""Older than that, « à l’instant » would not be true of it any more."""


@dataclass(frozen=True, slots=True)
class _Kept:
    made_s: float
    world: World
    rows: dict[str, tuple[str, Any]]
    """By table, how its rows are put back and what they are."""
    files: Path


_newest: list[_Kept] = []
"""Of this process; at most one."""


def world_in(folder: Path, among: Path) -> World:
    """The two merchants, as `make_world` leaves them, in an empty database and folder.

    Args:
        folder: the hub's.
        among: where a copy of its files may be kept.
    """
    if not _newest or time.monotonic() > _newest[0].made_s + FRESH_S:
        _newest[:] = [_made(folder, among)]
    else:
        shutil.copytree(_newest[0].files, folder, dirs_exist_ok=True)
        with transaction.atomic(), connection.cursor() as cursor:
            for put, rows in _newest[0].rows.values():
                (cursor.executemany if isinstance(rows, list) else cursor.execute)(put, rows)
    return deepcopy(_newest[0].world)


def _made(folder: Path, among: Path) -> _Kept:
    before = set(_filled())
    made_s, world = time.monotonic(), make_world()
    files = among / f"world-{made_s}"
    shutil.copytree(folder, files)
    rows = {table: _rows_of(table) for table in _filled() if table not in before}
    return _Kept(made_s, world, rows, files)


def _filled() -> Iterator[str]:
    """Tables in which there is anything."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if cursor.fetchone():
                yield table


def _rows_of(table: str) -> tuple[str, Any]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT json_agg(t) FROM {table} t")
            (rows,) = cursor.fetchone()
            put = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)"
            return put, (json.dumps(rows),)
        cursor.execute(f"SELECT * FROM {table}")
        rows = cursor.fetchall()
    return f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows
