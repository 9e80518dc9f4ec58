# SPDX-License-Identifier: Apache-2.0
"""The feed: a page and its cursor at once, bad items parked, a snapshot swapped in one step."""

import pytest

from firmware.store import cursors, feed, journal, replica
from firmware.store.cursors import Position
from loyalty.account import points_of
from loyalty.entry import Joined
from loyalty.feed import BalanceIs, CardNumbers, Covered, CustomerIs, SaleSeen
from loyalty.wire import encode_item
from tests.firmware.store.shelf import Shelf, sold

POINTS = points_of("ana")


def dead(shelf: Shelf) -> list[bytes]:
    return [raw for (raw,) in shelf.db.rows("SELECT raw FROM feed_dead")]


def page(shelf: Shelf, *lines: bytes, after: int, to: int, epoch: str = "e") -> bool:
    return feed.apply_page(shelf.db, lines, after=after, to=Position(to, epoch))


def balance(amount: int, customer: str = "ana") -> bytes:
    return encode_item(BalanceIs(points_of(customer), amount))


# ── pages ───────────────────────────────────────────────────────────────────────────────────────


def test_a_page_moves_the_cursor_with_what_it_brings(shelf: Shelf) -> None:
    assert page(shelf, balance(5), after=0, to=3)
    assert (shelf.points(), cursors.position(shelf.db)) == (5, Position(3, "e"))


def test_a_page_after_a_gap_or_of_another_hub_is_left_alone(shelf: Shelf) -> None:
    page(shelf, balance(5), after=0, to=3)
    assert not page(shelf, balance(9), after=4, to=6)
    assert not page(shelf, balance(9), after=3, to=6, epoch="restored")
    assert not page(shelf, balance(9), after=0, to=2)
    assert (shelf.points(), cursors.position(shelf.db)) == (5, Position(3, "e"))


def test_two_answers_that_crossed_do_no_harm(shelf: Shelf) -> None:
    page(shelf, balance(5), after=0, to=3)
    assert page(shelf, balance(5), balance(8), after=0, to=4)
    assert (shelf.points(), cursors.position(shelf.db).cursor) == (8, 4)


def test_an_empty_page_writes_nothing(shelf: Shelf) -> None:
    page(shelf, after=0, to=3)
    before = shelf.db.row("SELECT total_changes()")
    assert page(shelf, after=3, to=3)
    assert shelf.db.row("SELECT total_changes()") == before


def test_the_items_of_others_move_the_cursor_too(shelf: Shelf) -> None:
    assert page(shelf, after=0, to=500)
    assert cursors.position(shelf.db).cursor == 500


@pytest.mark.parametrize(
    "bad",
    [
        b"garbage",
        b"",
        b'{"kind":"balance","body":{"account":{"kind":"points","owner":"ana","key":""}}}',
        b'{"kind":"balance","body":{"account":{"kind":"hugs","owner":"ana","key":""},"balance":1}}',
        b'{"kind":"customer","body":{"id":null}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_an_item_that_can_not_be_applied_is_parked_and_the_rest_arrives(
    shelf: Shelf, bad: bytes
) -> None:
    assert page(shelf, balance(5), bad, balance(7, "theo"), after=0, to=3)
    assert (shelf.points(), shelf.points("theo")) == (5, 7)
    assert dead(shelf) == [bad]
    assert cursors.position(shelf.db).cursor == 3


def test_an_item_that_fails_half_way_leaves_no_half(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fold(_text: str) -> str:
        raise ValueError("poison")

    known = CustomerIs(id="ana", first_name="Ana", initial="P", codes=("OLD",))
    shelf.hear(known)
    monkeypatch.setattr(replica, "fold", fold)
    changed = CustomerIs(id="ana", first_name="Ana", initial="P", codes=("NEW",))
    assert page(shelf, encode_item(changed), after=1, to=2)
    assert replica.customer_by_code(shelf.db, "OLD"), "its codes were removed first, and are back"
    assert len(dead(shelf)) == 1


def test_fault_45_an_item_of_a_newer_hub_is_passed_over(shelf: Shelf) -> None:
    assert page(shelf, b'{"kind":"weather","body":{"rain":true}}', balance(5), after=0, to=2)
    assert (shelf.points(), dead(shelf)) == (5, [])


def test_a_page_whose_transaction_fails_moves_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(feed, "move", move)
        with pytest.raises(OSError):
            page(shelf, balance(5), after=0, to=3)
    assert (shelf.points(), cursors.position(shelf.db)) == (0, Position())


# ── snapshots ───────────────────────────────────────────────────────────────────────────────────


def begin(shelf: Shelf, *, parts: int = 2, snapshot: str = "s1", epoch: str = "new") -> None:
    feed.begin_snapshot(shelf.db, snapshot=snapshot, parts=parts, to=Position(40, epoch))


def part(shelf: Shelf, number: int, *items: bytes) -> bool:
    return feed.stage_part(shelf.db, items, part=number)


def test_fault_49_a_snapshot_is_read_only_when_it_is_whole(shelf: Shelf) -> None:
    page(shelf, balance(5), balance(3, "gone"), after=0, to=3)
    begin(shelf)
    assert part(shelf, 1, balance(50))
    assert (shelf.points(), shelf.points("gone")) == (5, 3)
    assert cursors.position(shelf.db) == Position(3, "e")
    assert part(shelf, 2, balance(8, "theo"))
    assert (shelf.points(), shelf.points("theo"), shelf.points("gone")) == (50, 8, 0)
    assert cursors.position(shelf.db) == Position(40, "new")
    assert feed.staging(shelf.db) is None


def test_fault_49_a_snapshot_goes_on_after_a_restart(shelf: Shelf) -> None:
    page(shelf, balance(5), after=0, to=3)
    begin(shelf)
    part(shelf, 1, balance(50))
    shelf.reopen()
    under_way = feed.staging(shelf.db)
    assert under_way
    assert (under_way.next_part, under_way.parts, under_way.to.cursor) == (2, 2, 40)
    assert shelf.points() == 5
    assert not part(shelf, 1, balance(99)), "it has that part"
    assert part(shelf, 2)
    assert shelf.points() == 50


def test_another_snapshot_begins_on_a_clean_side(shelf: Shelf) -> None:
    begin(shelf)
    part(shelf, 1, balance(1, "left over"))
    begin(shelf, snapshot="s2", parts=1)
    part(shelf, 1, balance(50))
    assert (shelf.points(), shelf.points("left over")) == (50, 0)


def test_parts_come_in_their_order_or_not_at_all(shelf: Shelf) -> None:
    assert not part(shelf, 1, balance(1)), "no snapshot under way"
    begin(shelf)
    assert not part(shelf, 2, balance(50))
    assert shelf.points() == 0


def test_own_entries_that_a_snapshot_does_not_contain_stay_on_top(shelf: Shelf) -> None:
    first = shelf.write(sold(points=12))
    shelf.write(sold(points=3))
    joined = Joined(customer="new", code="NEW", first_name="Théo", initial="P")
    shelf.write(joined)
    assert shelf.points() == 15
    begin(shelf, parts=1)
    covered = Covered(segment=shelf.segment().id, n=first.n)
    part(shelf, 1, balance(112), encode_item(covered))
    assert shelf.points() == 115, "112 with the first sale in it, and the second"
    assert replica.customer_by_code(shelf.db, "NEW")
    assert [sale.points for sale in replica.recent_sales(shelf.db, "ana")] == [3]
    assert shelf.right() == 15, "a snapshot is no grant and takes none"


def test_a_restored_hub_covers_less_and_nothing_goes_missing(shelf: Shelf) -> None:
    first, second = shelf.write(sold(points=12)), shelf.write(sold(points=3))
    segment = shelf.segment().id
    shelf.hear(BalanceIs(POINTS, 15), Covered(segment=segment, n=second.n))
    assert shelf.points() == 15
    begin(shelf, parts=1)
    part(shelf, 1, balance(12), encode_item(Covered(segment=segment, n=first.n)))
    assert shelf.points() == 15, "the second sale counts again"


def test_a_snapshot_names_the_furthest_place_whatever_the_order(shelf: Shelf) -> None:
    shelf.write(sold(points=12))
    old = shelf.segment()
    shelf.clock.reboot()
    new = shelf.reopen()
    shelf.write(sold(points=3))
    begin(shelf, parts=1)
    places = [Covered(segment=new.id, n=1), Covered(segment=old.id, n=2), Covered(segment="?", n=9)]
    part(shelf, 1, balance(12), *map(encode_item, places))
    assert shelf.points() == 15


def test_a_snapshot_is_written_in_small_transactions(shelf: Shelf) -> None:
    begin(shelf, parts=1)
    commits = shelf.db.data_version()
    part(shelf, 1, *(balance(i, f"c{i}") for i in range(1000)))
    assert shelf.db.data_version() - commits == 6, "five of 200 rows, and the swap"
    assert shelf.points("c999") == 999


def test_the_old_side_is_swept_bit_by_bit(shelf: Shelf) -> None:
    everything = [
        BalanceIs(POINTS, 5),
        CustomerIs(id="a", first_name="A", initial="B", codes=("X",), hashes=("h",)),
        SaleSeen(id="s", customer="a", wall_ms=1, points=1),
        CardNumbers(first=1, last=2),
    ]
    shelf.hear(*everything, *(BalanceIs(points_of(f"c{i}"), i) for i in range(500)))
    begin(shelf, parts=1)
    assert not feed.sweep(shelf.db), "the other side is being built on"
    part(shelf, 1, balance(7))
    turns = 0
    while feed.sweep(shelf.db):
        turns += 1
    assert turns >= 7
    assert shelf.points() == 7
    for table in feed._TABLES:
        assert shelf.db.row(f"SELECT count(*) FROM {table} WHERE side = 0") == (0,)
    assert shelf.db.row("SELECT count(*) FROM card_block") == (1,)


def test_a_bad_item_in_a_snapshot_is_parked(shelf: Shelf) -> None:
    begin(shelf, parts=1)
    part(shelf, 1, b"garbage", balance(7))
    assert (shelf.points(), dead(shelf)) == (7, [b"garbage"])


def test_selling_goes_on_while_a_snapshot_is_built(shelf: Shelf) -> None:
    begin(shelf)
    part(shelf, 1, balance(100))
    shelf.write(sold(points=12))
    assert shelf.points() == 12
    part(shelf, 2)
    assert shelf.points() == 112
    assert journal.waiting(shelf.db) == 2
