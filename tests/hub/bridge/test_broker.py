# SPDX-License-Identifier: Apache-2.0
"""The bridge over a real broker: one journey from a scan to the hub's answer, and how it ends."""

import signal
import threading
from pathlib import Path

import pytest
from django.db import connection

from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.link import Link
from hub.broker_bridge.management.commands.run_bridge import run
from hub.ledger.models import JournalEntry
from hub.merchants import feed
from hub.merchants.authority import Authority
from loyalty.account import Holding, points_of
from loyalty.feed import Granted
from loyalty.wire import (
    Ack,
    AskRight,
    HubState,
    Page,
    decode_item,
)
from provisioning.demo.broker import Broker
from tests.hub.bridge.own import HUB, PATIENCE_S, SHARD, OwnHub, Wire
from tests.hub.till import Till


def is_up(message: object) -> bool:
    return isinstance(message, HubState) and message.up


def is_down(message: object) -> bool:
    return isinstance(message, HubState) and not message.up


OPEN = "from hub.merchants.registry import open_merchant as o; o('maison-lucet', 'Lucet')"


@pytest.mark.django_db(transaction=True)
def test_a_sale_is_acknowledged_and_a_right_granted_over_a_real_broker(
    broker: Broker, authority: Authority, till: Till
) -> None:
    stop = threading.Event()
    link = Link(
        "127.0.0.1",
        broker.port,
        epoch=feed.epoch(),
        shards=[SHARD],
        identity=authority.own,
    )

    def bridge() -> None:
        try:
            run(link, Worker(link.send), stop)
        finally:
            connection.close()

    thread = threading.Thread(target=bridge)
    wire = Wire(broker.port, till.terminal.pk, authority)
    link.start()
    thread.start()
    try:
        wire.wait_for(is_up)
        till.joins("ana")
        till.sells(1250, "ana")
        till.releases(Holding(points_of("ana"), 12))
        wire.client.publish(wire.topic, b"garbage", 1)
        wire.say(*till.batch(1))
        acked, _ = wire.wait_for(lambda m: isinstance(m, Ack))
        assert acked.head == till.head.hex()
        asked = AskRight(
            terminal=till.terminal.pk,
            gen=till.terminal.gen,
            ask="ask-1",
            segment=till.segment,
            account=points_of("ana"),
            amount=9,
            nonce="nonce-1",
            after=acked.latest,
            epoch=acked.epoch,
        )
        wire.say(asked)
        page, lines = wire.wait_for(lambda m: isinstance(m, Page))
        assert page.nonce == "nonce-1"
        assert [decode_item(line).amount for line in lines] == [9]
        assert isinstance(decode_item(lines[0]), Granted)
        assert link.alive
    finally:
        stop.set()
        thread.join(PATIENCE_S)
        link.stop()
    wire.wait_for(is_down)
    wire.client.loop_stop()
    assert JournalEntry.objects.filter(kind="sold").count() == 1


def test_the_bridge_ends_when_told_and_says_that_the_hub_is_down(
    broker: Broker, authority: Authority, own_database: str, tmp_path: Path
) -> None:
    hub = OwnHub(tmp_path / HUB, database_url=own_database, broker_port=broker.port)
    hub.run("migrate", "-v", "0")
    hub.run("shell", "-v", "0", "-c", OPEN)
    wire = Wire(broker.port, "saint-denis-1", authority)
    with hub.started("run_bridge") as running:
        wire.wait_for(is_up)
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_S) == 0
        wire.wait_for(is_down)

    with hub.started("run_bridge"):
        wire.wait_for(is_up)
    wire.wait_for(is_down)
    wire.client.loop_stop()
