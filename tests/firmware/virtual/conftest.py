# SPDX-License-Identifier: Apache-2.0
"""A bakery's till behind its virtual terminal, and a visitor who asks it over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from firmware.drivers.base import Connected
from firmware.drivers.mock import MockPrinter, MockScanner, MockSignal
from firmware.drivers.supervise import Printing, Scanning
from firmware.kiosk.app import App, Happened
from firmware.kiosk.display import Display
from firmware.kiosk.look import Look
from firmware.store.database import Database, Role
from firmware.virtual.server import VirtualServer
from firmware.virtual.terminal import VirtualTerminal
from firmware.virtual.turnstile import Turnstile
from tests.firmware.till.conftest import Bakery, bakery

__all__ = ["bakery"]

CARDS = [{"kind": "customer", "label": "Élodie Marchand", "code": "2000417004415"}]


@dataclass
class Visitor:
    """Somebody with a browser or a program."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {**self.headers, **given})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), content

    def get(self, path: str) -> dict[str, Any]:
        status, _, content = self.ask("GET", path)
        assert status == 200, content
        return json.loads(content)

    def post(self, path: str, body: object, expected: int = 200) -> dict[str, Any]:
        raw = json.dumps(body).encode()
        status, _, content = self.ask("POST", path, raw, Content_Type="application/json")
        assert status == expected, content
        return json.loads(content)

    def tap(self, *labels: str) -> dict[str, Any]:
        screen: dict[str, Any] = {}
        for label in labels:
            screen = self.post("/tap", {"label": label})
        return screen

    def words(self) -> str:
        return " ".join(w["label"] for w in self.get("/screen.json")["widgets"])

    def until(self, true: Callable[[], object], timeout_s: float = 30) -> None:
        """Wait for what goes on by itself."""
        waited = threading.Event()
        for _ in range(int(timeout_s / 0.02)):
            if true():
                return
            waited.wait(0.02)
        raise AssertionError("it never came")


@pytest.fixture
def visitor(bakery: Bakery, tmp_path: Path) -> Iterator[Visitor]:
    """The bakery's till, its loop turning in a thread, and its page."""
    intake: Turnstile[Happened] = Turnstile()
    scanner, printer, signal = MockScanner(), MockPrinter(), MockSignal()
    stop, ready = threading.Event(), threading.Event()
    (tmp_path / "cards.json").write_text(json.dumps(CARDS))
    shown: list[Display] = []
    printing, scanning = Printing(printer, first_pause_s=0.01), Scanning(scanner)

    def serve() -> None:
        display = Display(Look(width=800, height=480))
        shown.append(display)
        app = App(
            bakery.till,
            display,
            intake=intake,
            printing=printing,
            signal=signal,
            report=lambda printer, scanner: None,
        )
        app.step(0)
        ready.set()
        app.run(stop)

    loop = threading.Thread(target=serve)
    loop.start()
    assert ready.wait(30)
    printing.start(intake.put)
    scanning.start(intake.put)
    state = tmp_path / "state"
    with closing(Database(state, role=Role.TECH)) as db:
        terminal = VirtualTerminal(
            bakery.till.desk.config,
            intake=intake,
            display=shown[0],
            scanner=scanner,
            printer=printer,
            signal=signal,
            db=db,
            cards=tmp_path / "cards.json",
        )
        with VirtualServer(terminal, 0) as server:
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            visitor = Visitor(server.server_port)
            visitor.until(lambda: scanner.put("\t"))  # it listens
            yield visitor
            server.shutdown()
        stop.set()
        intake.put(Connected("mock:"))  # whatever wakes it
        loop.join()
        scanning.stop()
        printing.stop()
