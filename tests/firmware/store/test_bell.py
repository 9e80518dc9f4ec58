# SPDX-License-Identifier: Apache-2.0
"""The kiosk's bell wakes sync, and nothing that happens to it ever holds a sale up."""

import select
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from firmware.store.bell import Bell, Rope
from firmware.store.database import Role
from tests.firmware.store.shelf import Shelf, sold


@pytest.fixture
def bell(shelf: Shelf) -> Iterator[Bell]:
    with closing(Bell(shelf.db.runtime)) as hung:
        yield hung


def rings(bell: Bell) -> bool:
    ready, _, _ = select.select([bell], [], [], 0)
    return bool(ready)


def test_every_sale_rings_once_it_is_durable(shelf: Shelf, bell: Bell) -> None:
    bell.hush()
    with shelf.db.atomic():
        shelf.write(sold())
        assert not rings(bell)
    assert rings(bell)
    bell.hush()
    assert not rings(bell)


def test_sync_does_not_wake_itself(shelf: Shelf, bell: Bell) -> None:
    bell.hush()
    shelf.db.role = Role.SYNC
    shelf.write(sold())
    assert not rings(bell)


def test_a_thousand_rings_that_nobody_hears_hold_nothing_up(shelf: Shelf, bell: Bell) -> None:
    with closing(Rope(shelf.db.runtime)) as rope:
        for _ in range(1_000):
            rope.ring()
    shelf.write(sold())
    assert rings(bell)


def test_one_that_hangs_from_a_killed_sync_is_replaced(shelf: Shelf, bell: Bell) -> None:
    with closing(Bell(shelf.db.runtime)) as newer:
        shelf.write(sold())
        assert rings(newer)


def test_where_no_bell_can_hang_sales_are_written_all_the_same(tmp_path: Path) -> None:
    nowhere = tmp_path / ("x" * 120)
    with closing(Bell(nowhere)) as silent, closing(Rope(nowhere)) as rope:
        rope.ring()
        assert not rings(silent)
