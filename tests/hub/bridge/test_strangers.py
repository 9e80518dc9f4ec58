# SPDX-License-Identifier: Apache-2.0
"""Whoever speaks in a name that is not theirs is told of, once, and changes nothing."""

import pytest

from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.strangers import PAUSE_S
from hub.ledger.models import Incident, IncidentKind
from hub.merchants.models import Terminal
from loyalty.topics import up_topic
from loyalty.wire import Gone, encode_frame
from tests.hub.bridge.house import OTHERS, OURS, hello
from tests.hub.bridge.own import SHARD


@pytest.fixture
def worker() -> Worker:
    return Worker(lambda *_: None)


def said(worker: Worker, message: object, *, by: str = OURS) -> None:
    worker.store([(up_topic(SHARD, by), encode_frame(message))])  # type: ignore[arg-type]
    worker.work()


def noted() -> list[tuple[str | None, str, int]]:
    found = Incident.objects.filter(kind=IncidentKind.INTRUDER).order_by("pk")
    return [(one.terminal_id, one.subject, one.count) for one in found]


def test_nobody_is_told_of_a_terminal_that_is_what_it_says(worker, terminal):
    for boot in ("a", "b", "c"):  # it was switched off and on
        for _ in range(2):
            said(worker, hello(OURS, terminal.gen, boot=boot))
    assert noted() == []
    assert worker.counts.answered == 6


def test_a_name_that_nobody_enrolled_is_told_to_the_operator(worker, terminal):
    said(worker, hello("somebody-else", 1), by="somebody-else")
    assert noted() == [(None, "somebody-else", 1)]
    incident = Incident.objects.get()
    assert incident.merchant is None
    assert incident.facts == {"claims": "somebody-else", "gen": 1}


def test_fault_57_an_older_generation_is_told_to_its_merchant(worker, terminal):
    Terminal.objects.update(gen=3)
    said(worker, hello(OURS, 2))
    assert noted() == [(OURS, OURS, 1)]
    assert Incident.objects.get().merchant_id == "maison-lucet"


def test_a_frame_in_anothers_name_is_told_of_whose_certificate_it_was(worker, terminal):
    said(worker, hello(OTHERS, 1), by=OURS)
    assert noted() == [(OURS, OURS, 1)]
    assert Incident.objects.get().facts["claims"] == OTHERS


def test_what_the_broker_says_for_a_connection_of_before_is_nobodys_fault(worker, terminal):
    Terminal.objects.update(gen=3)
    said(worker, Gone(terminal=OURS, gen=2))
    assert noted() == []
    assert worker.counts.strangers == 1


def test_who_speaks_without_end_is_noted_once_a_minute(worker, terminal):
    Terminal.objects.update(gen=3)
    for _ in range(5):
        said(worker, hello(OURS, 2))
    assert noted() == [(OURS, OURS, 1)]
    worker._strangers._noted[OURS] -= PAUSE_S
    said(worker, hello(OURS, 2))
    assert noted() == [(OURS, OURS, 2)]


def test_fault_29_two_boards_with_one_card_are_found_by_the_boot_that_comes_back(worker, terminal):
    for boot in ("this", "that", "this"):
        said(worker, hello(OURS, terminal.gen, boot=boot))
    assert noted() == [(OURS, OURS, 1)]
    assert Incident.objects.get().facts["boards"] == 2


def test_names_without_end_take_no_room_without_end(worker, terminal, monkeypatch):
    monkeypatch.setattr("hub.broker_bridge.strangers.MOST_NAMES", 3)
    for n in range(9):
        said(worker, hello(f"nobody-{n:03}", 1), by=f"nobody-{n:03}")
    assert len(worker._strangers._noted) == 3
