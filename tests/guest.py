# SPDX-License-Identifier: Apache-2.0
"""Somebody at the broker who is neither hub nor terminal: what no real broker lets in."""

from pathlib import Path
from queue import SimpleQueue
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.merchants.authority import Authority

PATIENCE_S: Final = 20.0


def let_in(hub: Path, name: str, topics: str) -> None:
    """Allow a name everything below some topics; the broker of that hub is not running yet."""
    rules = hub / "broker" / "acl"
    rules.write_text(f"{rules.read_text()}\nuser {name}\ntopic readwrite {topics}\n")


def client(hub: Path, name: str) -> mqtt.Client:
    """A connection to be made in that name, with a certificate of the hub's own authority."""
    made = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311)
    ours = Authority(hub / "keys").own(name)
    made.tls_set(str(ours.authority), str(ours.pair))
    return made


def lets_in(made: mqtt.Client, port: int) -> bool:
    """Whether the broker takes somebody's CONNECT, instead of hanging up."""
    said: SimpleQueue[bool] = SimpleQueue()
    made.on_connect = lambda _c, _d, _f, reason, _p: said.put(not reason.is_failure)
    made.on_disconnect = lambda *_: said.put(False)
    try:
        made.connect("127.0.0.1", port)
    except OSError:
        return False
    made.loop_start()
    try:
        return said.get(timeout=PATIENCE_S)
    finally:
        made.disconnect()
        made.loop_stop()
