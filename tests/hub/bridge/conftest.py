# SPDX-License-Identifier: Apache-2.0
"""A broker and a database for bridges that run as processes of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.merchants.authority import Authority
from provisioning.demo.broker import Broker
from provisioning.demo.broker import broker as demo_broker
from provisioning.demo.ports import Ports
from provisioning.demo.programs import Programs
from tests import postgres
from tests.hub.bridge.own import HUB
from tests.on_postgresql import SERVER


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker as the demo starts it, of the hub that has its data in `tmp_path / HUB`."""
    programs = Programs()
    port = Ports().take(20_000 + os.getpid() % 10_000)
    made = demo_broker(tmp_path / HUB, port, log=tmp_path / "broker.log")
    programs.start(made.program)
    yield made
    programs.stop()


@pytest.fixture
def authority(broker: Broker, tmp_path: Path) -> Authority:
    """Whom everybody at that broker believes."""
    return Authority(tmp_path / HUB / "keys")


@pytest.fixture
def own_database() -> str:
    """What HUB_DATABASE_URL says to a hub that shares its database with no other test."""
    server = os.environ.get(SERVER)
    return postgres.fresh(server) if server else ""
