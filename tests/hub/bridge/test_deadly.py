# SPDX-License-Identifier: Apache-2.0
"""A frame that kills the bridge, as the kernel would: what is not committed is gone."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest

from hub.broker_bridge import answers
from hub.broker_bridge import inbox as inbox_module
from hub.broker_bridge.inbox import MOST_TRIES
from hub.broker_bridge.models import Inbox
from hub.ledger import post as ledger
from hub.ledger.models import JournalEntry, Outcome
from loyalty.topics import up_topic
from loyalty.wire import FromTerminal, encode_frame
from tests.hub.bridge.test_inbox import Post, poll
from tests.hub.till import Till

pytestmark = pytest.mark.django_db

Deadly = Callable[[bytes], None]


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> Deadly:
    """Let an entry kill whoever posts it."""
    real = ledger.post

    def choose(bad: bytes) -> None:
        def post(
            name: str, batch: object, lines: list[bytes], *, poison: bool = False, **more: Any
        ) -> object:
            if bad in lines and not poison:
                raise SystemExit
            return real(name, batch, lines, poison=poison, **more)

        monkeypatch.setattr(inbox_module.post, "post", post)

    return choose


def came(*frames: tuple[FromTerminal, Sequence[bytes]]) -> None:
    """Frames that a bridge wrote down before it died."""
    Post().worker.store(
        (up_topic(0, message.terminal), encode_frame(message, lines)) for message, lines in frames
    )


def live() -> int:
    """One bridge after the other, until the inbox is empty; gives how many it took."""
    lives = 0
    while Inbox.objects.exists():
        lives += 1
        assert lives < 20, "it never ends"
        with suppress(SystemExit):
            Post().worker.work()
    return lives


def shelved() -> list[tuple[str, int]]:
    found = JournalEntry.objects.filter(outcome=Outcome.SHELVED)
    return list(found.values_list("terminal_id", "n"))


def test_fault_42_the_entry_is_shelved_at_last_and_the_others_count(
    till: Till, deadly: Deadly
) -> None:
    for cents in (100, 666, 300):
        till.sells(cents)
    deadly(till.raws[2])
    came(till.batch(1))
    assert live() == MOST_TRIES + 1, "the first try was counted when it was stored"
    assert shelved() == [(till.terminal.pk, 3)]
    assert JournalEntry.objects.filter(outcome=Outcome.POSTED).count() == 3


@pytest.mark.parametrize("first", [True, False], ids=["before it", "after it"])
def test_its_neighbour_in_the_inbox_is_not_suspected(
    till: Till, other: Till, deadly: Deadly, first: bool
) -> None:
    for cents in (100, 666, 300):
        till.sells(cents)
    other.sells(4200, "elodie")
    deadly(till.raws[2])
    frames = [till.batch(1), other.batch(2)]
    came(*(frames[::-1] if first else frames))
    live()
    assert shelved() == [(till.terminal.pk, 3)]


def test_what_was_answered_beside_it_is_not_answered_in_each_life(
    till: Till, other: Till, deadly: Deadly
) -> None:
    other.sells(4200, "elodie")
    till.sells(666)
    deadly(till.raws[1])
    came(other.batch(2), till.batch(1))
    with suppress(SystemExit):
        Post().worker.work()
    assert Inbox.objects.count() == 1


def test_a_question_is_dropped_at_last(
    till: Till, other: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(answers.snapshot, "make", dies)
    till.sells(4200, "elodie")
    came((poll(other, after=3, epoch="before the restore"), ()), till.batch(1))
    assert live() == MOST_TRIES, "the first try was counted when it was stored"
    assert JournalEntry.objects.filter(kind="sold").count() == 1
