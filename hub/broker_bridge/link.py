# SPDX-License-Identifier: Apache-2.0
"""The bridge's way to the broker: frames in, frames out; the only door to paho on this side.

paho's threads do nothing but put raw bytes on a bounded queue. A frame that finds it full is lost
like any frame on a network: its terminal sends it again.
"""

import logging
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from hub.merchants.authority import Identity
from loyalty.topics import hub_topic, up_topic
from loyalty.wire import HubState, encode_frame

log = logging.getLogger(__name__)

MOST_WAITING: Final = 20_000
KEEPALIVE_S: Final = 30
LONGEST_PAUSE_S: Final = 30
SEEN_OFF_S: Final = 5.0
QOS: Final = 1

Received = tuple[str, bytes]
"""Topic and payload."""


class Link:
    """Hears all terminals of some shards and answers each on its own topic."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        epoch: str,
        shards: Iterable[int],
        identity: Callable[[str], Identity] | None,
    ) -> None:
        """Connect nothing yet.

        Args:
            host: of the broker.
            port: of the broker.
            epoch: the life that this hub is in.
            shards: where its merchants live.
            identity: the files that prove a name; None: no TLS.
        """
        self._host, self._port, self._epoch = host, port, epoch
        self._identity = identity
        self.fleet = 0
        """How many terminals there are: they spread themselves out accordingly."""
        self._received: queue.Queue[Received] = queue.Queue(MOST_WAITING)
        self._lost = 0
        self._hearing = self._client("hub", on_message=True)
        self._presences = {shard: self._presence(shard) for shard in shards}

    def start(self) -> None:
        """Connect, and connect again whenever the broker went away."""
        for client in (self._hearing, *self._presences.values()):
            client.connect_async(self._host, self._port, KEEPALIVE_S)
            client.loop_start()

    def stop(self) -> None:
        """Say that the hub is down, then leave."""
        for shard, client in self._presences.items():
            if client.is_connected():
                told = client.publish(hub_topic(shard), self._state(up=False), QOS, retain=True)
                told.wait_for_publish(2)
        for client in (self._hearing, *self._presences.values()):
            client.disconnect()
            client.loop_stop()

    @property
    def alive(self) -> bool:
        """Whether paho's threads run; one that died goes on saying that it is connected."""
        threads = [c._thread for c in (self._hearing, *self._presences.values())]  # noqa: SLF001
        return all(thread is not None and thread.is_alive() for thread in threads)

    def live(self, epoch: str) -> None:
        """Say that the hub is there in another life: it was restored."""
        if epoch == self._epoch:
            return
        self._epoch = epoch
        for shard, client in self._presences.items():
            client.publish(hub_topic(shard), self._state(up=True), QOS, retain=True)

    def renew(self) -> None:
        """Connect and subscribe anew: the line lives, and nothing comes over it any more."""
        self._hearing.disconnect()
        self._hearing.loop_stop()
        self._hearing.connect_async(self._host, self._port, KEEPALIVE_S)
        self._hearing.loop_start()

    def serve(self, shard: int) -> None:
        """Say that the hub is there for one more shard."""
        if shard not in self._presences:
            client = self._presences[shard] = self._presence(shard)
            client.connect_async(self._host, self._port, KEEPALIVE_S)
            client.loop_start()

    def receive(self, timeout_s: float) -> list[Received]:
        """Every frame that has come in; waits for the first one."""
        try:
            frames = [self._received.get(timeout=timeout_s)]
        except queue.Empty:
            return []
        try:
            while True:
                frames.append(self._received.get_nowait())
        except queue.Empty:
            return frames

    def send(self, topic: str, frame: bytes) -> None:
        """Publish; while the broker is away it is dropped, for the terminal will ask again."""
        if self._hearing.is_connected():
            self._hearing.publish(topic, frame, QOS)

    def see_off(self, terminal: str, identity: Identity | None) -> None:
        """Close the connection of a terminal: a broker keeps but one for each name.

        Args:
            terminal: whose it is.
            identity: files that prove this very name; None: no TLS.

        Raises:
            OSError: the broker does not answer.
        """
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=terminal, protocol=mqtt.MQTTv311
        )
        if identity:
            client.tls_set_context(_tls(identity))
        there = threading.Event()
        client.on_connect = lambda *_: there.set()
        client.connect(self._host, self._port)
        client.loop_start()
        there.wait(SEEN_OFF_S)
        client.disconnect()
        client.loop_stop()

    # ── paho ────────────────────────────────────────────────────────────────────────────────────

    def _client(self, name: str, *, on_message: bool = False) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{name}-{self._epoch[:8]}",
            clean_session=True,
            protocol=mqtt.MQTTv311,
            reconnect_on_failure=True,
        )
        client.reconnect_delay_set(1, LONGEST_PAUSE_S)
        client.max_inflight_messages_set(200)
        client.on_socket_open = no_delay
        if self._identity:
            client.tls_set_context(_tls(self._identity(name)))
        if on_message:
            client.on_connect = self._subscribe
            client.on_message = self._keep
        return client

    def _presence(self, shard: int) -> mqtt.Client:
        """A connection and a name of its own for each shard: a client has one will to leave."""
        client = self._client(f"hub-{shard}")
        client.will_set(hub_topic(shard), self._state(up=False), QOS, retain=True)

        def here(*_: object) -> None:
            client.publish(hub_topic(shard), self._state(up=True), QOS, retain=True)

        client.on_connect = here
        return client

    def _state(self, *, up: bool) -> bytes:
        return encode_frame(HubState(epoch=self._epoch, up=up, fleet=self.fleet))

    def _subscribe(
        self, client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _more: object
    ) -> None:
        if reason.is_failure:
            log.warning("broker refused reason=%s", reason)
            return
        log.info("broker connected host=%s port=%s", self._host, self._port)
        client.subscribe(up_topic("+", "+"), QOS)

    def _keep(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        try:
            self._received.put_nowait((message.topic, bytes(message.payload)))
        except UnicodeDecodeError:
            log.warning("a topic that is no text")
        except queue.Full:
            self._lost += 1
            if self._lost.bit_count() == 1:  # at 1, 2, 4, 8, …: never a flood of its own
                log.warning("inbox full lost=%s", self._lost)


def _tls(identity: Identity) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(identity.authority)
    context.load_cert_chain(identity.pair)
    return context


def no_delay(_client: mqtt.Client, _data: object, opened: Any) -> None:  # noqa: ANN401
    """Without it a round trip takes 88 ms instead of half of one."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
