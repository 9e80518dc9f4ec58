# SPDX-License-Identifier: Apache-2.0
"""Which entries are sent, and when again: told by the clock, decided without a network."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from secrets import token_hex

import pytest

from firmware.store import journal
from firmware.sync.pace import LONGEST_S, SHORTEST_S, Pace
from firmware.sync.uplink import Uplink
from loyalty.wire import EARLIER, GENESIS, LARGEST_FRAME, UNREAD, Ack, Batch, Nack, chain, decode_up
from tests.firmware.store.shelf import Shelf, sold


@pytest.fixture
def uplink(shelf: Shelf) -> Uplink:
    return Uplink(shelf.db, terminal="terminal-1", gen=1, rng=Random(1))


def sent(frame: bytes | None) -> tuple[str, int, int]:
    """Segment, first and last number of a batch."""
    assert frame
    message, lines = decode_up(frame)
    assert isinstance(message, Batch)
    return message.segment, message.lo, message.lo + len(lines) - 1


def ack(shelf: Shelf, upto: int, *, credit: int = 1000, head: str = "") -> Ack:
    segment, hashed = shelf.segment(), GENESIS
    raws = shelf.db.rows("SELECT raw FROM entry WHERE n <= ? ORDER BY n", upto)
    for (raw,) in raws:
        hashed = chain(hashed, raw)
    return Ack(
        epoch="e",
        segment=segment.id,
        upto=upto,
        head=head or hashed.hex(),
        latest=0,
        credit=credit,
        hub_ms=0,
    )


def nack(shelf: Shelf, want: int) -> Nack:
    return Nack(epoch="e", segment=shelf.segment().id, want=want, code="gap")


def test_what_is_under_way_is_not_sent_again_until_the_hub_has_it(
    shelf: Shelf, uplink: Uplink
) -> None:
    assert sent(uplink.due(0))[1:] == (1, 1)
    assert uplink.awaiting
    assert uplink.due(0.1) is None
    shelf.write(sold())
    assert sent(uplink.due(0.1))[1:] == (2, 2)
    uplink.on_ack(ack(shelf, 1), 0.1)
    assert uplink.due(0.2) is None
    uplink.on_ack(ack(shelf, 2), 0.3)
    assert uplink.due(0.4) is None
    assert not uplink.awaiting


def test_without_an_answer_it_is_sent_again_ever_more_rarely(shelf: Shelf, uplink: Uplink) -> None:
    at, sendings = 0.0, []
    while at < 2000:
        if uplink.due(at):
            sendings.append(at)
        at += 0.25
    waits = [b - a for a, b in pairwise(sendings)]
    assert all(SHORTEST_S <= wait <= LONGEST_S + 0.25 for wait in waits)
    assert waits[0] <= 2.25
    assert max(waits) > 60
    assert len(sendings) < 40


def test_a_new_connection_sends_at_once(shelf: Shelf, uplink: Uplink) -> None:
    for at in range(0, 1000, 100):
        uplink.due(at)
    uplink.restart()
    assert uplink.due(1000.1)


def test_entries_written_meanwhile_go_with_the_next_sending(shelf: Shelf, uplink: Uplink) -> None:
    uplink.due(0)
    shelf.write(sold())
    assert sent(uplink.due(10))[1:] == (1, 2)
    uplink.on_ack(ack(shelf, 2), 11)
    assert not uplink.awaiting


def test_a_batch_is_at_most_a_hundred_entries(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(150):
        shelf.write(sold())
    assert sent(uplink.due(0))[1:] == (1, 100)
    uplink.on_ack(ack(shelf, 100), 0)
    assert sent(uplink.due(1))[1:] == (101, 151)


def test_the_next_batch_leaves_while_the_hub_posts_one(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(350):
        shelf.write(sold())
    assert sent(uplink.due(0))[1:] == (1, 100)
    assert sent(uplink.due(0))[1:] == (101, 200)
    assert uplink.due(0) is None
    uplink.on_ack(ack(shelf, 100), 0)
    assert sent(uplink.due(1))[1:] == (201, 300)
    assert uplink.due(1) is None


def test_one_that_was_lost_is_sent_again_with_what_came_after_it(
    shelf: Shelf, uplink: Uplink
) -> None:
    for _ in range(250):
        shelf.write(sold())
    uplink.due(0)  # lost
    uplink.due(0)
    uplink.on_nack(nack(shelf, 1), 0)
    assert sent(uplink.due(0))[1:] == (1, 50)
    assert sent(uplink.due(0))[1:] == (51, 100)


def test_large_entries_make_small_batches(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(10):
        shelf.write(replace(sold(), code=token_hex(10_000)))  # chance is not made smaller
    frame = uplink.due(0)
    assert frame is not None
    assert len(frame) <= LARGEST_FRAME
    assert sent(frame)[1:] == (1, 5)


def test_a_hub_that_took_a_part_is_sent_the_rest(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(9):
        shelf.write(sold())
    uplink.due(0)
    uplink.on_ack(ack(shelf, 4), 0.1)
    assert sent(uplink.due(0.2))[1:] == (5, 10)


def test_an_acknowledgement_of_other_entries_is_not_believed(shelf: Shelf, uplink: Uplink) -> None:
    uplink.due(0)
    uplink.on_ack(ack(shelf, 1, head="00" * 32), 0.1)
    assert uplink.awaiting
    assert sent(uplink.due(100))[1:] == (1, 1)


def test_late_and_foreign_acknowledgements_do_no_harm(shelf: Shelf, uplink: Uplink) -> None:
    shelf.write(sold())
    uplink.due(0)
    uplink.on_ack(ack(shelf, 2), 0.1)
    shelf.write(sold())
    uplink.due(0.2)
    late = ack(shelf, 1)
    uplink.on_ack(late, 0.3)
    assert uplink.awaiting
    foreign = Ack(epoch="e", segment="?", upto=9, head="", latest=0, credit=9, hub_ms=0)
    uplink.on_ack(foreign, 0.3)
    assert uplink.awaiting


def test_a_gap_is_filled_from_where_the_hub_wants(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(5):
        shelf.write(sold())
    uplink.due(0)
    uplink.on_ack(ack(shelf, 6), 0.1)
    shelf.write(sold())
    assert sent(uplink.due(0.2))[1:] == (7, 7)
    uplink.on_nack(nack(shelf, 3), 0.3)
    assert sent(uplink.due(0.4))[1:] == (3, 7), "acknowledged entries are still there"
    uplink.on_ack(ack(shelf, 7), 0.5)
    assert uplink.due(1) is None


def test_a_hub_that_goes_on_refusing_gets_less_and_less_often(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(100):
        shelf.write(sold())
    at, sizes, times = 0.0, [], []
    while at < 3000:
        if frame := uplink.due(at):
            _, lo, hi = sent(frame)
            sizes.append(hi - lo + 1)
            times.append(at)
            uplink.on_nack(nack(shelf, 1), at)
        at += 0.5
    assert sizes[:7] == [100, 50, 25, 12, 6, 3, 1]
    assert sizes[-1] == 1
    assert len(times) < 30, "no storm"


def test_after_a_success_batches_grow_again(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(120):
        shelf.write(sold())
    uplink.due(0)
    uplink.on_nack(nack(shelf, 1), 0)
    _, _, hi = sent(uplink.due(0.1))
    assert hi == 50
    uplink.on_ack(ack(shelf, 50), 0.2)
    assert sent(uplink.due(0.3))[1:] == (51, 121)


def test_a_stale_refusal_of_another_segment_is_ignored(shelf: Shelf, uplink: Uplink) -> None:
    uplink.due(0)
    uplink.on_nack(Nack(epoch="e", segment="?", want=1, code="gap"), 0.1)
    assert uplink.due(0.2) is None


@pytest.fixture
def rebooted(shelf: Shelf) -> tuple[str, str]:
    """What was written before a reboot, and the segment after it; the hub has the first."""
    written = shelf.segment()
    shelf.write(sold())
    journal.acknowledge(shelf.db, written.id, upto=2, head=shelf.segment().head.hex())
    shelf.clock.reboot()
    return written.id, shelf.reopen().id


def test_what_has_to_come_before_a_header_comes_first(shelf: Shelf, rebooted) -> None:
    earlier, now = rebooted
    uplink = Uplink(shelf.db, terminal="terminal-1", gen=1, rng=Random(1))
    assert sent(uplink.due(0)) == (now, 1, 1)
    uplink.on_nack(Nack(epoch="e", segment=earlier, want=2, code=EARLIER), 0.1)
    assert sent(uplink.due(0.2)) == (earlier, 2, 2)


@pytest.mark.parametrize("which", ["of another card", "its own"])
def test_what_had_to_come_before_another_header_is_not_said_to_be_lost(
    shelf: Shelf, rebooted, which: str
) -> None:
    """A refusal comes late, to a card that was put back since: it has not the segment it names."""
    earlier, now = rebooted
    uplink = Uplink(shelf.db, terminal="terminal-1", gen=1, rng=Random(1))
    uplink.due(0)
    wanted = "?" if which == "of another card" else now
    uplink.on_nack(Nack(epoch="e", segment=wanted, want=1, code=EARLIER), 0.1)
    assert uplink.due(0.2) is None, "what is under way is not answered yet"
    message, _ = decode_up(uplink.due(100) or b"")
    assert isinstance(message, Batch)
    assert (message.segment, message.lost) == (now, False)
    uplink.on_nack(Nack(epoch="e", segment=earlier, want=2, code=EARLIER), 100.1)
    assert sent(uplink.due(100.2)) == (earlier, 2, 2)


def test_the_hubs_credit_is_kept(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(150):
        shelf.write(sold())
    uplink.due(0)
    uplink.on_ack(ack(shelf, 100, credit=20), 0)
    assert uplink.due(4.9) is None, "a hundred entries at twenty a second"
    assert uplink.due(5.1)


def test_a_hub_without_credit_is_left_in_peace_for_a_while(shelf: Shelf, uplink: Uplink) -> None:
    for _ in range(150):
        shelf.write(sold())
    uplink.due(0)
    uplink.on_ack(ack(shelf, 100, credit=0), 0)
    assert uplink.due(4.9) is None
    assert uplink.due(15.1)


def test_waiting_never_ends_and_never_overflows() -> None:
    pace = Pace(Random(1))
    assert all(SHORTEST_S <= pace.next_s() <= LONGEST_S for _ in range(5000))


# ── frames that the hub can't read ──────────────────────────────────────────────────────────────


def unread(frame: bytes | None) -> Nack:
    assert frame
    sha = hashlib.sha256(frame).hexdigest()
    return Nack(epoch="e", segment="", want=0, code=UNREAD, frame=sha)


def refuse_all(uplink: Uplink, *, but: Callable[[Batch], bool]) -> list[tuple[int, int]]:
    """A hub that reads nothing but that; which entries it is sent until it can read one frame."""
    at, seen = 0.0, []
    while at < 10_000:
        at += 0.5
        frame = uplink.due(at)
        if frame is None:
            continue
        message, lines = decode_up(frame)
        assert isinstance(message, Batch)
        seen.append((message.lo, message.lo + len(lines) - 1))
        if but(message):
            return seen
        uplink.on_nack(unread(frame), at)
    return seen


def test_fault_43_what_the_hub_can_not_read_is_sent_in_less_and_at_last_to_be_kept_unread(
    shelf: Shelf, uplink: Uplink
) -> None:
    for _ in range(60):
        shelf.write(sold())
    seen = refuse_all(uplink, but=lambda batch: batch.opaque)
    assert [hi for _, hi in seen] == [61, 50, 25, 12, 6, 3, 1, 1, 1, 1]
    assert {lo for lo, _ in seen} == {1}
    uplink.on_ack(ack(shelf, 1), 10_000)
    assert sent(uplink.due(10_001))[1:] == (2, 3), "and what follows is batches again"


def test_fault_43_without_a_word_of_the_hub_one_frame_is_sent_for_ever(
    shelf: Shelf, uplink: Uplink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Uplink, "on_nack", lambda *_: None)
    for _ in range(60):
        shelf.write(sold())
    assert set(refuse_all(uplink, but=lambda batch: batch.opaque)) == {(1, 61)}


def test_a_frame_that_was_damaged_on_the_way_is_simply_sent_again(
    shelf: Shelf, uplink: Uplink
) -> None:
    for _ in range(60):
        shelf.write(sold())
    frame = uplink.due(0)
    assert frame
    uplink.on_nack(unread(frame + b"?"), 0.1)
    assert uplink.due(0.2) is None
    assert sent(uplink.due(100))[1:] == (1, 61)
