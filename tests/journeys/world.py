# SPDX-License-Identifier: Apache-2.0
"""Everything of the demo, started program by program so that each can be killed and come back."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console

from provisioning.broker import mosquitto
from provisioning.demo.house import House, Standing, answers
from provisioning.demo.layout import Layout
from provisioning.demo.ports import listening
from provisioning.demo.programs import Programs
from provisioning.demo.setup import hub_environment, set_up
from tests import postgres
from tests.cast import Cast, somewhere
from tests.guest import let_in
from tests.hands import Till, until
from tests.postgres import Server

BROKER, BRIDGE, JOBS, WEB = "courtier", "pont", "echeances", "hub"
GREMLIN = "gremlin"
"""May say anything to anybody at the broker."""


@dataclass
class World:
    """The programs of a demo and what they made."""

    layout: Layout
    house: House
    programs: Programs
    cast: Cast
    server: Server | None
    """PostgreSQL, where the hub is on it."""

    @classmethod
    def prepare(cls, folder: Path, server: Server | None) -> "World":
        """Both businesses with nothing sold yet, and nothing started."""
        assert mosquitto(), "the journeys run over a real Mosquitto: apt-get install mosquitto"
        layout, programs = Layout(folder), Programs()
        set_up(layout, days=0, console=Console(quiet=True))
        house = House(layout, programs, first_port=somewhere())
        let_in(layout.hub, GREMLIN, "lk/#")
        cast = Cast(programs)
        for _, program, port in house.programs_in_order():
            serves = answers if port == house.web_port else listening
            cast.know(program, ready=partial(serves, port) if port else None)
        return cls(layout, house, programs, cast, server)

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
        if url := os.environ["HUB_DATABASE_URL"]:
            with psycopg.connect(url) as books:
                (row,) = books.execute(sql.replace("?", "%s"), values).fetchall()
            return row[0]
        with sqlite3.connect(f"file:{self._books}?mode=ro", uri=True, timeout=20) as db:
            (row,) = db.execute(sql, values).fetchall()
        db.close()
        return row[0]

    def copy_books(self, path: Path) -> None:
        """A backup of the hub's database, as the documentation says, while the hub runs."""
        if self.server:
            postgres.copy(os.environ["HUB_DATABASE_URL"], path)
            return
        with sqlite3.connect(self._books) as live, sqlite3.connect(path) as copy:
            live.backup(copy)
        live.close()
        copy.close()

    def put_books_back(self, path: Path) -> None:
        """The copy becomes the hub's database; nobody has it open."""
        if self.server:
            postgres.put_back(path, os.environ["HUB_DATABASE_URL"])
            return
        for gone in ("-wal", "-shm"):
            self._books.with_name(self._books.name + gone).unlink(missing_ok=True)
        shutil.copyfile(path, self._books)

    @property
    def _books(self) -> Path:
        return self.layout.hub / "hub.sqlite3"

    def sales_at_hub(self) -> tuple[int, int]:
        """How many sales the merchant has, and their cents."""
        where = "FROM ledger_journalentry WHERE kind = 'sold' AND outcome = 'posted'"
        count = self.at_hub(f"SELECT count(*) {where} AND merchant_id = 'maison-lucet'")
        cents = self.at_hub(
            f"SELECT coalesce(sum(cents), 0) {where} AND merchant_id = 'maison-lucet'"
        )
        return count, cents

    def audited(self) -> subprocess.CompletedProcess[str]:
        """What `audit` says of every merchant; it ends with 0 where everything adds up."""
        return subprocess.run(
            [sys.executable, "-m", "hub", "audit"],
            env={**os.environ, **hub_environment(self.layout), **self.house.broker.hub_environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def settled(self) -> None:
        """Wait until the hub has everything and both tills have heard of it."""
        until(self._at_rest, "nothing waits, and both tills have read the feed to its end")

    def _at_rest(self) -> bool:
        states = [till.state for till in self.tills]
        latest = self.at_hub(
            "SELECT feed_position FROM merchants_merchant WHERE id = 'maison-lucet'"
        )
        return all(s["waiting"] == 0 and s["cursor"] == latest for s in states)
