# SPDX-License-Identifier: Apache-2.0
"""Fault 11: a bit flips on the card. No altered sale counts, and those after it all arrive."""

import base64
from dataclasses import dataclass, field
from random import Random

import pytest

from firmware.store import feed, journal, mend, sales
from firmware.store.cursors import Position
from loyalty.account import points_of
from loyalty.entry import Entry, Sold
from loyalty.feed import BalanceIs
from loyalty.wire import GENESIS, Garbled, chain, decode_entry, encode_item
from tests.firmware.store.shelf import Shelf, chained, sold


@dataclass
class Hub:
    """Takes what is sent, shelves what does not read, acknowledges what it has."""

    head: bytes = GENESIS
    n: int = 0
    posted: list[int] = field(default_factory=list)
    """Points of each sale."""
    shelf: list[bytes] = field(default_factory=list)

    def take(self, shelf: Shelf, most: int) -> bool:
        batch = journal.batch_to_send(shelf.db, most=most)
        if batch is None:
            return False
        assert batch.lo == self.n + 1
        for raw in batch.raws:
            assert b"\n" not in raw
            self.n, self.head = self.n + 1, chain(self.head, raw)
            try:
                entry = decode_entry(raw)
            except Garbled:
                self.shelf.append(raw)
            else:
                if isinstance(entry, Entry) and isinstance(entry.facts, Sold):
                    self.posted.append(entry.facts.points)
        head = self.head.hex()
        assert journal.acknowledge(shelf.db, batch.segment, upto=self.n, head=head), "stalled"
        return True


def drain(shelf: Shelf, most: int = 4) -> Hub:
    hub = Hub()
    for _ in range(100):
        if not hub.take(shelf, most):
            break
    assert journal.waiting(shelf.db) == 0
    return hub


def flip(shelf: Shelf, column: str, n: int, at: int, bit: int = 0) -> bytes:
    """Flip one bit of an entry; what the card gives from now on."""
    found = shelf.db.row(f"SELECT {column} FROM entry WHERE n = ?", n)
    assert found
    raw = bytearray(found[0])
    raw[at % len(raw)] ^= 1 << bit
    shelf.db.run(f"UPDATE entry SET {column} = ? WHERE n = ?", bytes(raw), n)
    return bytes(raw)


def digit_of_points(shelf: Shelf, n: int) -> int:
    found = shelf.db.row("SELECT raw FROM entry WHERE n = ?", n)
    assert found
    return bytes(found[0]).index(b'"points":') + len(b'"points":')


@pytest.mark.parametrize("n", [2, 5, 6, 10])
def test_fault_11_a_sale_that_the_card_altered_waits_for_a_person_and_the_others_count(
    shelf: Shelf, n: int
) -> None:
    for points in range(1, 10):
        shelf.write(sold(points=points))
    altered = flip(shelf, "raw", n, digit_of_points(shelf, n))
    decode_entry(altered)  # it reads: nothing but its hash betrays it
    hub = drain(shelf)
    assert hub.posted == [points for points in range(1, 10) if points != n - 1]
    assert hub.shelf == [mend.ALTERED + base64.b64encode(altered)]
    assert chained(shelf.db) == 10
    shelf.write(sold(points=77))
    assert shelf.reopen().seq == 1, "the token knows the chain as it is now"
    assert hub.take(shelf, 4)
    assert hub.posted[-1] == 77


def test_fault_11_without_the_look_at_the_hash_what_was_altered_counts_and_all_stalls(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: what the defence is for."""
    for points in range(1, 10):
        shelf.write(sold(points=points))
    flip(shelf, "raw", 5, digit_of_points(shelf, 5))
    monkeypatch.setattr(mend, "sound", lambda *_: True)
    with pytest.raises(AssertionError, match="stalled"):
        drain(shelf)


@pytest.mark.parametrize("n", [1, 5, 9, 10])
def test_fault_11_a_hash_that_the_card_altered_costs_nobody_a_sale(shelf: Shelf, n: int) -> None:
    for points in range(1, 10):
        shelf.write(sold(points=points))
    flip(shelf, "hash", n, 7)
    hub = drain(shelf)
    assert hub.posted == list(range(1, 10))
    assert hub.shelf == []
    assert chained(shelf.db) == 10


@pytest.mark.parametrize("seed", range(40))
def test_fault_11_whatever_flips_no_wrong_sale_counts_and_nothing_stalls(
    shelf: Shelf, seed: int
) -> None:
    luck = Random(seed)
    for points in range(1, 13):
        shelf.write(sold(points=points))
    for _ in range(luck.randint(1, 4)):
        column = luck.choice(["raw", "raw", "hash"])
        flip(shelf, column, luck.randint(1, 13), luck.randrange(900), luck.randrange(8))
    hub = drain(shelf, most=luck.choice([1, 3, 100]))
    assert set(hub.posted) <= set(range(1, 13))
    assert len(hub.posted) == len(set(hub.posted))
    assert len(hub.posted) >= 12 - 6


def test_what_is_sound_is_not_touched(shelf: Shelf) -> None:
    shelf.write(sold())
    before = shelf.db.data_version()
    journal.batch_to_send(shelf.db)
    assert shelf.db.data_version() == before


def test_fault_11_what_does_not_read_any_more_stops_no_snapshot_and_no_list(shelf: Shelf) -> None:
    altered, sound = shelf.write(sold(points=5)), shelf.write(sold(points=7))
    flip(shelf, "raw", altered.n, 0)
    feed.begin_snapshot(shelf.db, snapshot="s", parts=1, to=Position(9, "e"))
    assert feed.stage_part(shelf.db, [encode_item(BalanceIs(points_of("ana"), 40))], part=1)
    assert shelf.points() == 47, "the hub's, and what it does not have yet"
    assert journal.entry(shelf.db, altered.id) is None
    assert journal.entry(shelf.db, sound.id) == sound
    assert len(sales.listed(shelf.db)) == 2
