# SPDX-License-Identifier: Apache-2.0
"""Faults by their number in docs/faults.md, as the hub meets them, each with its defence taken out."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec
import pytest
from django.core.management import CommandError
from django.utils import timezone

from hub.broker_bridge import inbox as inbox_module
from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.link import Link
from hub.broker_bridge.management.commands.run_bridge import run
from hub.ledger import audit, custody, line, post
from hub.ledger.models import Account, Held, JournalEntry, Outcome
from hub.ledger.tally import Tally
from hub.ledger.waiting import post_waiting
from hub.merchants import enrolment, feed
from hub.merchants.models import Merchant, Shop, Terminal
from loyalty.account import LOSS, points_of
from loyalty.entry import KINDS
from loyalty.topics import up_topic
from loyalty.wire import Ack, AskRight, Garbled, UnknownEntry, encode_frame
from tests.hub.bridge.own import PATIENCE_S
from tests.hub.bridge.test_deadly import Deadly, came, deadly, live
from tests.hub.bridge.test_inbox import Post, told
from tests.hub.till import Till
from tests.simulation.mutants import MUTANTS

__all__ = ["deadly"]

pytestmark = pytest.mark.django_db

Patch = pytest.MonkeyPatch
LUCET = "maison-lucet"
ANA = points_of("ana")


def points(owner: str = "ana") -> int:
    return sum(Account.objects.filter(owner=owner, kind="points").values_list("balance", flat=True))


# ── 36, 37: stolen, retired ─────────────────────────────────────────────────────────────────────


def stolen(till: Till, other: Till, shop: Shop) -> int:
    """A till spends after it was retired, and its card comes back; what was left for another."""
    till.joins("ana")
    till.sells(2000, "ana")
    till.send()
    till.sells(100, "ana", uses=15)
    custody.retire(till.terminal)
    left = other.ask(ANA, 20)
    till.terminal = enrolment.enrol(shop, till.terminal.pk)
    till.send()
    assert audit.faults(LUCET) == []
    return left


def test_fault_36_what_a_stolen_till_spends_is_the_merchants_loss(
    till: Till, other: Till, shop: Shop
) -> None:
    assert stolen(till, other, shop) == 20, "the customer is whole"
    assert points(LOSS) == -14, "15 that it spent, less the one that its own sale earned"


def test_fault_36_without_freeing_what_it_held_the_customer_would_pay(
    till: Till, other: Till, shop: Shop, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(Tally, "free_all_of", lambda *_: None)
    assert stolen(till, other, shop) == 0


def test_fault_37_what_a_retired_till_never_sent_counts_when_its_card_is_found(
    till: Till, shop: Shop
) -> None:
    till.joins("ana")
    till.send()
    till.sells(2500, "ana")
    custody.retire(till.terminal)
    with pytest.raises(post.NotOurs):
        till.send()
    assert points() == 0, "without the card nobody has them but the receipt"
    till.terminal = enrolment.enrol(shop, till.terminal.pk)
    till.send()
    assert points() == 25
    assert audit.faults(LUCET) == []


# ── 42: an entry that kills ─────────────────────────────────────────────────────────────────────


def test_fault_42_without_counting_the_tries_it_would_kill_for_ever(
    till: Till, deadly: Deadly, monkeypatch: Patch
) -> None:
    till.sells(666)
    deadly(till.raws[1])
    monkeypatch.setattr(inbox_module, "MOST_TRIES", 10**9)
    came(till.batch(1))
    with pytest.raises(AssertionError, match="it never ends"):
        live()


# ── 44: a kind that is not known yet ────────────────────────────────────────────────────────────


def test_fault_44_without_waiting_it_would_be_taken_for_damage(
    till: Till, monkeypatch: Patch
) -> None:
    known = line.decode_entry

    def strict(raw: bytes) -> object:
        entry = known(raw)
        if isinstance(entry, UnknownEntry):
            raise Garbled
        return entry

    till.joins("ana")
    till.sells(1250, "ana")
    with monkeypatch.context() as patch:
        patch.delitem(KINDS, "sold")
        patch.setattr(line, "decode_entry", strict)
        till.send()
    assert post_waiting() == 0
    assert points() == 0


# ── 51: a callback fails ────────────────────────────────────────────────────────────────────────


def failing(test: Callable[..., None]) -> Callable[..., None]:
    """Its callback fails on purpose, and its bridge lets go of the database."""
    known = "ignore::pytest.PytestUnhandledThreadExceptionWarning"
    return pytest.mark.filterwarnings(known)(pytest.mark.django_db(transaction=True)(test))


@pytest.fixture
def deaf() -> Iterator[Link]:
    """A link of which a callback has failed: its thread is gone, and it does not know."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    link = Link("127.0.0.1", port, epoch=feed.epoch(), shards=[], identity=None)

    def fails(*_: object) -> None:
        raise SystemExit  # threads end with it and say nothing

    link._hearing.on_connect_fail = fails
    link.start()
    until = time.monotonic() + PATIENCE_S
    while link._hearing._thread and link._hearing._thread.is_alive():
        assert time.monotonic() < until
        time.sleep(0.01)
    yield link
    link.stop()


def turns(link: Link, count: int) -> None:
    """Let the bridge turn so often."""
    stop = threading.Event()

    def receive(_wait_s: float) -> list[object]:
        nonlocal count
        count -= 1
        if not count:
            stop.set()
        return []

    link.receive = receive  # type: ignore[method-assign]
    run(link, Worker(link.send), stop)


@failing
def test_fault_51_a_bridge_that_hears_nothing_any_more_ends_and_is_started_again(
    deaf: Link, merchant: Merchant
) -> None:
    with pytest.raises(CommandError):
        turns(deaf, 3)


@failing
def test_fault_51_without_a_look_at_the_thread_it_would_go_on_deaf(
    deaf: Link, merchant: Merchant, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(Link, "alive", True)
    turns(deaf, 3)


# ── 53: two bridges, one frame ──────────────────────────────────────────────────────────────────


def in_both(till: Till) -> list[str]:
    """Two bridges take the same frame out of their inboxes; what is wrong then."""
    till.joins("ana")
    till.sells(1250, "ana")
    frame = encode_frame(*till.batch(1))
    for bridge in (Post(), Post()):
        bridge.hand(up_topic(0, till.terminal.pk), frame)
        assert isinstance(bridge.sent[-1][1], Ack)
    return audit.faults(LUCET)


def test_fault_53_a_frame_that_two_bridges_have_is_posted_once(till: Till) -> None:
    assert in_both(till) == []
    assert points() == 12


def test_fault_53_without_looking_what_is_posted_it_would_count_twice(
    till: Till, monkeypatch: Patch
) -> None:
    MUTANTS["post_again"](monkeypatch)
    assert in_both(till)


# ── 57: an older generation ─────────────────────────────────────────────────────────────────────


def test_fault_57_without_looking_at_the_generation_both_boards_would_be_heard(
    till: Till, monkeypatch: Patch
) -> None:
    till.sells(1250)
    old = till.batch(1)
    Terminal.objects.update(gen=2)
    bridge = Post()
    assert bridge.say(*old) is None
    read = inbox_module.decode_up

    def careless(raw: bytes) -> object:
        message, lines = read(raw)
        return msgspec.structs.replace(message, gen=2), lines

    monkeypatch.setattr(inbox_module, "decode_up", careless)
    assert isinstance(bridge.say(*old), Ack)


# ── 58: the hub's own clock ─────────────────────────────────────────────────────────────────────

EPOCH, FAR = datetime(1970, 1, 2, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


def asks(till: Till, amount: int) -> AskRight:
    return AskRight(
        **told(till),
        ask="ask-1",
        segment=till.segment,
        account=ANA,
        amount=amount,
        nonce="n",
        after=0,
        epoch=feed.epoch(),
    )


def granted_to_another(till: Till, other: Till, now: Callable[[], datetime], patch: Patch) -> int:
    """What another till gets of points that are one till's own, after the clock has jumped."""
    bridge = Post()
    till.joins("ana")
    till.sells(2000, "ana")
    bridge.say(*till.batch(1))
    patch.setattr(timezone, "now", now)
    bridge.say(asks(other, 15))
    till.sells(500, "ana")
    assert isinstance(bridge.say(*till.batch(4)), Ack)
    assert points() == 25
    assert audit.faults(LUCET) == []
    assert not JournalEntry.objects.exclude(outcome=Outcome.POSTED).exists()
    held = Held.objects.filter(segment__terminal=other.terminal, account__owner="ana")
    return sum(held.values_list("amount", flat=True))


@pytest.mark.parametrize("jumped", [EPOCH, FAR], ids=["1970", "2060"])
def test_fault_58_a_hub_with_a_wrong_clock_grants_and_counts_as_ever(
    till: Till, other: Till, monkeypatch: Patch, jumped: datetime
) -> None:
    assert granted_to_another(till, other, lambda: jumped, monkeypatch) == 0


def test_fault_58_without_rights_that_know_no_time_they_would_be_given_twice(
    till: Till, other: Till, monkeypatch: Patch
) -> None:
    MUTANTS["release_by_timeout"](monkeypatch)
    assert granted_to_another(till, other, lambda: FAR, monkeypatch) == 15
