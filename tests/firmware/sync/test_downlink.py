# SPDX-License-Identifier: Apache-2.0
"""What is asked of the hub and which answers count, decided without a network."""

from random import Random

import pytest

from firmware.store import cursors, elsewhere, feed, journal, rights
from firmware.store.cursors import Position
from firmware.sync.downlink import PARTS_UNANSWERED, Downlink
from loyalty.account import Holding, points_of
from loyalty.entry import Entry
from loyalty.feed import BalanceIs, Granted, SaleAt
from loyalty.wire import (
    AskFind,
    AskRight,
    AskSale,
    Found,
    FoundSales,
    FromTerminal,
    Page,
    Part,
    Poll,
    WantPart,
    decode_up,
    encode_entry,
    encode_item,
)
from tests.firmware.store.shelf import Shelf, sold

POINTS = points_of("ana")


@pytest.fixture
def downlink(shelf: Shelf) -> Downlink:
    segment = shelf.segment()
    journal.acknowledge(shelf.db, segment.id, upto=1, head=segment.head.hex())
    return Downlink(shelf.db, terminal="terminal-1", gen=1, rng=Random(1), new_id=shelf.new_id)


def asked(downlink: Downlink, now_s: float) -> list[FromTerminal]:
    downlink.look()
    return [decode_up(frame)[0] for frame in downlink.due(now_s)]


def polled(downlink: Downlink, now_s: float) -> Poll:
    [poll] = asked(downlink, now_s)
    assert isinstance(poll, Poll)
    return poll


def page(nonce: str, *, after: int, to: int, latest: int | None = None, epoch: str = "e") -> Page:
    return Page(nonce=nonce, after=after, to=to, latest=latest or to, epoch=epoch, hub_ms=0)


def balance(amount: int) -> bytes:
    return encode_item(BalanceIs(POINTS, amount))


def test_the_feed_is_asked_for_at_once_and_then_about_once_a_minute(
    shelf: Shelf, downlink: Downlink
) -> None:
    poll = polled(downlink, 0)
    assert (poll.after, poll.epoch) == (0, "")
    downlink.on_page(page(poll.nonce, after=0, to=3), [balance(5)], 0.1)
    assert shelf.points() == 5
    assert asked(downlink, 44) == []
    again = polled(downlink, 76)
    assert (again.after, again.epoch) == (3, "e")
    assert again.nonce != poll.nonce


def test_while_there_is_more_it_goes_on_at_once(shelf: Shelf, downlink: Downlink) -> None:
    poll = polled(downlink, 0)
    downlink.on_page(page(poll.nonce, after=0, to=3, latest=9), [], 0.1)
    assert polled(downlink, 0.1).after == 3


def test_only_the_answer_to_an_open_question_counts(shelf: Shelf, downlink: Downlink) -> None:
    poll = polled(downlink, 0)
    downlink.on_page(page("stranger", after=0, to=3), [balance(9)], 0.1)
    assert shelf.points() == 0
    answer = page(poll.nonce, after=0, to=3)
    downlink.on_page(answer, [balance(5)], 0.1)
    downlink.on_page(answer, [balance(7)], 0.1)
    assert shelf.points() == 5
    downlink.restart()
    late = polled(downlink, 1)
    downlink.restart()
    downlink.on_page(page(late.nonce, after=3, to=4), [balance(9)], 2)
    assert shelf.points() == 5, "asked in a connection that is gone"


def test_a_lost_answer_is_asked_for_again(downlink: Downlink) -> None:
    polled(downlink, 0)
    assert asked(downlink, 0.4) == []
    assert polled(downlink, 2.1).after == 0
    assert downlink.awaiting


def test_a_poke_asks_at_once_but_not_for_old_news(shelf: Shelf, downlink: Downlink) -> None:
    poll = polled(downlink, 0)
    downlink.on_page(page(poll.nonce, after=0, to=3), [], 0.1)
    downlink.on_poke(3, "e")
    assert asked(downlink, 0.2) == []
    downlink.on_poke(4, "e")
    assert polled(downlink, 0.2).after == 3


def test_a_storm_of_pokes_is_no_storm_of_polls(downlink: Downlink) -> None:
    polls = 0
    for tick in range(500):
        downlink.on_poke(1000 + tick, "e")
        polls += len(asked(downlink, tick / 100))
    assert polls <= 10


def test_a_hub_that_never_advances_is_not_asked_in_a_circle(downlink: Downlink) -> None:
    polls = 0
    for tick in range(1000):
        for message in asked(downlink, tick / 100):
            assert isinstance(message, Poll)
            polls += 1
            stuck = page(message.nonce, after=0, to=0, latest=9)
            downlink.on_page(stuck, [], tick / 100)
    assert polls <= 10


def test_a_hub_with_another_epoch_is_asked_what_is_new(shelf: Shelf, downlink: Downlink) -> None:
    poll = polled(downlink, 0)
    downlink.on_page(page(poll.nonce, after=0, to=3), [balance(5)], 0.1)
    downlink.on_poke(0, "restored")
    again = polled(downlink, 0.2)
    assert (again.after, again.epoch) == (3, "e")
    downlink.on_page(page(again.nonce, after=3, to=4, epoch="restored"), [balance(9)], 0.3)
    assert shelf.points() == 5, "a page of another epoch says nothing after our position"


# ── snapshots ───────────────────────────────────────────────────────────────────────────────────


def part(nonce: str, number: int, *, snapshot: str = "s", parts: int = 2) -> Part:
    return Part(nonce=nonce, snapshot=snapshot, part=number, parts=parts, to=40, epoch="e")


def wanted(downlink: Downlink, now_s: float) -> WantPart:
    [wish] = asked(downlink, now_s)
    assert isinstance(wish, WantPart)
    return wish


def test_a_snapshot_is_fetched_part_by_part(shelf: Shelf, downlink: Downlink) -> None:
    poll = polled(downlink, 0)
    downlink.on_part(part(poll.nonce, 1), [balance(5)], 0.1)
    wish = wanted(downlink, 0.1)
    assert (wish.snapshot, wish.part) == ("s", 2)
    downlink.on_part(part(wish.nonce, 2), [], 0.2)
    assert (shelf.points(), cursors.position(shelf.db)) == (5, Position(40, "e"))
    assert polled(downlink, 0.2).after == 40


def test_fault_49_a_part_that_is_lost_is_asked_for_again(shelf: Shelf, downlink: Downlink) -> None:
    poll = polled(downlink, 0)
    downlink.on_part(part(poll.nonce, 1), [], 0.1)
    wanted(downlink, 0.1)
    assert wanted(downlink, 5).part == 2


def test_fault_49_a_snapshot_that_the_hub_has_dropped_is_given_up(
    shelf: Shelf, downlink: Downlink
) -> None:
    poll = polled(downlink, 0)
    downlink.on_part(part(poll.nonce, 1), [], 0.1)
    for attempt in range(PARTS_UNANSWERED):
        wanted(downlink, 1 + attempt * 400)
    fresh = polled(downlink, 5000)
    assert feed.staging(shelf.db) is None
    downlink.on_part(part(fresh.nonce, 1, snapshot="t", parts=1), [balance(8)], 5001)
    assert shelf.points() == 8


def test_the_middle_of_an_unknown_snapshot_is_no_beginning(
    shelf: Shelf, downlink: Downlink
) -> None:
    poll = polled(downlink, 0)
    downlink.on_part(part(poll.nonce, 2), [balance(5)], 0.1)
    assert feed.staging(shelf.db) is None


# ── what the till waits for ─────────────────────────────────────────────────────────────────────


def test_a_right_is_asked_for_at_once_and_again_within_two_seconds(
    shelf: Shelf, downlink: Downlink
) -> None:
    poll = polled(downlink, 0)
    downlink.on_page(page(poll.nonce, after=0, to=3), [], 0)
    ask = rights.ask(shelf.db, Holding(POINTS, 40), new_id=shelf.new_id)
    [question] = asked(downlink, 0.1)
    assert isinstance(question, AskRight)
    assert (question.ask, question.account, question.amount) == (ask, POINTS, 40)
    assert (question.segment, question.after, question.epoch) == (shelf.segment().id, 3, "e")
    assert asked(downlink, 0.4) == []
    [again] = asked(downlink, 0.9)
    assert isinstance(again, AskRight)
    granted = Granted(ask=ask, segment=question.segment, account=POINTS, amount=40)
    downlink.on_page(page(again.nonce, after=3, to=4), [encode_item(granted)], 1.0)
    assert rights.answer(shelf.db, ask) == rights.Answer(40, done=True)
    assert asked(downlink, 30) == []
    downlink.on_page(page(question.nonce, after=3, to=4), [encode_item(granted)], 1.1)
    assert shelf.right() == 40, "both answers came"


def test_a_right_that_is_given_up_is_not_asked_for_again(shelf: Shelf, downlink: Downlink) -> None:
    ask = rights.ask(shelf.db, Holding(POINTS, 40), new_id=shelf.new_id)
    assert len(asked(downlink, 0)) == 2
    rights.give_up(shelf.db, ask)
    assert not [m for m in asked(downlink, 1.5) if isinstance(m, AskRight)]


def test_no_right_is_asked_for_before_the_hub_has_the_header(shelf: Shelf) -> None:
    """It would set what is held to what the header says, and the grant would be forgotten."""
    early = Downlink(shelf.db, terminal="t", gen=1, rng=Random(1), new_id=shelf.new_id)
    rights.ask(shelf.db, Holding(POINTS, 40), new_id=shelf.new_id)
    assert not [m for m in asked(early, 0) if isinstance(m, AskRight)]
    segment = shelf.segment()
    journal.acknowledge(shelf.db, segment.id, upto=1, head=segment.head.hex())
    assert [m for m in asked(early, 0.1) if isinstance(m, AskRight)]


def test_a_name_is_looked_up(shelf: Shelf, downlink: Downlink) -> None:
    find = rights.ask_find(shelf.db, "dupont", new_id=shelf.new_id)
    question = asked(downlink, 0)[0]
    assert isinstance(question, AskFind)
    assert (question.ask, question.text) == (find, "dupont")
    downlink.on_found(Found(ask=find, customers=("c1", "c2"), epoch="e"))
    assert rights.answer_find(shelf.db, find) == ("c1", "c2")
    assert not [m for m in asked(downlink, 5) if isinstance(m, AskFind)]


def test_before_a_card_is_said_to_be_unknown_the_feed_is_heard_to_its_end(
    shelf: Shelf, downlink: Downlink
) -> None:
    poll = polled(downlink, 0)
    downlink.on_page(page(poll.nonce, after=0, to=3), [], 0)
    wish = cursors.catch_up(shelf.db, new_id=shelf.new_id)
    first = polled(downlink, 0.1)
    downlink.on_page(page(first.nonce, after=3, to=5, latest=9), [], 0.2)
    assert not cursors.caught_up(shelf.db, wish), "there is more"
    rest = polled(downlink, 0.2)
    assert rest.after == 5
    downlink.on_page(page(rest.nonce, after=5, to=9), [balance(5)], 0.3)
    assert cursors.caught_up(shelf.db, wish)
    assert shelf.points() == 5
    assert asked(downlink, 30) == []


def test_news_that_were_asked_for_before_the_wish_may_be_too_old_for_it(
    shelf: Shelf, downlink: Downlink
) -> None:
    early = polled(downlink, 0)
    wish = cursors.catch_up(shelf.db, new_id=shelf.new_id)
    late = polled(downlink, 0.1)
    downlink.on_page(page(early.nonce, after=0, to=3), [], 0.2)
    assert not cursors.caught_up(shelf.db, wish)
    downlink.on_page(page(late.nonce, after=0, to=3), [], 0.3)
    assert cursors.caught_up(shelf.db, wish), "nothing was new"


def test_a_lost_wish_for_news_is_repeated_within_two_seconds(
    shelf: Shelf, downlink: Downlink
) -> None:
    downlink.on_page(page(polled(downlink, 0).nonce, after=0, to=3), [], 0)
    cursors.catch_up(shelf.db, new_id=shelf.new_id)
    polled(downlink, 0.1)
    assert asked(downlink, 0.4) == []
    polled(downlink, 0.9)


def test_sales_of_other_tills_are_asked_for_and_handed_to_the_till(
    shelf: Shelf, downlink: Downlink
) -> None:
    downlink.on_page(page(polled(downlink, 0).nonce, after=0, to=3), [], 0)
    ask = elsewhere.ask(shelf.db, text="0414", new_id=shelf.new_id)
    [question] = asked(downlink, 0.1)
    assert isinstance(question, AskSale)
    assert (question.ask, question.text, question.sale) == (ask, "0414", "")
    assert elsewhere.answer(shelf.db, ask) is None
    at = SaleAt(shop="Saint-Paul", terminal="saint-paul-1", wall_ms=5)
    stamp = shelf.clock.stamp()
    raw = encode_entry(Entry(id="their-sale", n=4, stamp=stamp, staff="", facts=sold()))
    cut = FoundSales(ask=ask, at=(at, at), barred=2, epoch="e")
    downlink.on_found_sales(cut, [raw])
    told = elsewhere.answer(shelf.db, ask)
    assert told
    assert ([sale.at for sale in told.sales], told.barred) == ([at], 2)
    assert asked(downlink, 30) == []


def test_an_answer_about_sales_that_nobody_waits_for_is_dropped(
    shelf: Shelf, downlink: Downlink
) -> None:
    late = elsewhere.ask(shelf.db, text="0414", new_id=shelf.new_id)
    ask = elsewhere.ask(shelf.db, text="0415", new_id=shelf.new_id)
    downlink.on_found_sales(FoundSales(ask=late, at=(), epoch="e"), [])
    assert elsewhere.answer(shelf.db, late) is None
    assert elsewhere.answer(shelf.db, ask) is None
