# SPDX-License-Identifier: Apache-2.0
"""The link on a real broker: connect, lose it, come back, say our will; and sync as a process."""

import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from random import Random
from shutil import which

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from firmware.config import Config, Identity, written
from firmware.store.clock import SystemClock
from firmware.store.database import Database, Role
from firmware.sync import link as firmware_link
from firmware.sync.link import Link
from hub.merchants.authority import Authority
from loyalty.topics import down_topic, hub_topic
from loyalty.wire import Gone, Hello, HubState, Poke, decode_up, encode_frame
from provisioning.broker import write
from tests.firmware.sync.world import config_of
from tests.guest import let_in

TERMINAL = "terminal-0"
HUB = "hub-end"
PATIENCE_S = 60.0
MOSQUITTO = which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin") or ""


class Broker:
    """A real broker in a process of its own: the demo's embedded one, and Mosquitto if it is here."""

    authority: Authority | None = None
    """Whom everybody must have a certificate of."""

    def __init__(self, kind: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        serve = f"from iotcore import Broker; Broker({self.port}, '127.0.0.1').run_forever()"
        self.command = [sys.executable, "-c", serve]
        if kind == "mosquitto":
            settings = folder / "mosquitto.conf"
            settings.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
            self.command = [MOSQUITTO, "-c", str(settings)]
        if kind == "tls":
            settings = write(folder / "broker", self.port, keys=folder / "keys")
            let_in(folder, HUB, "lk/#")
            self.authority = Authority(folder / "keys")
            self.command = [MOSQUITTO, "-c", str(settings)]
        self.start()

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=quiet, stderr=quiet)
        eventually(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def config(self, folder: Path) -> Config:
        """What a terminal is told of it."""
        config = replace(config_of(TERMINAL, folder), port=self.port)
        if self.authority is None:
            return config
        ours = self.authority.own(TERMINAL)
        identity = Identity(authority=ours.authority, pair=ours.pair)
        return replace(config, identity=identity)


class Hurry(Random):
    """Chance that always waits as little as it may."""

    def uniform(self, a: float, b: float) -> float:
        return a


class HubEnd:
    """What the hub hears and says on the broker."""

    def __init__(self, broker: Broker, shard: int) -> None:
        self.heard: Queue[bytes] = Queue()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=HUB)
        if broker.authority:
            ours = broker.authority.own(HUB)
            self.client.tls_set(str(ours.authority), str(ours.pair))
        self.client.on_message = lambda _c, _d, message: self.heard.put(message.payload)
        self.client.on_connect = lambda client, *_: client.subscribe(f"lk/1/up/{shard}/+", qos=1)
        self.ready = False
        self.client.on_subscribe = lambda *_: setattr(self, "ready", True)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        eventually(lambda: self.ready)

    def say(self, topic: str, message: object, *, retain: bool = False) -> None:
        frame = encode_frame(message)  # type: ignore[arg-type]
        self.client.publish(topic, frame, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def next(self, kind: type) -> object:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            message, _ = decode_up(self.heard.get(timeout=PATIENCE_S))
            if isinstance(message, kind):
                return message
        raise Empty

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.01)


@pytest.fixture(params=["embedded", "mosquitto", "tls"] if MOSQUITTO else ["embedded"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    running = Broker(request.param, tmp_path)
    yield running
    running.kill()


@pytest.fixture
def hub(broker: Broker, tmp_path: Path) -> Iterator[HubEnd]:
    end = HubEnd(broker, config_of(TERMINAL, tmp_path).shard)
    yield end
    end.close()


@pytest.fixture
def link(broker: Broker, tmp_path: Path) -> Iterator[Link]:
    opened = Link(broker.config(tmp_path), clock=SystemClock(), rng=Hurry())
    yield opened
    opened.cut()


def drive(link: Link, holds: Callable[[list[bytes]], bool]) -> list[bytes]:
    """Turn the link until that is so of what came."""
    came: list[bytes] = []

    def turned() -> bool:
        came.extend(link.step())
        link.wait(0.01)
        return holds(came)

    eventually(turned)
    return came


def test_frames_go_up_and_come_down(link: Link, hub: HubEnd, tmp_path: Path) -> None:
    config = config_of(TERMINAL, tmp_path)
    hub.say(hub_topic(config.shard), HubState(up=True, epoch="e"), retain=True)
    first = drive(link, lambda _: link.up)
    assert link.session == 1
    hello = Hello(
        terminal=TERMINAL,
        gen=1,
        segment="s",
        n=1,
        boot_id="b",
        hw_id="h",
        cursor=0,
        epoch="",
        software="0",
    )
    assert link.send(encode_frame(hello))
    assert hub.next(Hello) == hello
    hub.say(down_topic(TERMINAL), Poke(latest=7, epoch="e"))
    came = drive(link, lambda came: len(first + came) == 2)
    assert {*first, *came} == {
        encode_frame(HubState(up=True, epoch="e")),
        encode_frame(Poke(latest=7, epoch="e")),
    }


def test_small_frames_are_not_held_back(link: Link) -> None:
    drive(link, lambda _: link.up)
    assert link._client
    opened = link._client.socket()
    assert opened
    assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_hub_is_told_when_a_terminal_is_gone(link: Link, hub: HubEnd) -> None:
    drive(link, lambda _: link.up)
    link.cut()
    assert not link.up
    assert hub.next(Gone) == Gone(terminal=TERMINAL, gen=1)


def test_a_broker_that_comes_back_is_found_again(link: Link, broker: Broker) -> None:
    drive(link, lambda _: link.up)
    broker.kill()
    drive(link, lambda _: not link.up)
    assert not link.send(b"nobody hears this")
    broker.start()
    drive(link, lambda _: link.up)
    assert link.session == 2


def test_a_broker_away_at_start_is_waited_for(link: Link, broker: Broker) -> None:
    broker.kill()
    for _ in range(5):
        assert link.step() == []
    assert not link.up
    broker.start()
    drive(link, lambda _: link.up)


def test_waiting_ends_when_the_broker_speaks(link: Link, hub: HubEnd) -> None:
    drive(link, lambda _: link.up)
    for _ in range(3):
        link.step()
        link.wait(0.2)
    hub.say(down_topic(TERMINAL), Poke(latest=1, epoch="e"))
    link.wait(PATIENCE_S)
    assert drive(link, bool) == [encode_frame(Poke(latest=1, epoch="e"))]


def never(_: object) -> bool:
    return False


@pytest.mark.parametrize("unread", [firmware_link._unread, never], ids=["as it is", "mutant"])
def test_packets_that_share_a_record_of_tls_are_all_read(
    unread: Callable[[object], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TLS takes the whole record from the system: of what it then keeps no poll tells
    monkeypatch.setattr(firmware_link, "_unread", unread)
    authority, ready = Authority(tmp_path / "keys"), threading.Event()
    authority.equip(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "broker.crt", tmp_path / "broker.key")
    packet = bytes([0x30, 4, 0, 1, ord("t")])

    def broker() -> None:
        caller, _ = server.accept()
        with context.wrap_socket(caller, server_side=True) as line:
            line.recv(1000)
            line.sendall(b"\x20\x02\x00\x00" + b"".join(packet + bytes([n]) for n in range(5)))
            ready.wait(PATIENCE_S)

    with socket.create_server(("127.0.0.1", 0)) as server:
        speaking = threading.Thread(target=broker)
        speaking.start()
        ours = authority.own(TERMINAL)
        identity = Identity(authority=ours.authority, pair=ours.pair)
        port = server.getsockname()[1]
        config = replace(config_of(TERMINAL, tmp_path), port=port, identity=identity)
        link = Link(config, clock=SystemClock(), rng=Hurry())
        came: list[bytes] = []
        for _ in range(60):
            came += link.step()
            link.wait(0.01)
        ready.set()
        speaking.join()
        link.cut()
    seen = came == [bytes([n]) for n in range(5)]
    assert seen == (unread is not never)


SYNC = """
import signal, sys, threading
from pathlib import Path
from firmware.config import load
from firmware.sync.loop import run
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run(load(Path(sys.argv[1])), stop=stop)
"""


def test_sync_is_a_process_that_greets_serves_and_stops(
    broker: Broker, hub: HubEnd, tmp_path: Path
) -> None:
    file = tmp_path / "terminal.toml"
    config = replace(broker.config(tmp_path), state=tmp_path / "state", scanners=("mock:",))
    file.write_text(written(config, tmp_path))
    process = subprocess.Popen([sys.executable, "-c", SYNC, str(file)])
    try:
        hello = hub.next(Hello)
        assert isinstance(hello, Hello)
        assert hello.n == 1
    finally:
        process.terminate()
    assert process.wait(PATIENCE_S) == 0
    assert isinstance(hub.next(Gone), Gone)
    db = Database(tmp_path / "state", role=Role.TECH)
    assert db.row("SELECT value FROM setting WHERE name = 'online'") == (0,)
    db.close()
