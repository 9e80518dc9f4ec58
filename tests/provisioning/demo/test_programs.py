# SPDX-License-Identifier: Apache-2.0
"""What the demo starts is watched, named when it dies, and gone when the demo ends."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Died, Program, Programs

SLEEPS = "import time; print('prêt', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(600)"
)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    monkeypatch.setattr("provisioning.demo.programs.STOP_S", 0.5)
    running = Programs()
    yield running
    running.stop()


def python(code: str, log: Path) -> Program:
    return Program("essai", (sys.executable, "-c", code), log)


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
    return False


def test_a_program_that_dies_is_named_with_the_end_of_its_log(
    programs: Programs, tmp_path: Path
) -> None:
    programs.start(python("print('avant'); raise SystemExit('plus de place')", tmp_path / "log"))
    with pytest.raises(Died, match=r"(?s)« essai » s’est arrêté \(code 1\).*plus de place"):
        programs.wait_until(lambda: False, what="rien")


def test_what_does_not_happen_in_time_is_named(programs: Programs, tmp_path: Path) -> None:
    programs.start(python(SLEEPS, tmp_path / "log"))
    with pytest.raises(TimeoutError, match="le hub"):
        programs.wait_until(lambda: False, what="le hub", timeout_s=0.1)


def test_stopping_ends_every_program(programs: Programs, tmp_path: Path) -> None:
    started = [programs.start(python(SLEEPS, tmp_path / f"log{n}")) for n in range(3)]
    programs.stop()
    assert [process.poll() is not None for process in started] == [True] * 3


def test_a_program_that_will_not_stop_is_killed_with_what_it_started(
    programs: Programs, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    process = programs.start(python(STUBBORN, log))
    programs.wait_until(lambda: log.read_text().endswith("\n"), what="son enfant")
    child = int(log.read_text())
    programs.stop()
    assert process.poll() is not None
    programs.wait_until(lambda: not alive(child), what="la fin de son enfant")


def test_a_port_that_is_taken_gives_way_to_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert listening(port)
        assert Ports().take(port) > port


def test_no_port_is_given_twice() -> None:
    ports = Ports()
    with socket.create_server(("127.0.0.1", 0)) as free:
        start = free.getsockname()[1]
    assert len({ports.take(start) for _ in range(3)}) == 3
