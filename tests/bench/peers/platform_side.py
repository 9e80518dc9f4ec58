# SPDX-License-Identifier: Apache-2.0
"""What a ThingsBoard gateway needs of ThingsBoard, played over a Mosquitto, and what arrives."""

import json
import time
from pathlib import Path
from typing import Any, Final

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from provisioning.demo.ports import LOOPBACK, listening
from provisioning.demo.programs import Program, Programs

TOKEN: Final = "gateway"
"""What the gateway calls itself."""

CONFIG: Final = """\
listener {port} 127.0.0.1
# as it was started, so that it may write its folder
user root
allow_anonymous true
set_tcp_nodelay true
acl_file {folder}/platform.acl
# what arrives before the counting has reconnected waits for it
persistence true
persistence_location {folder}/
max_queued_messages 0
"""
RIGHTS: Final = f"""\
topic readwrite #
# ThingsBoard never sends a gateway its own words back, as a plain broker would
user {TOKEN}
topic write v1/#
topic read v1/devices/me/rpc/response/+
topic read v1/devices/me/attributes/response/+
"""
LIMITS: Final = {
    "maxPayloadSize": 65_536,
    "maxInflightMessages": 100,
    "rateLimits": {},
    "gatewayRateLimits": {},
}
"""ThingsBoard's own defaults for a tenant without limits."""

ASKS_LIMITS: Final = "v1/devices/me/rpc/request/"
ASKS_ATTRIBUTES: Final = "v1/devices/me/attributes/request/"
TELEMETRY: Final = "v1/gateway/telemetry"


class PlatformSide:
    """The server that comes and goes; it counts each message once."""

    def __init__(self, mosquitto: str, folder: Path, *, port: int) -> None:
        self.arrived: set[int] = set()
        self.first_s = self.last_s = 0.0
        """When the first since `comes` and the last arrived, on the monotonic clock."""
        self.asked = 0
        """How often a gateway has asked for its limits, the first thing it does."""
        self._port = port
        self._programs = Programs()
        config = folder / "platform.conf"
        config.write_text(CONFIG.format(port=port, folder=folder))
        acl = folder / "platform.acl"
        acl.write_text(RIGHTS)
        acl.chmod(0o600)
        self._broker = Program("platform", (mosquitto, "-c", str(config)), folder / "platform.log")
        self._client = Client(
            CallbackAPIVersion.VERSION2, "platform", clean_session=False, protocol=MQTTv311
        )
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)

    def comes(self) -> None:
        """Be there from now on."""
        self.first_s = 0.0
        self._programs.start(self._broker)
        self._programs.wait_until(lambda: listening(self._port), what="the platform's broker")
        self._client.connect(LOOPBACK, self._port)
        self._client.loop_start()
        self._programs.wait_until(self._client.is_connected, what="the platform's counting")

    def goes(self) -> None:
        """Be away from now on."""
        self._client.disconnect()
        self._client.loop_stop()
        self._programs.stop()

    def _on_connect(self, client: Client, *_: Any) -> None:
        wanted = (f"{ASKS_LIMITS}+", f"{ASKS_ATTRIBUTES}+", TELEMETRY)
        client.subscribe([(topic, 1) for topic in wanted])

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        topic = message.topic
        if topic == TELEMETRY:
            self._count(json.loads(message.payload))
        elif topic.startswith(ASKS_LIMITS):
            self.asked += 1
            answer = topic.replace("/request/", "/response/")
            client.publish(answer, json.dumps(LIMITS), qos=1)
        else:
            client.publish(topic.replace("/request/", "/response/"), "{}", qos=1)

    def _count(self, pack: dict[str, list[dict[str, Any]]]) -> None:
        self.last_s = time.monotonic()
        self.first_s = self.first_s or self.last_s
        for entries in pack.values():
            self.arrived.update(entry["values"]["n"] for entry in entries)
