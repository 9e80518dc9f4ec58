# SPDX-License-Identifier: Apache-2.0
"""A broker and a database for bridges that run as processes of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.demo.broker import broker as demo_broker
from provisioning.demo.ports import Ports
from provisioning.demo.programs import Programs
from tests import postgres
from tests.on_postgresql import SERVER


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A broker as the demo starts it."""
    programs = Programs()
    found = Ports().take(20_000 + os.getpid() % 10_000)
    program, _ = demo_broker(tmp_path, found, log=tmp_path / "broker.log")
    programs.start(program)
    yield found
    programs.stop()


@pytest.fixture
def own_database() -> str:
    """What HUB_DATABASE_URL says to a hub that shares its database with no other test."""
    server = os.environ.get(SERVER)
    return postgres.fresh(server) if server else ""
