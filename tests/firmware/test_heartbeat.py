# SPDX-License-Identifier: Apache-2.0
"""The pulse that systemd listens to, and what a machine says of itself."""

import re
import socket
from pathlib import Path

import pytest

from firmware.heartbeat import PULSE_S, Pulse, this_machine


def test_a_machine_has_one_name_and_its_software_a_version() -> None:
    machine = this_machine()
    assert re.fullmatch(r"[0-9a-f]{64}", machine.hw_id)
    assert machine == this_machine()
    assert re.fullmatch(r"\d+\.\d+\.\d+", machine.software)


def test_systemd_hears_that_the_loop_turns_but_not_every_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        pulse = Pulse()
        pulse.ready()
        for turn in range(100):
            pulse.beat(1000 + turn * PULSE_S / 50)
        heard = [ear.recv(100) for _ in range(3)]
        with pytest.raises(BlockingIOError):
            ear.recv(100)
    assert heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "@abstract-and-absent"])
def test_without_systemd_the_pulse_is_silent(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    pulse = Pulse()
    pulse.ready()
    pulse.beat(0)
