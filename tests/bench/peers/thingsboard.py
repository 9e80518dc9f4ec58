# SPDX-License-Identifier: Apache-2.0
"""ThingsBoard IoT gateway, the store-and-forward peer: its rates, and what a kill -9 costs it.

Messages of 300 bytes come in by its MQTT connector at QoS 1 from a real Mosquitto and leave for a
second one that plays ThingsBoard. Its settings are the best we found, not the defaults:
SQLite storage (WAL, synchronous=NORMAL: its own, not to be set) read and written by the thousand;
packs of 64 KB, ThingsBoard's own limit, instead of 8; no rate limits; a session that its source
keeps while it is away, instead of a clean one; no report strategy, statistics, remote
configuration or debug log, which only cost. A message counts as acknowledged once the source has
its PUBACK, and as lost when it has not arrived after a restart on the same storage. To arrive is
all that is asked: nothing is checked or booked there, as our ledger does within our own drain.
What a kill costs is what was on its way through memory: the shorter the burst, the larger its
share.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

from provisioning.broker import mosquitto
from provisioning.demo.ports import LOOPBACK, Ports, listening
from provisioning.demo.programs import Program, Programs
from tests.bench.peers.device_side import SESSION_S, TOPIC, Devices, device_broker
from tests.bench.peers.place import (
    Figures,
    Missing,
    emptied,
    environment,
    memory_mb,
    running,
    tell,
    version,
)
from tests.bench.peers.platform_side import TOKEN, PlatformSide

PACKAGE: Final = "thingsboard-gateway"
REQUIREMENTS: Final = (f"{PACKAGE}==3.8.5", "tb-mqtt-client==1.13.13")

MESSAGES: Final = 20_000
"""As many as the entries of our own drain."""

FLOOD_PER_S: Final = 6_000
CALM_PER_S: Final = 500
"""Far below what it can store, so that only what is always on its way is lost."""

FLOOD_KILLS_S: Final = (1.0, 2.0, 4.0)
"""How long it has been taking messages when it is killed."""

CALM_KILL_S: Final = 4.0
QUIET_S: Final = 15.0
PATIENCE_S: Final = 240.0
CLIENT: Final = "gateway-source"

STARTS: Final = """\
import os
os.chdir(os.environ["TB_GW_CONFIG_DIR"])
from thingsboard_gateway.tb_gateway import daemon
daemon()
"""
"""It writes logs of its connectors wherever it is started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a gateway that was killed had acknowledged, and what of it never arrived."""

    acknowledged: int
    lost: int

    @property
    def percent(self) -> float:
        return 100 * self.lost / self.acknowledged if self.acknowledged else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was seen of one gateway."""

    version: str
    steady_per_s: float
    stored_per_s: float
    drained_per_s: float
    back_after_s: float
    memory_mb: float
    floods: tuple[Loss, ...]
    calm: Loss


def measure(folder: Path) -> Figures:
    """Install the gateway, hit it, and say what came of it.

    Raises:
        Missing: Mosquitto or the gateway cannot be had here.
        Died: one of the programs did.
        TimeoutError: what was sent did not arrive.
    """
    broker = mosquitto()
    if broker is None:
        raise Missing("Mosquitto is not installed: apt-get install mosquitto")
    python = environment(folder / "thingsboard", *REQUIREMENTS)
    with _world(broker, python, emptied(folder / "thingsboard-run")) as world:
        steady = world.steady()
        tell(f"steady: {steady:,.0f} messages/s")
        stored, drained, back_s = world.outage()
        tell(f"outage: {stored:,.0f}/s into SQLite, then {drained:,.0f}/s out of it")
        held_mb = memory_mb(world.gateway.pid)
        floods = tuple(world.kill(after_s, per_s=FLOOD_PER_S) for after_s in FLOOD_KILLS_S)
        calm = world.kill(CALM_KILL_S, per_s=CALM_PER_S)
    return figures(
        Measured(
            version=version(python, PACKAGE),
            steady_per_s=steady,
            stored_per_s=stored,
            drained_per_s=drained,
            back_after_s=back_s,
            memory_mb=held_mb,
            floods=floods,
            calm=calm,
        )
    )


def figures(seen: Measured) -> Figures:
    """What was seen, as the table wants it."""
    return {
        "peer": "ThingsBoard IoT gateway",
        "version": seen.version,
        "messages": MESSAGES,
        "steady_per_s": round(seen.steady_per_s),
        "stored_per_s": round(seen.stored_per_s),
        "drained_per_s": round(seen.drained_per_s),
        "back_after_s": round(seen.back_after_s, 1),
        "memory_mb": round(seen.memory_mb, 1),
        "kills": len(seen.floods),
        "acknowledged_before_kills": sum(loss.acknowledged for loss in seen.floods),
        "lost_of_acknowledged": sum(loss.lost for loss in seen.floods),
        "lost_of_acknowledged_worst_percent": round(max(each.percent for each in seen.floods), 1),
        "calm_per_s": CALM_PER_S,
        "calm_acknowledged_before_kill": seen.calm.acknowledged,
        "calm_lost_of_acknowledged": seen.calm.lost,
        "calm_lost_of_acknowledged_percent": round(seen.calm.percent, 1),
    }


class World:
    """Devices, gateway and platform."""

    def __init__(
        self,
        programs: Programs,
        gateway: Program,
        *,
        devices: Devices,
        platform: PlatformSide,
        storage: Path,
    ) -> None:
        self._programs = programs
        self._program = gateway
        self._devices = devices
        self._platform = platform
        self._storage = storage
        platform.comes()
        self.gateway = self._start()
        self._until_arrived(devices.send(1))

    def steady(self) -> float:
        """With all there: messages a second, from the first sent to the last arrived."""
        began_s = time.monotonic()
        self._until_arrived(self._devices.send(MESSAGES))
        return MESSAGES / (self._platform.last_s - began_s)

    def outage(self) -> tuple[float, float, float]:
        """With the platform away: messages a second into storage, and then out of it.

        Third, the seconds from its return to the first message.
        """
        self._platform.goes()
        began_s = time.monotonic()
        sent = self._devices.send(MESSAGES)
        self._until(lambda: self._stored() >= MESSAGES, "storage to hold what was sent")
        stored_per_s = MESSAGES / (time.monotonic() - began_s)
        self._platform.comes()
        back_s = time.monotonic()
        self._until_arrived(sent)
        first_s, last_s = self._platform.first_s, self._platform.last_s
        return stored_per_s, MESSAGES / (last_s - first_s), first_s - back_s

    def kill(self, after_s: float, *, per_s: float) -> Loss:
        """With the platform away: kill -9 while messages come in, and start again."""
        self._platform.goes()
        sent = self._devices.send_for(
            after_s, per_s=per_s, then=lambda: self._programs.kill(self.gateway)
        )
        acknowledged = sent - self._devices.take_back(CLIENT)
        self._platform.comes()
        self.gateway = self._start()
        self._until(self._rests, "the restarted gateway to have sent all it has")
        lost = acknowledged - self._platform.arrived
        tell(
            f"kill -9 after {after_s:g} s at {per_s:,.0f}/s:"
            f" {len(lost):,} lost of {len(acknowledged):,} acknowledged"
        )
        return Loss(acknowledged=len(acknowledged), lost=len(lost))

    def _start(self) -> "Popen[bytes]":
        asked = self._platform.asked
        process = self._programs.start(self._program)
        self._until(lambda: self._platform.asked > asked, "the gateway to come up")
        self._platform.last_s = time.monotonic()
        return process

    def _until_arrived(self, sent: set[int]) -> None:
        self._until(lambda: sent <= self._platform.arrived, f"{len(sent):,} messages to arrive")

    def _until(self, true: Any, what: str) -> None:
        self._programs.wait_until(true, what=what, timeout_s=PATIENCE_S)

    def _rests(self) -> bool:
        return time.monotonic() - self._platform.last_s > QUIET_S and not self._stored()

    def _stored(self) -> int:
        with closing(sqlite3.connect(f"file:{self._storage}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM messages").fetchone()[0])


@contextmanager
def _world(broker: str, python: Path, folder: Path) -> Iterator[World]:
    ports = Ports()
    source, target = ports.take(21_883), ports.take(22_883)
    config = folder / "config"
    config.mkdir()
    storage = folder / "storage"
    for name, content in _settings(source, target, storage=storage).items():
        (config / name).write_text(json.dumps(content))
    gateway = Program(
        "gateway",
        (str(python), "-c", STARTS),
        folder / "gateway.log",
        env={"TB_GW_CONFIG_DIR": str(config)},
    )
    platform = PlatformSide(broker, folder, port=target)
    with running() as programs:
        programs.start(device_broker(broker, folder, port=source))
        programs.wait_until(lambda: listening(source), what="the devices' broker")
        devices = Devices(source)
        try:
            yield World(
                programs, gateway, devices=devices, platform=platform, storage=storage / "data.db"
            )
        finally:
            devices.stop()
            platform.goes()


def _settings(source: int, target: int, *, storage: Path) -> dict[str, dict[str, Any]]:
    return {
        "tb_gateway.json": {
            "thingsboard": {
                "host": LOOPBACK,
                "port": target,
                "security": {"type": "accessToken", "accessToken": TOKEN},
                "qos": 1,
                "remoteShell": False,
                "remoteConfiguration": False,
                "statistics": {"enable": False},
                "reportStrategy": {"type": "DISABLED"},
                "syncDevicesSharedAttributesOnConnect": False,
                "maxPayloadSizeBytes": 65_536,
                "minPackSendDelayMS": 10,
            },
            "storage": {
                "type": "sqlite",
                "data_file_path": f"{storage}/",
                "max_read_records_count": 1000,
                "writing_batch_size": 1000,
            },
            "grpc": {"enabled": False},
            "connectors": [{"type": "mqtt", "name": "source", "configuration": "mqtt.json"}],
        },
        "mqtt.json": {
            "broker": {
                "host": LOOPBACK,
                "port": source,
                "clientId": CLIENT,
                "version": 5,
                "cleanSession": False,
                "cleanStart": False,
                "sessionExpiryInterval": SESSION_S,
                "security": {"type": "anonymous"},
            },
            "mapping": [
                {"topicFilter": TOPIC, "subscriptionQos": 1, "converter": _converter()},
            ],
        },
        "logs.json": {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"console": {"class": "logging.StreamHandler"}},
            "root": {"handlers": ["console"], "level": "WARNING"},
        },
    }


def _converter() -> dict[str, Any]:
    return {
        "type": "json",
        "deviceInfo": {
            "deviceNameExpressionSource": "constant",
            "deviceNameExpression": "till",
            "deviceProfileExpressionSource": "constant",
            "deviceProfileExpression": "default",
        },
        "timeseries": [
            {"type": "integer", "key": "n", "value": "${n}"},
            {"type": "string", "key": "body", "value": "${body}"},
        ],
    }
