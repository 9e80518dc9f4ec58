# SPDX-License-Identifier: Apache-2.0
"""Around a bridge that runs as it does in a shop: a terminal's connection, a hub of its own."""

import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.merchants.authority import Authority
from loyalty.topics import down_topic, hub_topic, shard_of, up_topic
from loyalty.wire import decode_down, encode_frame

PATIENCE_S: Final = 60
"""A process on a busy machine takes long to begin."""
HUB: Final = "hub"
"""Its folder, in the test's."""
SHARD: Final = shard_of("maison-lucet")


class Wire:
    """A terminal's connection."""

    def __init__(self, port: int, terminal: str, authority: Authority) -> None:
        self.heard: queue.Queue[tuple[object, tuple[bytes, ...]]] = queue.Queue()
        self.topic = up_topic(SHARD, terminal)
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self.client.on_message = lambda _c, _d, m: self.heard.put(decode_down(m.payload))
        self.client.on_connect = lambda c, *_: c.subscribe(
            [(down_topic(terminal), 1), (hub_topic(SHARD), 1)]
        )
        ours = authority.own(terminal)
        self.client.tls_set(str(ours.authority), str(ours.pair))
        self.client.connect_async("127.0.0.1", port)
        self.client.loop_start()

    def say(self, message: object, lines: list[bytes] | tuple[()] = ()) -> None:
        self.client.publish(self.topic, encode_frame(message, lines), 1)

    def wait_for(self, wanted: Callable[[object], bool]) -> tuple[object, tuple[bytes, ...]]:
        while True:
            found = self.heard.get(timeout=PATIENCE_S)
            if wanted(found[0]):
                return found


@dataclass(frozen=True, slots=True)
class OwnHub:
    """The hub's processes, on a database that nobody else uses."""

    folder: Path
    database_url: str
    """Empty: SQLite, in the folder."""
    broker_port: int

    def run(self, *command: str) -> str:
        """A command to its end; what it says."""
        done = subprocess.run(
            _argv(command), env=self._env, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    @contextmanager
    def started(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """One that goes on; it is over with the block, whatever became of the test.

        One that stayed would hold on to its database, and complain of its end in another test.
        """
        with subprocess.Popen(_argv(command), env=self._env) as process:
            try:
                yield process
            finally:
                process.kill()

    @property
    def _env(self) -> dict[str, str]:
        return os.environ | {
            "HUB_DATA": str(self.folder),
            "HUB_DATABASE_URL": self.database_url,
            "HUB_BROKER_PORT": str(self.broker_port),
        }


def _argv(command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "hub", *command]
