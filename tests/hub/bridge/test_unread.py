# SPDX-License-Identifier: Apache-2.0
"""Frames that can't be read: their terminal hears so, and no entry is stuck behind one."""

import base64
import hashlib
import tracemalloc
from collections.abc import Callable

import pytest

from hub.ledger.models import JournalEntry, Outcome
from loyalty.topics import down_topic, up_topic
from loyalty.wire import (
    LARGEST_BODY,
    LARGEST_FRAME,
    UNREAD,
    Ack,
    Garbled,
    Nack,
    decode_up,
    encode_frame,
)
from tests.hub.bridge.test_inbox import Post
from tests.hub.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridge() -> Post:
    return Post()


def bomb(till: Till) -> bytes:
    """A frame of a few hundred kilobytes' worth of zeros, that says it holds entries."""
    message, _ = till.batch(1)
    return encode_frame(message, [bytes(LARGEST_BODY + 1)])


def huge(till: Till) -> bytes:
    return bytes(LARGEST_FRAME + 1)


def damaged(till: Till) -> bytes:
    frame = encode_frame(*till.batch(1))
    return frame[:-1] + bytes([frame[-1] ^ 1])


@pytest.mark.parametrize("made", [bomb, huge, damaged])
def test_fault_43_a_terminal_hears_which_of_its_frames_can_not_be_read(
    bridge: Post, till: Till, made: Callable[[Till], bytes]
) -> None:
    frame = made(till)
    bridge.hand(up_topic(0, till.terminal.pk), frame)
    (topic, nack, _), *more = bridge.sent
    assert not more
    assert topic == down_topic(till.terminal.pk)
    assert isinstance(nack, Nack)
    assert (nack.code, nack.frame) == (UNREAD, hashlib.sha256(frame).hexdigest())
    assert isinstance(bridge.say(*till.batch(1)), Ack), "and the next one counts"


def test_fault_43_a_bomb_is_opened_no_further_than_a_frame_may_hold(till: Till) -> None:
    packed = bomb(till)
    assert len(packed) < 10_000
    tracemalloc.start()
    with pytest.raises(Garbled):
        decode_up(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * LARGEST_BODY


def test_fault_43_an_entry_that_is_to_be_kept_unread_is_on_the_shelf_and_the_next_one_counts(
    bridge: Post, till: Till
) -> None:
    till.sells(100)
    till.sells(200)
    bridge.say(*till.batch(1, 1))
    message, (raw,) = till.batch(2, 2, opaque=True)
    answer = bridge.say(message, [base64.b64encode(raw)])
    assert isinstance(answer, Ack)
    assert answer.upto == 2
    kept = JournalEntry.objects.get(n=2)
    assert (kept.outcome, bytes(kept.raw)) == (Outcome.SHELVED, raw)
    answer = bridge.say(*till.batch(3))
    assert isinstance(answer, Ack)
    assert answer.head == till.head.hex(), "chained to what nobody has read"
    assert JournalEntry.objects.get(n=3).outcome == Outcome.POSTED


def test_what_is_no_base_64_is_not_kept(bridge: Post, till: Till) -> None:
    message, lines = till.batch(1, opaque=True)
    answer = bridge.say(message, lines)
    assert isinstance(answer, Nack)
    assert answer.code == UNREAD


def test_strangers_are_not_told_what_is_wrong_with_their_frames(bridge: Post, till: Till) -> None:
    bridge.hand(up_topic(0, "somebody-else"), b"garbage")
    assert not bridge.sent
