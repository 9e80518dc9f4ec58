# SPDX-License-Identifier: Apache-2.0
"""A snapshot gets through, however long it takes to make and however often it is asked for."""

from datetime import timedelta

import pytest

from hub.broker_bridge import answers
from hub.ledger import snapshot
from hub.ledger.snapshots import Snapshot
from hub.merchants import enrolment, feed
from hub.merchants.models import Shop
from loyalty.wire import Page, Part, WantPart
from tests.hub.bridge.test_inbox import Post, poll, told
from tests.hub.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(till: Till) -> Till:
    """A terminal of another life of the hub."""
    till.joins("elodie")
    till.sells(1960, "elodie")
    till.send()
    return till


def asks(bridge: Post, till: Till, after: int = 3, epoch: str = "before the restore") -> Part:
    answer = bridge.say(poll(till, after=after, epoch=epoch))
    assert isinstance(answer, Part)
    return answer


def test_a_poll_that_overtakes_the_answer_to_another_takes_nothing_from_it(lost: Till) -> None:
    bridge = Post()
    first, second = asks(bridge, lost), asks(bridge, lost)
    assert (first.snapshot, first.part) == (second.snapshot, second.part)


def test_a_wish_for_a_part_of_one_that_is_gone_begins_the_current_one(lost: Till) -> None:
    bridge = Post()
    current = asks(bridge, lost)
    wish = WantPart(**told(lost), nonce="m", snapshot="gone", part=7)
    again = bridge.say(wish)
    assert isinstance(again, Part)
    assert (again.snapshot, again.part) == (current.snapshot, 1)


def test_one_that_was_read_long_ago_is_not_given_again(lost: Till) -> None:
    bridge = Post()
    first = asks(bridge, lost)
    old = Snapshot.objects.get().made_at - snapshot.FRESH - timedelta(seconds=1)
    Snapshot.objects.update(made_at=old)
    assert asks(bridge, lost).snapshot != first.snapshot


def test_one_that_took_longer_to_make_than_it_stays_fresh_is_given_all_the_same(
    lost: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, now = Post(), snapshot.timezone.now()
    with monkeypatch.context() as slow:
        slow.setattr(snapshot.timezone, "now", iter([now - snapshot.FRESH * 2, now]).__next__)
        made = snapshot.make(lost.terminal)
    assert asks(bridge, lost).snapshot == made.pk


def test_one_that_leads_nowhere_further_is_not_given_again(
    lost: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = Post()
    first = asks(bridge, lost)
    lost.sells(500, "elodie")
    lost.send()
    monkeypatch.setattr(answers, "LARGEST_FRAME", 0)  # no page fits
    second = asks(bridge, lost, after=first.to, epoch=feed.epoch())
    assert second.to > first.to


def test_a_terminal_ahead_of_its_hub_gets_one_snapshot_too(lost: Till) -> None:
    bridge = Post()
    far, knows = feed.position(lost.terminal.merchant_id) + 50, feed.epoch()
    first, second = (asks(bridge, lost, after=far, epoch=knows) for _ in range(2))
    assert first.snapshot == second.snapshot
    assert isinstance(bridge.say(poll(lost, after=first.to)), Page)


def test_a_terminal_enrolled_in_another_shop_gets_a_snapshot_of_that_one(
    lost: Till, shop: Shop
) -> None:
    bridge = Post()
    first = asks(bridge, lost)
    lost.terminal = enrolment.enrol(shop, lost.terminal.pk)
    assert asks(bridge, lost).snapshot != first.snapshot
