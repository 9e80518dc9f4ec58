# SPDX-License-Identifier: Apache-2.0
"""The broker between terminals and hub: Mosquitto where it is installed, else the embedded one."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.broker import mosquitto, write
from provisioning.demo.programs import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A broker to start."""

    program: Program
    title: str
    """What people call it."""
    port: int
    plain: bool
    """It can't tell one terminal from another: no TLS, for this computer only."""

    @property
    def hub_environment(self) -> Mapping[str, str]:
        """What the hub's programs are told of it."""
        return {"HUB_BROKER_PORT": str(self.port), "HUB_BROKER_PLAIN": "1" if self.plain else ""}


def broker(hub: Path, port: int, *, log: Path) -> Broker:
    """The broker of the hub that has its data in that folder."""
    found = mosquitto()
    if found is None:
        argv = (sys.executable, "-m", "provisioning.demo.embedded", str(port))
        title = "iotcore, intégré : sur cet ordinateur seulement, sans TLS"
        return Broker(program=Program("courtier", argv, log), title=title, port=port, plain=True)
    config = write(hub / "broker", port, keys=hub / "keys")
    program = Program("courtier", (found, "-c", str(config)), log)
    return Broker(program=program, title="Mosquitto, TLS", port=port, plain=False)
