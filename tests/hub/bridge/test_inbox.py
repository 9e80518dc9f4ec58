# SPDX-License-Identifier: Apache-2.0
"""Frames are stored, tried, answered after the commit, and never take the bridge down."""

import hashlib
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from hub.broker_bridge import inbox as inbox_module
from hub.broker_bridge.answers import BEHIND
from hub.broker_bridge.inbox import LAST_TRY, MOST_TRIES, Worker
from hub.broker_bridge.models import Inbox
from hub.broker_bridge.status import SILENT_AFTER, mark_silent
from hub.ledger import post as ledger
from hub.ledger.models import JournalEntry, Outcome
from hub.merchants import feed
from hub.merchants.models import FeedItem, Merchant, Terminal
from hub.programmes import publish
from loyalty.account import Holding, points_of
from loyalty.feed import CategoryIs, Covered, Granted, Recalled
from loyalty.topics import down_topic, up_topic
from loyalty.wire import (
    LARGEST_FRAME,
    Ack,
    AskFind,
    AskRight,
    Found,
    FromHub,
    Gone,
    Health,
    Hello,
    Nack,
    Page,
    Part,
    Poke,
    Poll,
    WantPart,
    decode_down,
    decode_item,
    encode_frame,
)
from tests.hub.till import Till

pytestmark = pytest.mark.django_db


@dataclass
class Post:
    """A bridge without a broker: what it is handed, what it sends."""

    sent: list[tuple[str, FromHub, tuple[bytes, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.worker = Worker(self._send)

    def _send(self, topic: str, frame: bytes) -> None:
        self.sent.append((topic, *decode_down(frame)))

    def hand(self, topic: str, payload: bytes) -> None:
        self.worker.store([(topic, payload)])
        self.worker.work()

    def say(self, message: object, lines: list[bytes] | tuple[()] = ()) -> FromHub | None:
        """A terminal's frame on its own topic; gives the last answer to it."""
        self.sent.clear()
        self.hand(up_topic(0, message.terminal), encode_frame(message, lines))
        own = [m for topic, m, _ in self.sent if topic == down_topic(message.terminal)]
        return own[-1] if own else None

    def items(self) -> list[object]:
        """What the last page carried."""
        return [decode_item(line) for line in self.sent[-1][2]]


@pytest.fixture
def bridge() -> Post:
    return Post()


def told(till: Till) -> dict[str, object]:
    return {"terminal": till.terminal.pk, "gen": till.terminal.gen}


def poll(till: Till, after: int = 0, epoch: str = "") -> Poll:
    return Poll(**told(till), nonce="n", after=after, epoch=epoch or feed.epoch())


def test_a_batch_is_posted_acknowledged_and_leaves_the_inbox(bridge: Post, till: Till) -> None:
    till.sells(1960, "elodie")
    answer = bridge.say(*till.batch(1))
    assert isinstance(answer, Ack)
    assert (answer.upto, answer.head) == (2, till.head.hex())
    assert not Inbox.objects.exists()
    assert JournalEntry.objects.filter(kind="sold").count() == 1


def test_fault_20_the_same_batch_again_gets_the_same_answer_and_counts_once(
    bridge: Post, till: Till
) -> None:
    till.sells(1960, "elodie")
    first = bridge.say(*till.batch(1))
    again = bridge.say(*till.batch(1))
    assert isinstance(first, Ack)
    assert isinstance(again, Ack)
    assert (first.upto, first.head, first.latest) == (again.upto, again.head, again.latest)
    assert JournalEntry.objects.filter(kind="sold").count() == 1


def test_fault_21_a_gap_is_asked_for(bridge: Post, till: Till) -> None:
    till.sells(100)
    till.sells(200)
    answer = bridge.say(*till.batch(3))
    assert isinstance(answer, Nack)
    assert answer.want == 1


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\x00" * 40, b"LK1\x01 no", b"{}" * 500, b"LK1\x01" + b"\xff" * 70_000],
    ids=["empty", "zeroes", "short", "json", "huge"],
)
def test_fault_43_garbage_on_a_terminals_topic_is_counted_and_harms_nobody(
    bridge: Post, till: Till, garbage: bytes
) -> None:
    bridge.hand(up_topic(0, till.terminal.pk), garbage)
    assert [type(message) for _, message, _ in bridge.sent] == [Nack]
    assert bridge.worker.counts.answered == 0
    assert not Inbox.objects.exists()
    till.sells(100)
    assert isinstance(bridge.say(*till.batch(1)), Ack)


def test_fault_43_a_frame_that_is_too_large_is_never_dropped_in_silence(
    bridge: Post, till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.hand(up_topic(0, till.terminal.pk), bytes(LARGEST_FRAME + 1))
    assert bridge.worker.counts.oversize == 1
    (said,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert till.terminal.pk in said.getMessage()


def test_fault_40_nobody_speaks_for_another(bridge: Post, till: Till, stranger: Till) -> None:
    till.sells(100)
    message, lines = till.batch(1)
    bridge.hand(up_topic(0, stranger.terminal.pk), encode_frame(message, lines))
    bridge.hand(up_topic(0, "unknown-terminal"), encode_frame(message, lines))
    bridge.hand("lk/1/up/0/#", encode_frame(message, lines))
    Terminal.objects.filter(pk=till.terminal.pk).update(gen=2)
    bridge.hand(up_topic(0, till.terminal.pk), encode_frame(message, lines))
    assert not bridge.sent
    assert bridge.worker.counts.strangers == 4
    assert not JournalEntry.objects.filter(kind="sold").exists()


def test_a_new_terminal_reads_the_feed_and_its_own_marker_last(bridge: Post, till: Till) -> None:
    till.sells(1960, "elodie")
    bridge.say(*till.batch(1))
    page = bridge.say(poll(till))
    assert isinstance(page, Page)
    assert page.to == page.latest
    assert bridge.items()[-1] == Covered(segment=till.segment, n=2)


def test_a_terminal_of_another_life_of_the_hub_gets_a_snapshot_part_by_part(
    bridge: Post, till: Till
) -> None:
    till.joins("elodie")
    till.sells(1960, "elodie")
    bridge.say(*till.batch(1))
    part = bridge.say(poll(till, after=3, epoch="before the restore"))
    assert isinstance(part, Part)
    assert part.part == 1
    again = bridge.say(WantPart(**told(till), nonce="m", snapshot=part.snapshot, part=part.parts))
    assert isinstance(again, Part)
    assert (again.part, again.nonce) == (part.parts, "m")
    assert Covered(segment=till.segment, n=3) in bridge.items()
    replaced = bridge.say(WantPart(**told(till), nonce="o", snapshot="gone", part=1))
    assert isinstance(replaced, Part), "one that was replaced begins anew instead of ending"


def test_a_right_is_granted_on_the_page_that_answers(bridge: Post, till: Till, other: Till) -> None:
    till.sells(10_000, "elodie")
    bridge.say(*till.batch(1))
    bridge.say(*other.batch(1))
    points = points_of("elodie")
    ask = AskRight(
        **told(other),
        ask="ask-1",
        segment=other.segment,
        account=points,
        amount=80,
        nonce="n",
        after=feed.position("maison-lucet"),
        epoch=feed.epoch(),
    )
    assert isinstance(bridge.say(ask), Page)
    assert not [item for item in bridge.items() if isinstance(item, Granted)]
    recalled = FeedItem.objects.latest("position")
    assert recalled.audience == feed.to_terminal(till.terminal.pk)
    assert decode_item(bytes(recalled.body)) == Recalled(points)
    till.releases(*till_holds(till))
    bridge.say(*till.batch(3))
    granted = decode_item(bytes(FeedItem.objects.latest("position").body))
    assert (granted.ask, granted.amount) == ("ask-1", 80), "as soon as it was given back"


def till_holds(till: Till) -> list[Holding]:
    """Everything it may spend."""
    return [Holding(account, n) for account, n in till.rights.items() if n]


def test_a_customer_is_found_by_full_name_for_a_till(bridge: Post, till: Till) -> None:
    till.joins("elodie", first_name="Élodie")
    bridge.say(*till.batch(1))
    found = bridge.say(AskFind(**told(till), ask="a", text="elod"))
    assert found == Found(epoch=feed.epoch(), ask="a", customers=("elodie",))


def test_a_terminal_says_how_it_is_and_its_will_says_that_it_is_gone(
    bridge: Post, till: Till
) -> None:
    hello = Hello(
        **told(till),
        segment=till.segment,
        n=1,
        boot_id="boot",
        hw_id="hw",
        cursor=4,
        epoch="",
        software="0.1.0",
    )
    assert isinstance(bridge.say(hello), Poke)
    bridge.say(
        Health(
            **told(till),
            waiting=3,
            cursor=4,
            software="0.1.0",
            printer="PaperOut",
            scanner="ok",
            kiosk=True,
            disk=10**9,
        )
    )
    terminal = Terminal.objects.get(pk=till.terminal.pk)
    assert (terminal.online, terminal.waiting, terminal.printer) == (True, 3, "PaperOut")
    assert terminal.disk == 100, "whatever it says, it is a percentage"
    bridge.say(Gone(**told(till)))
    terminal.refresh_from_db()
    assert not terminal.online


def test_a_copy_of_a_card_that_greets_does_not_become_the_terminal(
    bridge: Post, till: Till
) -> None:
    bridge.say(*till.batch(1))
    more = {"segment": "s", "n": 1, "boot_id": "b", "cursor": 0, "epoch": "", "software": "0"}
    bridge.say(Hello(**told(till), hw_id="another board", **more))
    assert Terminal.objects.get(pk=till.terminal.pk).hw_id == "hw"


def test_a_terminal_that_is_silent_for_three_minutes_is_offline(till: Till) -> None:
    late = timezone.now() - SILENT_AFTER
    Terminal.objects.filter(pk=till.terminal.pk).update(online=True, last_contact=late)
    assert mark_silent() == 1
    assert mark_silent() == 0


def test_others_are_poked_when_something_was_posted(
    bridge: Post, till: Till, other: Till, stranger: Till
) -> None:
    for each in (till, other, stranger):
        bridge.say(*each.batch(1))
    bridge.worker.poke()
    bridge.sent.clear()
    till.sells(500)
    bridge.say(*till.batch(2))
    bridge.sent.clear()
    bridge.worker.pokes._next_s.clear()
    bridge.say(Gone(**told(other)))  # the will of a connection before this one, come late
    bridge.sent.clear()
    bridge.worker.poke()
    assert {topic for topic, _, _ in bridge.sent} == {
        down_topic(till.terminal.pk),
        down_topic(other.terminal.pk),
    }


def test_fault_42_the_one_entry_that_brings_posting_down_is_shelved_and_the_others_count(
    bridge: Post, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cents in (100, 666, 300):
        till.sells(cents)
    bad = till.raws[2]
    real = ledger.post

    def brittle(
        name: str, batch: object, lines: list[bytes], *, poison: bool = False, **more: int
    ) -> object:
        if bad in lines and not poison:
            message = "a bug that only this entry finds"
            raise RuntimeError(message)
        return real(name, batch, lines, poison=poison, **more)

    monkeypatch.setattr(inbox_module.post, "post", brittle)
    bridge.worker.store([(up_topic(0, till.terminal.pk), encode_frame(*till.batch(1)))])
    for _ in range(MOST_TRIES + 1):
        bridge.worker.work()
    outcomes = dict(JournalEntry.objects.values_list("n", "outcome"))
    assert outcomes == {
        1: Outcome.POSTED,
        2: Outcome.POSTED,
        3: Outcome.SHELVED,
        4: Outcome.POSTED,
    }
    assert not Inbox.objects.exists()
    answer = bridge.sent[-1][1]
    assert isinstance(answer, Ack)
    assert answer.upto == 4


def test_a_generation_that_closes_meanwhile_is_not_taken(
    bridge: Post, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise ledger.NotOurs

    monkeypatch.setattr(inbox_module.post, "post", closed)
    assert bridge.say(*till.batch(1)) is None
    assert bridge.worker.counts.strangers == 1
    assert not Inbox.objects.exists()


def test_a_batch_that_nothing_helps_does_not_stay_for_ever(
    bridge: Post, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(inbox_module.post, "post", broken)
    bridge.say(*till.batch(1))
    for _ in range(LAST_TRY):
        bridge.worker.work()
    assert not Inbox.objects.exists()


def test_fault_13_a_hub_that_is_behind_asks_for_a_pause(bridge: Post, till: Till) -> None:
    bridge.worker.store([(up_topic(0, till.terminal.pk), encode_frame(*till.batch(1)))])
    Inbox.objects.update(received_at=timezone.now() - 2 * BEHIND)
    bridge.worker.work()
    assert bridge.sent[-1][1].credit == 0
    till.sells(100)
    assert bridge.say(*till.batch(2)).credit > 0


def test_a_transaction_that_no_frame_holds_is_told_by_a_snapshot(bridge: Post, till: Till) -> None:
    before = feed.position(till.terminal.merchant_id)
    with feed.writing(till.terminal.merchant_id) as out:
        for n in range(300):
            name = hashlib.shake_256(str(n).encode()).hexdigest(200)
            out.say(CategoryIs(id=str(n), name=name, rank=0))
    assert isinstance(bridge.say(poll(till, after=before)), Part)


def test_what_was_published_on_the_web_is_poked(bridge: Post, till: Till) -> None:
    bridge.say(*till.batch(1))
    bridge.worker.pokes.watch()
    bridge.worker.poke()
    bridge.sent.clear()
    publish.publish(till.terminal.merchant_id)
    bridge.worker.pokes._watch_s = 0
    bridge.worker.pokes._next_s.clear()
    bridge.worker.pokes.watch()
    bridge.worker.poke()
    assert [topic for topic, _, _ in bridge.sent] == [down_topic(till.terminal.pk)]


def test_fault_17_what_a_killed_bridge_left_in_the_inbox_is_answered_by_the_next(
    till: Till,
) -> None:
    till.sells(100)
    first = Post()
    first.worker.store([(up_topic(0, till.terminal.pk), encode_frame(*till.batch(1)))])
    second = Post()
    assert second.worker.work()
    assert isinstance(second.sent[-1][1], Ack)
    assert Merchant.objects.get().feed_position > 0
