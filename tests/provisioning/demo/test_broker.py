# SPDX-License-Identifier: Apache-2.0
"""Either broker carries our largest frame on loopback, and nothing listens elsewhere."""

import queue
import socket
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.merchants.authority import Authority
from loyalty.topics import TERMINAL_ID, down_topic
from loyalty.wire import LARGEST_FRAME
from provisioning.demo import broker
from provisioning.demo.broker import Broker
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Programs


@pytest.fixture(params=["mosquitto", "embedded"])
def running(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Broker]:
    if request.param == "embedded":
        monkeypatch.setattr(broker, "mosquitto", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        start = free.getsockname()[1]
    port, programs = Ports().take(start), Programs()
    made = broker.broker(tmp_path, port, log=tmp_path / "log")
    assert made.plain == (request.param == "embedded")
    programs.start(made.program)
    try:
        programs.wait_until(lambda: listening(port), what="the broker")
        yield made
    finally:
        programs.stop()


LONGEST = "a-terminal-with-the-longest-name-there-i"
assert TERMINAL_ID.fullmatch(LONGEST)


def client_of(running: Broker, name: str, hub: Path) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name)
    if not running.plain:
        ours = Authority(hub / "keys").own(name)
        client.tls_set(str(ours.authority), str(ours.pair))
    return client


def test_a_frame_of_the_largest_size_arrives(running: Broker, tmp_path: Path) -> None:
    arrived: queue.Queue[bytes] = queue.Queue()
    hub, till = (client_of(running, name, tmp_path) for name in ("hub", LONGEST))
    till.on_message = lambda _client, _data, message: arrived.put(message.payload)
    till.on_connect = lambda c, *_: c.subscribe(down_topic(LONGEST), 1)
    till.on_subscribe = lambda *_: hub.publish(down_topic(LONGEST), bytes(LARGEST_FRAME), 1)
    for client in (hub, till):
        client.connect("127.0.0.1", running.port)
        client.loop_start()
    assert len(arrived.get(timeout=30)) == LARGEST_FRAME
    for client in (hub, till):
        client.disconnect()
        client.loop_stop()


def test_it_listens_on_loopback_only(running: Broker) -> None:
    wanted = f"{running.port:04X}"
    listening_at = [
        line.split()[1].rpartition(":")[0]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{wanted}") and line.split()[3] == "0A"
    ]
    assert listening_at == ["0100007F"]
