# SPDX-License-Identifier: Apache-2.0
"""The database goes away under the bridge: nothing acknowledged is lost, everything counts once."""

import queue
import time
from collections.abc import Iterator
from contextlib import nullcontext as nothing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from hub.broker_bridge import inbox as inbox_module
from hub.broker_bridge.inbox import MOST_TRIES
from hub.broker_bridge.models import Inbox
from hub.ledger.models import JournalEntry, Outcome
from hub.merchants import bulk
from hub.merchants.authority import Authority
from hub.merchants.models import Terminal
from loyalty.topics import up_topic
from loyalty.wire import Ack, Nack, encode_frame
from provisioning.demo.broker import Broker
from tests import postgres
from tests.hub.bridge.own import HUB, OwnHub, Wire
from tests.hub.bridge.test_inbox import Post
from tests.hub.till import Till
from tests.postgres import Server

TILLS, ENTRIES, BATCH = 3, 300, 20
AGAIN_S, PATIENCE_S = 1.0, 120.0

MAKE = f"""
from hub.merchants import enrolment, registry
registry.open_merchant("maison-lucet", "Lucet")
shop = registry.open_shop("maison-lucet", "Saint-Denis", id="saint-denis")
for n in range({TILLS}):
    enrolment.enrol(shop, f"saint-denis-{{n}}")
"""


FORGETFUL = """
from django.core.management import call_command
from django.db import connection
connection.settings_dict["OPTIONS"]["options"] = "-c synchronous_commit=off"
call_command("run_bridge")
"""

GONE = "what was acknowledged is gone"


@dataclass
class Draining:
    """A terminal that sends what it has, batch after batch, and again when it hears nothing."""

    till: Till
    wire: Wire
    sent_s: float = -AGAIN_S

    def turn(self) -> None:
        try:
            message, _ = self.wire.heard.get_nowait()
        except queue.Empty:
            if time.monotonic() < self.sent_s + AGAIN_S:
                return
        else:
            if not isinstance(message, Ack | Nack) or message.segment != self.till.segment:
                return
            acked = message.upto if isinstance(message, Ack) else message.want - 1
            assert acked >= self.till.acked, GONE
            if acked == self.till.acked:
                return
            self.till.acked = acked
        lo = self.till.acked + 1
        if lo <= len(self.till.raws):
            self.sent_s = time.monotonic()
            self.wire.say(*self.till.batch(lo, lo + BATCH - 1))

    @property
    def left(self) -> int:
        return len(self.till.raws) - self.till.acked


@pytest.fixture
def draining(broker: Broker, authority: Authority) -> Iterator[list[Draining]]:
    """Terminals of one shop with much to send."""
    found = []
    for number in range(TILLS):
        till = Till(Terminal(id=f"saint-denis-{number}", gen=1)).opened()
        for n in range(ENTRIES):
            till.sells(100 + n, f"customer-{number}")
        found.append(Draining(till, Wire(broker.port, till.terminal.pk, authority)))
    yield found
    for one in found:
        one.wire.client.loop_stop()


@pytest.fixture
def server() -> Iterator[Server]:
    """One that may be killed."""
    with postgres.running() as started:
        yield started


@pytest.fixture
def hub(broker: Broker, server: Server, tmp_path: Path) -> OwnHub:
    """A hub that knows the terminals; its bridge does not run yet."""
    url = postgres.fresh(server.url())
    made = OwnHub(tmp_path / HUB, database_url=url, broker_port=broker.port)
    made.run("migrate", "-v", "0")
    made.run("shell", "-v", "0", "-c", MAKE)
    return made


def drain(draining: list[Draining], server: Server, url: str) -> None:
    """Let terminals send all they have while the database crashes three times."""
    crashes = 0
    deadline = time.monotonic() + PATIENCE_S
    while left := sum(one.left for one in draining):
        assert time.monotonic() < deadline, f"{left} entries never arrive"
        for one in draining:
            one.turn()
        if left < TILLS * ENTRIES * (3 - crashes) / 4:
            server.kill()
            crashes += 1
            server.start()
            kept = watermarks(url)
            for one in draining:
                assert kept.get(one.till.segment, 0) >= one.till.acked, GONE
        time.sleep(0.001)
    assert crashes == 3


@pytest.mark.postgresql
def test_fault_55_postgresql_killed_in_the_middle_of_a_drain(
    hub: OwnHub, server: Server, draining: list[Draining]
) -> None:
    with hub.started("run_bridge") as bridge:
        drain(draining, server, hub.database_url)
        assert bridge.poll() is None, "it waits for its database and goes on"
        bridge.terminate()
        bridge.wait(PATIENCE_S)
    hub.run("audit")
    with psycopg.connect(hub.database_url) as books:
        rows = "SELECT outcome, count(*) FROM ledger_journalentry WHERE n > 0 GROUP BY 1"
        assert books.execute(rows).fetchall() == [("posted", TILLS * (ENTRIES + 1))]


@pytest.mark.long
@pytest.mark.postgresql
def test_fault_55_without_commits_that_wait_for_the_disk_entries_are_gone(
    hub: OwnHub, server: Server, draining: list[Draining]
) -> None:
    """Mutant: a hub that acknowledges before its commit can survive a crash."""
    forgetful = hub.started("shell", "-v", "0", "-c", FORGETFUL)
    with forgetful, pytest.raises(AssertionError, match=GONE):
        drain(draining, server, hub.database_url)


def watermarks(url: str) -> dict[str, int]:
    with psycopg.connect(url) as books:
        return dict(books.execute("SELECT uuid, watermark FROM ledger_segment").fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["post", "remove"])
def test_outages_never_count_as_tries_of_a_frame(
    till: Till, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Else a database that fails often would have good entries shelved."""
    till.sells(1250, "elodie")
    bridge = Post()
    frame = encode_frame(*till.batch(1))

    def away(*_: object, **__: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    with monkeypatch.context() as outage:
        target = (inbox_module, "answer_to") if where == "post" else (bulk, "remove")
        outage.setattr(*target, away)
        bridge.worker.store([(up_topic(0, till.terminal.pk), frame)])
        for _ in range(MOST_TRIES + 3):
            with pytest.raises(OperationalError) if where == "remove" else nothing():
                bridge.worker.work()
    assert Inbox.objects.get().tries == 1
    bridge.worker.work()
    assert not Inbox.objects.exists()
    assert JournalEntry.objects.filter(outcome=Outcome.POSTED).count() == 2
