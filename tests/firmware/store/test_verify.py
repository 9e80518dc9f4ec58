# SPDX-License-Identifier: Apache-2.0
"""A terminal can tell whether its journal is, to the byte, what it wrote."""

import pytest

from firmware.store.verify import Verified, verify
from tests.firmware.store.shelf import Shelf, sold


@pytest.fixture
def written(shelf: Shelf) -> Shelf:
    """A header and four sales, then another boot with a header and one."""
    for _ in range(4):
        shelf.write(sold())
    shelf.clock.reboot()
    shelf.reopen()
    shelf.write(sold())
    return shelf


def test_what_was_written_verifies(written: Shelf) -> None:
    assert [(one.read, one.wrong) for one in verify(written.db)] == [(5, 0), (2, 0)]


@pytest.mark.parametrize(
    ("harm", "wrong"),
    [
        ("UPDATE entry SET raw = CAST('{}' AS BLOB) WHERE place = 3", 3),
        ("UPDATE entry SET hash = zeroblob(32) WHERE place = 4", 4),
        ("UPDATE segment SET head = zeroblob(32) WHERE seq = 1", 5),
        ("UPDATE segment SET n = 9 WHERE seq = 1", 6),
        ("UPDATE entry SET n = 7 WHERE place = 5", 5),
    ],
    ids=["bytes", "hash", "head", "length", "number"],
)
def test_harm_is_seen_where_it_begins(written: Shelf, harm: str, wrong: int) -> None:
    written.db.run(harm)
    first, second = verify(written.db)
    assert (first.wrong, second.wrong) == (wrong, 0)


def test_nothing_is_changed_by_looking(written: Shelf) -> None:
    before = written.db.rows("SELECT * FROM entry")
    assert verify(written.db) == verify(written.db)
    assert written.db.rows("SELECT * FROM entry") == before


def test_what_left_because_the_hub_has_it_is_not_missed(written: Shelf) -> None:
    """As the archive does it: the oldest go, and the hash before those that stay is kept."""
    hashed = written.db.row("SELECT hash FROM entry WHERE place = 2")
    assert hashed
    written.db.run("DELETE FROM sale WHERE place <= 2")
    written.db.run("DELETE FROM entry WHERE place <= 2")
    written.db.run("UPDATE segment SET gone = 2, gone_head = ? WHERE seq = 1", hashed[0])
    assert [(one.read, one.wrong) for one in verify(written.db)] == [(3, 0), (2, 0)]


def test_a_new_terminal_has_its_header_alone(shelf: Shelf) -> None:
    assert verify(shelf.db) == [Verified(shelf.segment().id, 1)]
