# SPDX-License-Identifier: Apache-2.0
"""The bridge over a real broker: one journey from a scan to the hub's answer, and how it ends."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from django.db import connection
from paho.mqtt.enums import CallbackAPIVersion

from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.link import Link
from hub.broker_bridge.management.commands.run_bridge import run
from hub.ledger.models import JournalEntry
from hub.merchants import feed
from loyalty.account import Holding, points_of
from loyalty.feed import Granted
from loyalty.wire import (
    Ack,
    AskRight,
    HubState,
    Page,
    decode_down,
    decode_item,
    down_topic,
    encode_frame,
    hub_topic,
    shard_of,
    up_topic,
)
from provisioning.demo.broker import broker as demo_broker
from provisioning.demo.ports import Ports
from provisioning.demo.programs import Programs
from tests.hub.till import Till

PATIENCE_S = 20
SHARD = shard_of("maison-lucet")


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A broker as the demo starts it."""
    programs = Programs()
    found = Ports().take(20_000 + os.getpid() % 10_000)
    program, _ = demo_broker(tmp_path, found, log=tmp_path / "broker.log")
    programs.start(program)
    yield found
    programs.stop()


class Wire:
    """A terminal's connection."""

    def __init__(self, port: int, terminal: str) -> None:
        self.heard: queue.Queue[tuple[object, tuple[bytes, ...]]] = queue.Queue()
        self.topic = up_topic(SHARD, terminal)
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self.client.on_message = lambda _c, _d, m: self.heard.put(decode_down(m.payload))
        self.client.on_connect = lambda c, *_: c.subscribe(
            [(down_topic(terminal), 1), (hub_topic(SHARD), 1)]
        )
        self.client.connect_async("127.0.0.1", port)
        self.client.loop_start()

    def say(self, message: object, lines: list[bytes] | tuple[()] = ()) -> None:
        self.client.publish(self.topic, encode_frame(message, lines), 1)

    def wait_for(self, wanted: Callable[[object], bool]) -> tuple[object, tuple[bytes, ...]]:
        while True:
            found = self.heard.get(timeout=PATIENCE_S)
            if wanted(found[0]):
                return found


def is_up(message: object) -> bool:
    return isinstance(message, HubState) and message.up


def is_down(message: object) -> bool:
    return isinstance(message, HubState) and not message.up


@pytest.mark.django_db(transaction=True)
def test_a_sale_is_acknowledged_and_a_right_granted_over_a_real_broker(
    port: int, till: Till
) -> None:
    stop = threading.Event()
    link = Link("127.0.0.1", port, epoch=feed.epoch(), shards=[SHARD])

    def bridge() -> None:
        run(link, Worker(link.send), stop)
        connection.close()

    thread = threading.Thread(target=bridge)
    wire = Wire(port, till.terminal.pk)
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


def test_the_bridge_ends_when_told_and_says_that_the_hub_is_down(port: int, tmp_path: Path) -> None:
    env = os.environ | {"HUB_DATA": str(tmp_path / "hub"), "HUB_BROKER_PORT": str(port)}
    hub = [sys.executable, "-m", "hub"]
    subprocess.run([*hub, "migrate", "-v", "0"], env=env, check=True)
    make = "from hub.merchants.registry import open_merchant as o; o('maison-lucet', 'Lucet')"
    subprocess.run([*hub, "shell", "-v", "0", "-c", make], env=env, check=True)
    wire = Wire(port, "saint-denis-1")
    running = subprocess.Popen([*hub, "run_bridge"], env=env)
    wire.wait_for(is_up)
    running.send_signal(signal.SIGTERM)
    assert running.wait(PATIENCE_S) == 0
    wire.wait_for(is_down)

    running = subprocess.Popen([*hub, "run_bridge"], env=env)
    wire.wait_for(is_up)
    running.kill()
    running.wait()
    wire.wait_for(is_down)
    wire.client.loop_stop()
