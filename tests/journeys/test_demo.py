# SPDX-License-Identifier: Apache-2.0
"""`./run demo` by itself: it says where to go, stops cleanly, and goes on where it was."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioning.demo.ports import listening
from tests.cast import somewhere
from tests.hands import Till, until

Start = Callable[..., "Demo"]


@pytest.fixture
def port() -> int:
    return somewhere()


class Demo:
    """A demo that runs, and what it has said."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.said = folder.with_suffix(".out")
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "provisioning.demo", "--data", str(folder), *more],
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "COLUMNS": "100"},
            )

    @property
    def words(self) -> str:
        return self.said.read_text()

    def ports(self) -> list[int]:
        """Of the pages that it names."""
        return [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", self.words)]

    def welcome(self) -> list[int]:
        until(lambda: "Ctrl-C" in self.words or self.process.poll() is not None, "the welcome")
        assert self.process.poll() is None, self.words
        return self.ports()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    running: list[Demo] = []

    def begin(*more: str) -> Demo:
        options = ("--days", "2", "--port", str(port), *more)
        running.append(Demo(tmp_path / "demo", *options))
        return running[-1]

    yield begin
    for demo in running:
        if demo.process.poll() is None:
            demo.stop()


@pytest.mark.row("T11")
def test_the_demo_runs_stops_without_a_trace_and_goes_on_until_a_program_dies(
    start: Start, port: int, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        demo = start()
        web, landscape, portrait = demo.welcome()
        assert web > port
        assert "isabelle@maison-lucet.example" in demo.words
        Till(landscape, "2580").sell(1234)
        assert Till(portrait, "3690").screen["height"] == 1280

        refused = start()
        assert refused.process.wait(60) == 1
        assert "tourne déjà" in refused.words

        assert demo.stop() == 0
        assert not [one for one in (web, landscape, portrait) if listening(one)]

    accounts = (tmp_path / "demo" / "accounts.json").read_text()
    again = start()
    web, landscape, portrait = again.welcome()
    assert web == port
    assert (tmp_path / "demo" / "accounts.json").read_text() == accounts
    till = Till(landscape, "2580")
    till.open()
    till.tap("Ventes")
    assert "12,34 €" in till.words

    sync = subprocess.run(
        ["pgrep", "-f", f"firmware sync --config {tmp_path}/demo/terminals/saint-denis-1"],
        capture_output=True,
        text=True,
        check=True,
    )
    os.kill(int(sync.stdout.split()[0]), signal.SIGKILL)
    assert again.process.wait(60) == 1
    assert "saint-denis-1 sync" in again.words, "its last words"
    assert "SIGKILL" in again.words


def test_fresh_forgets_what_was_there(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "terminals" / "saint-denis-1").mkdir(parents=True)
    (folder / "accounts.json").write_text(json.dumps([]))
    (folder / "notes.txt").write_text("mine")
    demo = start("--fresh")
    demo.welcome()
    assert len(json.loads((folder / "accounts.json").read_text())) > 3
    assert (folder / "notes.txt").read_text() == "mine"
