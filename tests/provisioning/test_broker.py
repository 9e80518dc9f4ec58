# SPDX-License-Identifier: Apache-2.0
"""`./run broker` becomes Mosquitto under our account, with everything that it needs."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from hub.merchants.authority import Authority
from provisioning import broker
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Program, Programs
from tests.cast import somewhere
from tests.guest import client, lets_in

NAME = "saint-denis-1"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    programs, found = Programs(), Ports().take(somewhere())
    argv = (sys.executable, "-m", "provisioning.broker", "--listen", "127.0.0.1")
    env = {"HUB_DATA": str(tmp_path), "HUB_BROKER_PORT": str(found), "HUB_BROKER_NAME": "mqtt.test"}
    programs.start(Program("broker", argv, tmp_path / "log", env))
    programs.wait_until(lambda: listening(found), what="the broker")
    yield found
    programs.stop()


def test_the_command_becomes_a_broker_that_knows_who_is_enrolled(port: int, tmp_path: Path) -> None:
    assert lets_in(client(tmp_path, NAME), port)
    stranger = client(tmp_path / "elsewhere", NAME)
    stranger._ssl_context.load_verify_locations(tmp_path / "broker" / "authority.crt")  # type: ignore[union-attr]
    assert not lets_in(stranger, port)
    assert "mqtt.test" in names(tmp_path)
    assert (tmp_path / "broker").stat().st_mode & 0o077 == 0


def names(folder: Path) -> list[str]:
    made = x509.load_pem_x509_certificate((folder / "broker" / "broker.crt").read_bytes())
    found = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.DNSName)


def test_started_again_it_keeps_its_certificate(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    first = broker.write(tmp_path / "broker", 1, keys=keys, names=["mqtt.test"])
    made = (tmp_path / "broker" / "broker.crt").read_bytes()
    assert broker.write(tmp_path / "broker", 2, keys=keys, names=["mqtt.test"]) == first
    assert (tmp_path / "broker" / "broker.crt").read_bytes() == made
    assert "listener 2 127.0.0.1" in first.read_text()
    assert Authority(keys).pem == (tmp_path / "broker" / "authority.crt").read_bytes()


def test_a_terminal_has_three_topics_and_no_more() -> None:
    everybody, *named = broker.acl().split("\nuser ")
    assert everybody.split("\n")[:3] == [
        "pattern write lk/1/up/+/%u",
        "pattern read lk/1/dn/%u",
        "pattern read lk/1/hub/+",
    ]
    assert len(named) == 1 + 64
    assert all(name.startswith("hub") and len(name.split("\n")[0]) < 8 for name in named)
