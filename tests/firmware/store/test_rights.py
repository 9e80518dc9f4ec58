# SPDX-License-Identifier: Apache-2.0
"""Rights: earned here, granted by the hub, spent only inside them, given back when not needed."""

import pytest

from firmware.store import journal, own, replica, rests, rights
from firmware.store.database import BadRow
from loyalty.account import Holding, points_of, rest_of
from loyalty.entry import Opened, ReleaseCause, Released
from loyalty.feed import BalanceIs, Covered, Granted
from tests.firmware.store.shelf import Shelf, chained, sold

POINTS = points_of("ana")


def ask(shelf: Shelf, amount: int = 40) -> str:
    return rights.ask(shelf.db, Holding(POINTS, amount), new_id=shelf.new_id)


def grant(shelf: Shelf, ask_id: str, amount: int, *, segment: str = "") -> None:
    granted = Granted(
        ask=ask_id, segment=segment or shelf.segment().id, account=POINTS, amount=amount
    )
    shelf.hear(granted)


def covered(shelf: Shelf, n: int, balance: int) -> None:
    shelf.hear(BalanceIs(POINTS, balance), Covered(segment=shelf.segment().id, n=n))


def test_what_is_earned_here_may_be_spent_here(shelf: Shelf) -> None:
    shelf.write(sold(points=12))
    assert shelf.right() == 12
    shelf.write(sold(points=0, spends=10))
    assert (shelf.right(), shelf.points()) == (2, 2)


def test_nothing_is_ever_spent_beyond_the_right(shelf: Shelf) -> None:
    shelf.hear(BalanceIs(POINTS, 100))
    shelf.write(sold(points=5))
    with pytest.raises(BadRow):
        shelf.write(sold(points=0, spends=6))
    assert (shelf.right(), shelf.points(), journal.waiting(shelf.db)) == (5, 105, 2)
    with pytest.raises(BadRow):
        shelf.write(sold("theo", points=0, spends=1))
    chained(shelf.db)


def test_a_grant_answers_its_ask_and_raises_the_right(shelf: Shelf) -> None:
    asked = ask(shelf)
    assert rights.answer(shelf.db, asked) == rights.Answer(0, done=False)
    [waiting] = rights.asked(shelf.db)
    assert (waiting.account, waiting.amount) == (POINTS, 40)
    grant(shelf, asked, 40)
    assert rights.answer(shelf.db, asked) == rights.Answer(40, done=True)
    assert shelf.right() == 40
    assert rights.asked(shelf.db) == ()
    shelf.heard()
    assert shelf.release() == (), "the order under way keeps it"
    shelf.write(sold(points=0, spends=40))
    assert shelf.right() == 0


def test_a_hub_that_has_nothing_free_answers_too(shelf: Shelf) -> None:
    asked = ask(shelf)
    grant(shelf, asked, 0)
    assert rights.answer(shelf.db, asked) == rights.Answer(0, done=True)
    assert shelf.right() == 0


def test_a_grant_counts_once_however_often_it_comes(shelf: Shelf) -> None:
    asked = ask(shelf)
    for _ in range(3):
        grant(shelf, asked, 40)
    assert shelf.right() == 40


def test_a_grant_works_only_in_the_segment_that_it_names(shelf: Shelf) -> None:
    old = shelf.segment().id
    asked = ask(shelf)
    shelf.clock.reboot()
    shelf.reopen()
    grant(shelf, asked, 40, segment=old)
    assert shelf.right() == 0
    assert rights.answer(shelf.db, asked) is None
    again = ask(shelf)
    grant(shelf, again, 40, segment=old)
    assert shelf.right() == 0, "an ask of this boot is not answered by a grant of the last"


def test_a_grant_that_nobody_asked_for_is_ignored(shelf: Shelf) -> None:
    grant(shelf, "never asked", 40)
    assert shelf.right() == 0


def test_fault_35_a_grant_that_comes_too_late_is_given_back(shelf: Shelf) -> None:
    asked = ask(shelf)
    shelf.heard()
    rights.give_up(shelf.db, asked)
    rights.unreserve(shelf.db)
    assert rights.asked(shelf.db) == ()
    grant(shelf, asked, 40)
    assert rights.answer(shelf.db, asked) == rights.Answer(40, done=True)
    [entry] = shelf.release()
    assert entry.facts == Released(cause=ReleaseCause.UNUSED, holds=(Holding(POINTS, 40),))
    assert shelf.right() == 0
    assert shelf.release() == ()


def test_an_own_right_stays_until_the_feed_has_caught_up(shelf: Shelf) -> None:
    shelf.heard()
    first = shelf.write(sold(points=12))
    assert shelf.release() == ()
    second = shelf.write(sold(points=3))
    covered(shelf, first.n, 12)
    assert shelf.release() == (), "the second sale raised it again"
    assert (shelf.points(), shelf.right()) == (15, 15)
    covered(shelf, second.n, 15)
    [entry] = shelf.release()
    assert entry.facts == Released(cause=ReleaseCause.COVERED, holds=(Holding(POINTS, 15),))
    assert (shelf.points(), shelf.right()) == (15, 0)


def test_an_order_keeps_the_rights_that_it_may_need(shelf: Shelf) -> None:
    shelf.heard()
    rights.reserve(shelf.db, ["ana"])
    entry = shelf.write(sold(points=12))
    covered(shelf, entry.n, 12)
    assert shelf.release() == ()
    rights.reserve(shelf.db, ["theo"])
    assert [e.facts.holds for e in shelf.release() if isinstance(e.facts, Released)] == [
        (Holding(POINTS, 12),)
    ]


def test_reserving_the_same_again_writes_nothing(shelf: Shelf) -> None:
    rights.reserve(shelf.db, ["ana", "theo"])
    pages = shelf.db.row("PRAGMA data_version")
    changes = shelf.db.row("SELECT total_changes()")
    rights.reserve(shelf.db, ["theo", "ana"])
    assert shelf.db.row("SELECT total_changes()") == changes
    assert shelf.db.row("PRAGMA data_version") == pages


def test_many_rights_go_back_in_entries_that_fit_a_frame(shelf: Shelf) -> None:
    shelf.heard()
    for i in range(250):
        last = shelf.write(sold(f"customer-{i:03d}", points=1))
    shelf.hear(Covered(segment=shelf.segment().id, n=last.n))
    counts = []
    while entries := shelf.release():
        counts += [len(e.facts.holds) for e in entries if isinstance(e.facts, Released)]
    assert counts == [100, 100, 50]
    assert own.held(shelf.db) == ()


def test_a_reboot_forgets_what_was_asked_and_keeps_what_is_held(shelf: Shelf) -> None:
    shelf.write(sold(points=12))
    asked = ask(shelf)
    found = rights.ask_find(shelf.db, "dupont", new_id=shelf.new_id)
    shelf.clock.reboot()
    shelf.reopen()
    assert rights.answer(shelf.db, asked) is None
    assert rights.answer_find(shelf.db, found) is None
    assert rights.finds_asked(shelf.db) == ()
    assert own.held(shelf.db) == (Holding(POINTS, 12),)


def test_the_header_says_which_rests_are_held_but_not_of_sales_that_nobody_touched(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched = shelf.write(sold(points=12))
    with shelf.db.atomic():
        for sale in ("theirs", "ours", "older"):
            rests.change(shelf.db, sale, 750)
        rests.change(shelf.db, "ours", -750)
    monkeypatch.setattr(journal, "MOST_RESTS", 1)
    shelf.clock.reboot()
    shelf.reopen()
    [(_, header)] = journal.entries_after(shelf.db, (2, 0))
    assert isinstance(header.facts, Opened)
    assert header.facts.rests == (Holding(rest_of("older"), 750),)
    held = {sale: rests.held(shelf.db, sale) for sale in (untouched.id, "ours", "theirs")}
    assert held == {untouched.id: 1_200, "ours": 0, "theirs": 0}, "what is not said is not held"


def test_a_right_of_an_earlier_boot_is_released_once_it_is_covered(shelf: Shelf) -> None:
    shelf.write(sold(points=12))
    old = shelf.segment()
    shelf.clock.reboot()
    new = shelf.reopen()
    shelf.hear(BalanceIs(POINTS, 12), Covered(segment=new.id, n=1))
    assert (shelf.points(), own.covered_to(shelf.db)) == (12, (new.seq, 1))
    assert shelf.release() == (), "nobody knows yet what this boot holds"
    shelf.heard()
    assert shelf.release()
    shelf.hear(Covered(segment=old.id, n=2))
    assert own.covered_to(shelf.db) == (new.seq, 1), "covered never goes back on the feed"


def test_a_name_is_looked_up_at_the_hub(shelf: Shelf) -> None:
    first = rights.ask_find(shelf.db, "dupont", new_id=shelf.new_id)
    second = rights.ask_find(shelf.db, "dupond", new_id=shelf.new_id)
    assert [find.text for find in rights.finds_asked(shelf.db)] == ["dupond"]
    rights.found(shelf.db, first, ["a"])
    assert rights.answer_find(shelf.db, first) is None, "given up for the next search"
    assert rights.answer_find(shelf.db, second) is None
    rights.found(shelf.db, second, ["c2", "c1"])
    assert rights.answer_find(shelf.db, second) == ("c2", "c1")
    third = rights.ask_find(shelf.db, "nobody", new_id=shelf.new_id)
    rights.found(shelf.db, third, [])
    assert rights.answer_find(shelf.db, third) == ()


def test_balances_are_the_replica_and_what_it_does_not_contain_yet(shelf: Shelf) -> None:
    shelf.hear(BalanceIs(POINTS, 100))
    entry = shelf.write(sold(points=12))
    assert shelf.points() == 112
    covered(shelf, entry.n, 112)
    assert shelf.points() == 112
    assert replica.balances(shelf.db, "nobody") == {}
