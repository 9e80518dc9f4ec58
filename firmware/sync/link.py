# SPDX-License-Identifier: Apache-2.0
"""The only door to the broker: a dumb pipe that may lose, double and reorder what it is given.

No thread of its own: `step` and `wait` are called by the one loop of sync, so that no callback can
kill a thread that nobody watches. Every connection gets a fresh client: whatever paho kept of the
last one would only be sent twice.
"""

import logging
import select
import socket
import ssl
from random import Random
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from firmware.config import Config, Identity
from firmware.store.bell import Bell
from firmware.store.clock import Clock
from firmware.sync.pace import Pace
from loyalty.entry import ClockQuality
from loyalty.topics import down_topic, hub_topic, up_topic
from loyalty.wire import Gone, encode_frame

_log = logging.getLogger(__name__)

KEEPALIVE_S: Final = 30
CONNECT_S: Final = 3.0
"""For the TCP connection and for TLS, during which nothing else is done here."""
GREETED_S: Final = 10.0
"""For the broker's answer to our CONNECT."""
SETTLED_S: Final = 30.0
"""A connection that held that long was a good one: the next back-off starts small."""
TURNED_AWAY: Final = "the broker hangs up on us: is this terminal still enrolled?"
WINDOW: Final = 20
WHATEVER_THE_DATE: Final = ssl.VerifyFlags(0x200000)
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, for which Python has no name."""
FRAMES_A_TURN: Final = 50
"""More would keep the till waiting for what sync has to write."""


class Link:
    """One terminal's connection to the broker, made again whenever it breaks."""

    def __init__(self, config: Config, *, clock: Clock, rng: Random) -> None:
        self._config = config
        self._clock = clock
        self._rng = rng
        self._pace = Pace(rng, longest_s=120.0)
        self._client: mqtt.Client | None = None
        self._arrived: list[bytes] = []
        self._next_try_s = 0.0
        self._since_s = 0.0
        self._up = False
        self.session = 0
        """Counts connections; what was asked in one is not answered in another."""
        self.spread_s = 0.0
        """When a connection breaks, all of the hub's may have: they come back within so long."""

    @property
    def up(self) -> bool:
        """Whether the broker takes what is sent."""
        return self._up

    def step(self) -> list[bytes]:
        """Connect if it is time to, write, read: the frames that came, in their order."""
        now_s = self._clock.monotonic_s()
        if self._client is None:
            if now_s >= self._next_try_s:
                self._connect(now_s)
            return []
        self._turn(self._client)
        if self._client and not self._up and now_s > self._since_s + GREETED_S:
            self._lost("no answer from the broker")
        if self._up and self._pace.tries and now_s > self._since_s + SETTLED_S:
            self._pace.reset()
        arrived, self._arrived = self._arrived, []
        return arrived

    def send(self, frame: bytes) -> bool:
        """Hand a frame to the broker; True says no more than that it left."""
        if self._client is None or not self._up:
            return False
        topic = up_topic(self._config.shard, self._config.terminal)
        sent = self._client.publish(topic, frame, qos=1)
        if sent.rc is mqtt.MQTT_ERR_QUEUE_SIZE:
            self._lost("the broker takes nothing any more")
        return sent.rc is mqtt.MQTT_ERR_SUCCESS

    def cut(self) -> None:
        """Drop the connection; the next `step` makes a new one at once.

        No MQTT DISCONNECT: the broker then says our will, and the hub knows that we are gone.
        """
        if self._client is not None and (open_socket := self._client.socket()):
            open_socket.close()
        self._client = None
        self._up = False
        self._arrived.clear()
        self._pace.reset()
        self._next_try_s = 0.0

    def wait(self, timeout_s: float, *, bell: Bell | None = None) -> None:
        """Sleep until the broker has something for us or the kiosk rings, or that long."""
        ready = select.poll()
        if bell is not None:
            ready.register(bell, select.POLLIN)
        if self._client is not None and (open_socket := self._client.socket()):
            timeout_s = 0 if _unread(open_socket) else timeout_s
            wish = select.POLLOUT if self._client.want_write() else 0
            ready.register(open_socket, select.POLLIN | wish)
        ready.poll(timeout_s * 1000)
        if bell is not None:
            bell.hush()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _connect(self, now_s: float) -> None:
        config = self._config
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=config.terminal,
            clean_session=True,
            protocol=mqtt.MQTTv311,
        )
        client.max_inflight_messages_set(WINDOW)
        client.max_queued_messages_set(WINDOW)
        client.connect_timeout = CONNECT_S
        gone = encode_frame(Gone(terminal=config.terminal, gen=config.gen))
        client.will_set(up_topic(config.shard, config.terminal), gone, qos=1)
        client.on_socket_open = _no_delay
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        self._next_try_s = now_s + self._pace.next_s()
        try:
            if config.identity:
                trusted = self._clock.stamp().quality is ClockQuality.SYNCED
                client.tls_set_context(_tls(config.identity, clock_trusted=trusted))
            client.connect(config.host, config.port, keepalive=KEEPALIVE_S)
        except (OSError, ValueError) as error:
            _log.info("no broker host=%s port=%d error=%s", config.host, config.port, error)
            return
        self._client = client
        self._since_s = now_s

    def _turn(self, client: mqtt.Client) -> None:
        """Write what waits, read what came, look after the keepalive."""
        ready = select.poll()
        for _ in range(FRAMES_A_TURN):
            open_socket = client.socket()
            if open_socket is None:
                break
            if client.want_write():
                client.loop_write()
                continue
            ready.register(open_socket, select.POLLIN)
            if not (_unread(open_socket) or ready.poll(0)):
                break
            client.loop_read()
        client.loop_misc()
        if client.socket() is None and self._client is client:
            self._lost("connection closed" if self._up else TURNED_AWAY)

    def _lost(self, why: str) -> None:
        _log.info("link lost why=%s", why)
        tries, spread_s = self._pace.tries, self.spread_s if self._up else 0.0
        self.cut()
        self._pace.tries = tries
        wait_s = max(self._pace.next_s(), self._rng.uniform(0, spread_s))
        self._next_try_s = self._clock.monotonic_s() + wait_s

    # Callbacks only note what happened: paho calls them from within `step`.

    def _on_connect(
        self,
        client: mqtt.Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.is_failure:
            _log.warning("broker refuses us reason=%s", reason)
            return
        client.subscribe(
            [(down_topic(self._config.terminal), 1), (hub_topic(self._config.shard), 1)]
        )
        self._up = True
        self.session += 1

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self._arrived.append(bytes(message.payload))


def _tls(identity: Identity, *, clock_trusted: bool) -> ssl.SSLContext:
    """Show our certificate, believe our hub's authority and nobody else's.

    A board without a clock starts in 1970, before any certificate: until its clock can be trusted,
    dates do not count. Signatures, names and the authority always do.

    Raises:
        OSError: a file is missing or is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(identity.authority)
    context.load_cert_chain(identity.pair)
    if not clock_trusted:
        context.verify_flags |= WHATEVER_THE_DATE
    return context


def _unread(open_socket: Any) -> bool:  # noqa: ANN401
    """Whether TLS holds bytes that the system has handed over: no poll sees those."""
    return isinstance(open_socket, ssl.SSLSocket) and open_socket.pending() > 0


def _no_delay(_client: mqtt.Client, _data: object, opened: Any) -> None:  # noqa: ANN401
    """Without this a round trip takes 88 ms instead of half a one."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
