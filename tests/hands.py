# SPDX-License-Identifier: Apache-2.0
"""A person behind the counter: what hands do on a virtual terminal, and what eyes read there."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, NamedTuple

PATIENCE_S = 60.0


class Unexpected(AssertionError):
    """Something else happened than what was asked for."""


def until(true: Callable[[], object], what: str, *, timeout_s: float = PATIENCE_S) -> Any:
    """Wait for what goes on by itself; the truth that came. Raises Unexpected."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.05)
    raise Unexpected(f"it never came: {what}")


class Listed(NamedTuple):
    """A sale as the till's own list tells it."""

    receipt: int
    """Its number: the till's sales are numbered from 1."""
    words: str


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
        return _done(self.ask("GET", path))

    def post(self, path: str, body: object) -> Any:
        return _done(self.ask("POST", path, body))

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
        if found is None:
            raise Unexpected(f"none of {beginnings} in {labels}")
        self.tap(found)

    def scan(self, code: str) -> None:
        """Show a card; what is asked at the hub about an unknown one is waited for."""
        self.post("/scan", {"code": code})
        until(lambda: self.outcome != "AskingHub", "the hub's news")

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
                case "Recognised" | "RefundSaved":
                    self.tap_first("Terminé")
                case "Saved" | "GiftSaved":
                    self.tap("Client suivant")
                case "OutOfOrder":
                    self.tap("Réessayer")
                case _:
                    self.tap_first("Retour")
        raise Unexpected(f"no way to a new order from {self.words}")

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
        if self.outcome != "Saved":
            raise Unexpected(self.words)

    def latest_sale(self) -> Listed:
        """The newest sale in this till's list, opened; number 0 when there is none yet."""
        self.open()
        self.tap("Ventes")
        rows = [w["label"] for w in self.widgets if w["kind"] == "row"]
        if not rows:
            return Listed(0, "")
        self.tap(rows[0])
        words = self.words
        number = re.search(r"n° (\d+)", words)
        if number is None:
            raise Unexpected(f"no number in {words}")
        return Listed(int(number[1]), words)

    def points(self, card: str) -> int:
        """What the till shows for a card."""
        self.open()
        self.scan(card)
        labels = (w["label"].replace("\u202f", "") for w in self.widgets)
        return int(next(label for label in labels if label.isdecimal()))


def _done(answer: tuple[int, Any]) -> Any:
    status, found = answer
    if status != 200:
        raise Unexpected(found["error"])
    return found
