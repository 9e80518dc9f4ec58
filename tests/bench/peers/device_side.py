# SPDX-License-Identifier: Apache-2.0
"""The devices of a gateway: what they send over their own Mosquitto, and what it has not taken."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Semaphore
from typing import Any, Final

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from provisioning.demo.ports import LOOPBACK
from provisioning.demo.programs import Program

CONFIG: Final = """\
listener {port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
# it keeps for the gateway all that the gateway has not acknowledged
max_queued_messages 0
persistence false
"""
TOPIC: Final = "till/sale"
BODY: Final = "x" * 220
"""With its number and its time, a message has the 300 bytes of one of our entries."""

WINDOW: Final = 200
"""Messages on the way to the broker at once."""

SESSION_S: Final = 86_400
QUIET_S: Final = 2.0


def device_broker(mosquitto: str, folder: Path, *, port: int) -> Program:
    """The broker between the devices and the gateway."""
    config = folder / "devices.conf"
    config.write_text(CONFIG.format(port=port))
    return Program("devices", (mosquitto, "-c", str(config)), folder / "devices.log")


class Devices:
    """Send numbered messages, each with a time of its own so that none stands for another."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._next = 0
        self._epoch_ms = int(time.time() * 1000)
        self._window = Semaphore(WINDOW)
        self._client = Client(CallbackAPIVersion.VERSION2, "devices", protocol=MQTTv311)
        self._client.max_inflight_messages_set(WINDOW)
        self._client.on_publish = lambda *_: self._window.release()
        self._client.on_socket_open = _at_once
        self._client.connect(LOOPBACK, port)
        self._client.loop_start()

    def send(self, number: int) -> set[int]:
        """Send so many as fast as they are taken by their broker; their numbers."""
        began = self._next
        for _ in range(number):
            self._one()
        self._settle()
        return set(range(began, self._next))

    def send_for(self, seconds: float, *, per_s: float, then: Callable[[], object]) -> set[int]:
        """Send at a pace, do something in the middle of it, and say which were sent."""
        began, began_s = self._next, time.monotonic()
        while (passed_s := time.monotonic() - began_s) < seconds:
            if self._next - began < passed_s * per_s:
                self._one()
            else:
                time.sleep(1 / per_s)
        then()
        self._settle()
        return set(range(began, self._next))

    def take_back(self, client_id: str) -> set[int]:
        """Take what a dead gateway has not acknowledged out of its session."""
        left: set[int] = set()
        heard_s = time.monotonic()

        def keep(_: Client, __: Any, message: MQTTMessage) -> None:
            nonlocal heard_s
            heard_s = time.monotonic()
            left.add(json.loads(message.payload)["n"])

        heir = Client(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTv5)
        heir.on_message = keep
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = SESSION_S
        heir.connect(LOOPBACK, self._port, clean_start=False, properties=session)
        heir.loop_start()
        while time.monotonic() - heard_s < QUIET_S:
            time.sleep(0.1)
        heir.disconnect()
        heir.loop_stop()
        return left

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _one(self) -> None:
        self._window.acquire()
        entry = {"ts": self._epoch_ms + self._next, "n": self._next, "body": BODY}
        self._client.publish(TOPIC, json.dumps(entry), qos=1)
        self._next += 1

    def _settle(self) -> None:
        for _ in range(WINDOW):
            self._window.acquire()
        self._window.release(WINDOW)


def _at_once(_: Client, __: Any, link: Any) -> None:
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
