# SPDX-License-Identifier: Apache-2.0
"""Everything of the demo, started program by program so that each can be killed and come back."""

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from rich.console import Console

from provisioning.demo.broker import mosquitto
from provisioning.demo.house import House, Standing, answers
from provisioning.demo.layout import Layout
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Program, Programs, last_lines
from provisioning.demo.setup import set_up

PATIENCE_S = 60.0
BROKER, BRIDGE, WEB = "courtier", "pont", "hub"


def until(true: Callable[[], object], what: str, *, timeout_s: float = PATIENCE_S) -> Any:
    """Wait for what goes on by itself; the truth that came."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"it never came: {what}")


def somewhere() -> int:
    """A free port, elsewhere for each run, below those that the system lends to callers.

    A program that is killed must find its port again: nobody who calls may hold it meanwhile.
    """
    return Ports().take(10_000 + os.getpid() * 37 % 20_000)


@dataclass
class Till:
    """A virtual terminal, as somebody behind the counter meets it."""

    port: int
    pin: str

    # ── asking ──────────────────────────────────────────────────────────────────────────────────

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        raw = None if body is None else json.dumps(body).encode()
        connection.request(method, path, raw, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, json.loads(content)

    def get(self, path: str) -> Any:
        status, found = self.ask("GET", path)
        assert status == 200, found
        return found

    def post(self, path: str, body: object) -> Any:
        status, found = self.ask("POST", path, body)
        assert status == 200, found
        return found

    @property
    def state(self) -> Any:
        return self.get("/state.json")

    @property
    def screen(self) -> Any:
        return self.get("/screen.json")

    @property
    def outcome(self) -> str:
        return self.screen["outcome"]

    @property
    def words(self) -> str:
        """Everything on the screen, with plain spaces."""
        return " | ".join(" ".join(w["label"].split()) for w in self.screen["widgets"])

    # ── hands ───────────────────────────────────────────────────────────────────────────────────

    def tap(self, *labels: str) -> None:
        for label in labels:
            self.post("/tap", {"label": label})

    def tap_first(self, *beginnings: str) -> None:
        """Touch the first widget whose label begins so."""
        labels = [w["label"] for w in self.widgets if w["enabled"]]
        found = next((label for label in labels if label.startswith(beginnings)), None)
        assert found, f"none of {beginnings} in {labels}"
        self.tap(found)

    def scan(self, code: str) -> None:
        self.post("/scan", {"code": code})

    def type(self, text: str) -> None:
        """On the touch keyboard, whatever page of it the letter is on."""
        for letter in text:
            label = {" ": "espace"}.get(letter, letter)
            if self.ask("POST", "/tap", {"label": label})[0] != 200:
                labels = {w["label"] for w in self.screen["widgets"]}
                self.tap("abc" if "abc" in labels else "&â", label)

    def answer(self, text: str) -> None:
        self.type(text)
        self.tap("Suivant" if text else "Passer")

    def network(self, *, up: bool) -> None:
        self.post("/network", {"up": up})
        until(lambda: self.state["online"] is up, f"online {up}")

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def open(self) -> None:
        """Wherever it is, to a new order."""
        for _ in range(12):
            match self.outcome:
                case "AtTill":
                    if "Abandonner" not in self.words and "Retirer le client" not in self.words:
                        return
                    self.tap("Abandonner" if "Abandonner" in self.words else "Retirer le client")
                case "ChoiceAsked" if "Abandonner la vente" in self.words:
                    self.tap("Abandonner la vente")
                case "Front":
                    self.tap("Déverrouiller", *self.pin)
                case "Recognised":
                    self.tap_first("Terminé")
                case "Saved" | "GiftSaved":
                    self.tap("Client suivant")
                case _:
                    self.tap_first("Retour")
        raise AssertionError(f"no way to a new order from {self.words}")

    @property
    def widgets(self) -> list[Any]:
        return self.screen["widgets"]

    def line(self, cents: int) -> None:
        self.tap("Ligne" if "Ligne" in [w["label"] for w in self.widgets] else "Commande")
        self.tap(*str(cents))
        self.tap_first("Ajouter")

    def save(self) -> None:
        """Save the order; what the hub is asked for is waited for."""
        self.tap("Enregistrer")
        until(lambda: self.outcome != "AskingHub", "the hub's answer")

    def sell(self, cents: int, *, card: str = "") -> None:
        """A whole sale."""
        self.open()
        if card:
            self.scan(card)
        self.line(cents)
        self.save()
        assert self.outcome == "Saved", self.words

    def points(self, card: str) -> int:
        """What the till shows for a card."""
        self.open()
        self.scan(card)
        labels = (w["label"].replace("\u202f", "") for w in self.widgets)
        return int(next(label for label in labels if label.isdecimal()))


@dataclass
class World:
    """The programs of a demo and what they made."""

    layout: Layout
    house: House
    programs: Programs
    _known: dict[str, tuple[Program, int | None]] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def prepare(cls, folder: Path) -> "World":
        """Both businesses with nothing sold yet, and nothing started."""
        assert mosquitto(), "the journeys run over a real Mosquitto: apt-get install mosquitto"
        layout, programs = Layout(folder), Programs()
        set_up(layout, days=0, console=Console(quiet=True))
        world = cls(layout, House(layout, programs, first_port=somewhere()), programs)
        for _, program, port in world.house.programs_in_order():
            world._known[program.name] = (program, port)
        return world

    # ── programs ────────────────────────────────────────────────────────────────────────────────

    def start(self, *names: str) -> None:
        """Start programs, all when none is named; returns when those with a port answer."""
        for name in names or self._known:
            program, port = self._known[name]
            self._running[name] = self.programs.start(program)
            if port:
                until(lambda port=port, name=name: listening(port) or self._dead(name), name)
            self._dead(name)  # it may be another's port that answers
            if name == WEB:
                until(lambda: answers(self.house.web_port), name)

    def kill(self, *names: str) -> None:
        """The power is gone: kill -9."""
        for name in names or list(self._running):
            if process := self._running.pop(name, None):
                self.programs.kill(process)

    @property
    def dead(self) -> list[str]:
        """Programs that were killed and not started again."""
        return [name for name in self._known if name not in self._running]

    def _dead(self, name: str) -> bool:
        code = self._running[name].poll()
        assert code is None, f"{name}: {code}\n{last_lines(self._known[name][0].log)}"
        return False

    # ── what there is ───────────────────────────────────────────────────────────────────────────

    @property
    def standing(self) -> tuple[Standing, Standing]:
        first, second = self.house.standing
        return first, second

    @property
    def tills(self) -> tuple[Till, Till]:
        """Saint-Denis, landscape, and Saint-Paul, portrait."""
        first, second = (Till(s.port, s.place.clerks[0].pin) for s in self.standing)
        return first, second

    def account(self, email: str) -> Any:
        accounts = json.loads(self.layout.accounts.read_text())
        return next(a for a in accounts if a["email"] == email)

    def card(self, label: str) -> str:
        """The code of a sample card."""
        return next(
            c["code"] for c in self.tills[0].get("/cards.json")["cards"] if label in c["label"]
        )

    def at_hub(self, sql: str, *values: object) -> Any:
        """One figure out of the hub's database, read beside the hub."""
        path = self.layout.hub / "hub.sqlite3"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as db:
            (row,) = db.execute(sql, values).fetchall()
        db.close()
        return row[0]

    def sales_at_hub(self) -> tuple[int, int]:
        """How many sales the merchant has, and their cents."""
        where = "FROM ledger_journalentry WHERE kind = 'sold' AND outcome = 'posted'"
        count = self.at_hub(f"SELECT count(*) {where} AND merchant_id = 'maison-lucet'")
        cents = self.at_hub(
            f"SELECT ifnull(sum(cents), 0) {where} AND merchant_id = 'maison-lucet'"
        )
        return count, cents

    def settled(self) -> None:
        """Wait until the hub has everything and both tills have heard of it."""
        for till in self.tills:
            until(lambda till=till: till.state["waiting"] == 0, "nothing waits")
