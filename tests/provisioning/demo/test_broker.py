# SPDX-License-Identifier: Apache-2.0
"""Either broker carries our largest frame on loopback, and nothing listens elsewhere."""

import queue
import socket
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from loyalty.wire import LARGEST_FRAME
from provisioning.demo import broker
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Programs


@pytest.fixture(params=["mosquitto", "embedded"])
def port(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    if request.param == "embedded":
        monkeypatch.setattr(broker, "mosquitto", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        start = free.getsockname()[1]
    port, programs = Ports().take(start), Programs()
    program, name = broker.broker(tmp_path, port, log=tmp_path / "log")
    assert (name == "Mosquitto") == (request.param == "mosquitto")
    programs.start(program)
    try:
        programs.wait_until(lambda: listening(port), what="the broker")
        yield port
    finally:
        programs.stop()


def test_a_frame_of_the_largest_size_arrives(port: int) -> None:
    arrived: queue.Queue[bytes] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="test")
    client.on_message = lambda _client, _data, message: arrived.put(message.payload)
    client.on_connect = lambda c, *_: c.subscribe("lk/1/dn/test", 1)
    client.on_subscribe = lambda c, *_: c.publish("lk/1/dn/test", bytes(LARGEST_FRAME), 1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert len(arrived.get(timeout=30)) == LARGEST_FRAME
    client.disconnect()
    client.loop_stop()


def test_it_listens_on_loopback_only(port: int) -> None:
    wanted = f"{port:04X}"
    listening_at = [
        line.split()[1].rpartition(":")[0]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{wanted}") and line.split()[3] == "0A"
    ]
    assert listening_at == ["0100007F"]
