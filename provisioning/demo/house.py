# SPDX-License-Identifier: Apache-2.0
"""Everything that runs in a demo: broker, bridge, web, and each virtual terminal with its sync."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from rich.console import Console

from provisioning.demo.broker import Broker, broker
from provisioning.demo.layout import Layout
from provisioning.demo.ports import LOOPBACK, Ports, listening
from provisioning.demo.programs import Program, Programs
from provisioning.demo.sample import BUSINESSES, Business, Place
from provisioning.demo.setup import hub_environment

FIRST_PORT: Final = 8000
BROKER_PORT: Final = 8883
"""For a demo at the first port; another one's moves by as much, so that two stay apart."""

LOWEST_PORT: Final = 1024
WEB_WORKERS: Final = ("--workers", "1", "--threads", "4")
"""A shop's worth of visitors; the threads share what the first page has loaded."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A virtual terminal that runs."""

    business: Business
    place: Place
    port: int

    @property
    def url(self) -> str:
        """Its page."""
        return f"http://{LOOPBACK}:{self.port}/"


class House:
    """Starts the programs of a demo, one after the other."""

    def __init__(self, layout: Layout, programs: Programs, *, first_port: int) -> None:
        self.layout = layout
        self._programs = programs
        self._ports = Ports()
        self.web_port = self._ports.take(first_port)
        self.broker_port = self._ports.take(max(LOWEST_PORT, BROKER_PORT + first_port - FIRST_PORT))
        self.broker: Broker = broker(layout.hub, self.broker_port, log=layout.log("courtier"))
        self.standing = tuple(
            Standing(business, place, self._ports.take(first_port + 1))
            for business, place in virtual_places()
        )

    @property
    def web_url(self) -> str:
        """The hub's pages."""
        return f"http://{LOOPBACK}:{self.web_port}/"

    def start(self, console: Console) -> None:
        """Start everything and wait until each answers.

        Raises:
            Died: a program ended at once.
            TimeoutError: one does not answer.
        """
        with console.status("Démarrage…") as status:
            started = list(self.programs_in_order())
            for _, program, _ in started:
                program.log.unlink(missing_ok=True)
                self._programs.start(program)
            for name, program, port in started:
                if port is None:
                    continue
                status.update(f"Démarrage : {name}…")
                ready = listening if port == self.broker_port else answers
                self._programs.wait_until(
                    partial(ready, port), what=f"{name} ne répond pas : voyez {program.log}"
                )

    def programs_in_order(self) -> Iterator[tuple[str, Program, int | None]]:
        """Each program in its turn, with the port on which it answers."""
        yield "le courtier", self.broker.program, self.broker_port
        yield "le pont", self._hub_program("pont", "-m", "hub", "run_bridge"), None
        yield "les échéances", self._hub_program("echeances", "-m", "hub", "run_jobs"), None
        yield "le hub", self._web(), self.web_port
        for standing in self.standing:
            name = standing.place.terminal
            settings = self.layout.terminal(name) / "terminal.toml"
            point_at(settings, self.broker)
            kiosk = self._firmware(name, "virtual", settings, "--port", str(standing.port))
            yield f"le terminal {name}", kiosk, standing.port
            yield f"la synchronisation de {name}", self._firmware(name, "sync", settings), None

    def _web(self) -> Program:
        bind = f"{LOOPBACK}:{self.web_port}"
        gunicorn = ("-m", "gunicorn", "hub.wsgi", "--bind", bind, *WEB_WORKERS)
        return self._hub_program("hub", *gunicorn)

    def _hub_program(self, name: str, *arguments: str) -> Program:
        env = {**hub_environment(self.layout), **self.broker.hub_environment}
        return Program(name, (sys.executable, *arguments), self.layout.log(name), env)

    def _firmware(self, terminal: str, verb: str, settings: Path, *more: str) -> Program:
        argv = (sys.executable, "-m", "firmware", verb, "--config", str(settings), *more)
        log = self.layout.log(f"{terminal}-{verb}")
        return Program(f"{terminal} {verb}", argv, log)


def virtual_places() -> Iterator[tuple[Business, Place]]:
    """The places whose terminals run in the demo."""
    for business in BUSINESSES:
        for place in business.places:
            if place.virtual:
                yield business, place


def point_at(settings: Path, broker: Broker, *, port: int | None = None) -> None:
    """Tell a terminal where the broker is this time, or the line to it."""
    found = f"port = {port or broker.port}\n" + ("plain = true\n" if broker.plain else "")
    text = settings.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^port = \d+\n(plain = true\n)?", found, text, count=1)
    settings.write_text(text, encoding="utf-8")


def answers(port: int) -> bool:
    """Whether a web server there answers a request, whatever it says."""
    try:
        connection = HTTPConnection(LOOPBACK, port, timeout=5)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
    except (OSError, HTTPException):
        return False
    return True
