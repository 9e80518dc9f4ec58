# SPDX-License-Identifier: Apache-2.0
"""Transactions that do not wait for the disk, for what whoever sent it sends again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def lightly() -> Iterator[None]:
    """One transaction that outlives this process, but maybe not a power cut.

    Whatever is committed durably after it makes it durable too: a cut takes only the end. Inside
    another transaction it is a part of that one.
    """
    alone = not connection.in_atomic_block
    if alone and connection.vendor == "sqlite":
        _run("PRAGMA synchronous = NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            _run("PRAGMA synchronous = FULL")
        return
    with transaction.atomic():
        if alone:
            _run("SET LOCAL synchronous_commit TO off")
        yield


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
