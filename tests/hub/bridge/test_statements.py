# SPDX-License-Identifier: Apache-2.0
"""What a frame asks of the database, in statements: a clock on a busy machine tells nothing."""

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.merchants import feed
from loyalty.account import Holding, points_of
from loyalty.feed import Granted
from loyalty.topics import up_topic
from loyalty.wire import AskRight, Hello, Page, Poll, decode_item, encode_frame
from tests.hub.bridge.test_inbox import Post
from tests.hub.till import Till, fresh

pytestmark = pytest.mark.django_db

POLL, HELLO, BATCH, ASK = 15, 13, 27, 36
"""Savepoints count, where a real bridge begins and commits."""


@pytest.fixture
def bridge(till: Till) -> Post:
    """A bridge whose terminal was heard a moment ago, with a customer who has points."""
    made = Post()
    for amount in (1900, 2100):
        till.sells(amount, "elodie")
    till.releases(Holding(points_of("elodie"), 40))
    made.say(*till.batch(1))
    return made


def statements(bridge: Post, message: object, lines: Sequence[bytes] = ()) -> list[str]:
    """What it takes to store a frame and to answer it."""
    frame = encode_frame(message, lines)
    with CaptureQueriesContext(connection) as run:
        bridge.hand(up_topic(0, message.terminal), frame)
    return [one["sql"] for one in run.captured_queries]


def told(till: Till) -> dict[str, object]:
    return {"terminal": till.terminal.pk, "gen": till.terminal.gen}


def test_a_poll_takes_few_statements(bridge: Post, till: Till) -> None:
    poll = Poll(**told(till), nonce="n", after=0, epoch=feed.epoch())
    assert len(statements(bridge, poll)) <= POLL


def test_a_greeting_takes_few_statements(bridge: Post, till: Till) -> None:
    hello = Hello(
        **told(till),
        segment=till.segment,
        n=len(till.raws),
        acked=1,
        boot_id="boot",
        hw_id="hw",
        cursor=0,
        epoch=feed.epoch(),
        software="1",
    )
    assert len(statements(bridge, hello)) <= HELLO


@pytest.mark.parametrize("sales", [1, 40])
def test_a_batch_takes_as_many_statements_whatever_is_in_it(
    bridge: Post, till: Till, sales: int
) -> None:
    first = len(till.raws) + 1
    for _ in range(sales):
        till.sells(1250, "elodie")
    assert len(statements(bridge, *till.batch(first))) <= BATCH


def test_a_right_takes_few_statements(bridge: Post, till: Till) -> None:
    ask = AskRight(
        **told(till),
        ask=fresh("ask"),
        nonce="n",
        segment=till.segment,
        account=points_of("elodie"),
        amount=1,
        after=0,
        epoch=feed.epoch(),
    )
    assert len(statements(bridge, ask)) <= ASK
    page, lines = bridge.sent[-1][1:]
    assert isinstance(page, Page)
    assert isinstance(granted := decode_item(lines[-1]), Granted)
    assert granted.amount == 1
