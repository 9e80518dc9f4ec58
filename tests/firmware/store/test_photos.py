# SPDX-License-Identifier: Apache-2.0
"""Photos of rewards on the terminal: those that are what their hash says, while there is room."""

from dataclasses import replace
from pathlib import Path

import pytest

from firmware.store import photos
from firmware.store.room import Disk
from loyalty.feed import MOST_PHOTO_BYTES, RewardPhotoIs
from loyalty.wire import encode_item
from tests.firmware.store.shelf import Shelf, closing_quietly
from tests.firmware.store.test_feed import dead, page

TART = RewardPhotoIs.of("tart", b"a picture")


def test_the_newest_photo_is_kept_and_none_when_it_is_removed(shelf: Shelf) -> None:
    shelf.hear(TART, RewardPhotoIs.of("cafe", b"another"))
    shelf.hear(RewardPhotoIs.of("tart", b"a newer one"))
    assert photos.of_rewards(shelf.db) == {"tart": b"a newer one", "cafe": b"another"}
    shelf.hear(RewardPhotoIs.of("tart", b""))
    assert photos.of_rewards(shelf.db) == {"cafe": b"another"}


def test_one_that_is_here_is_not_written_again(shelf: Shelf) -> None:
    shelf.hear(TART)
    before = shelf.db.row("SELECT total_changes()")
    photos.keep(shelf.db, TART, side=0)
    assert shelf.db.row("SELECT total_changes()") == before


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TART, picture=b"torn"),
        replace(TART, digest=""),
        RewardPhotoIs.of("tart", bytes(MOST_PHOTO_BYTES + 1)),
    ],
    ids=["torn", "nameless", "huge"],
)
def test_one_that_is_not_what_its_hash_says_or_too_large_is_parked(
    shelf: Shelf, wrong: RewardPhotoIs
) -> None:
    shelf.hear(TART)
    line = encode_item(wrong)
    assert page(shelf, line, after=0, to=3)
    assert photos.of_rewards(shelf.db) == {"tart": b"a picture"}
    assert dead(shelf) == [line]


def test_fault_10_a_disk_that_fills_up_goes_without(ram: Path) -> None:
    disk = Disk(total=10**9, free=10**8)
    small = Shelf(ram, measure=lambda _: disk)
    try:
        small.hear(TART)
        assert photos.of_rewards(small.db) == {}
        disk = Disk(total=10**9, free=9 * 10**8)
        small.hear(TART)
        assert photos.of_rewards(small.db) == {"tart": b"a picture"}
        disk = Disk(total=10**9, free=10**8)
        small.hear(RewardPhotoIs.of("tart", b"a newer one"))
        assert photos.of_rewards(small.db) == {}, "an old picture would be a wrong one"
    finally:
        closing_quietly(small)
