# SPDX-License-Identifier: Apache-2.0
"""After an update, the bridge posts what the hub did not know before, before it hears anybody."""

from pathlib import Path

from hub.merchants.authority import Authority
from tests.hub.bridge.conftest import Broker
from tests.hub.bridge.own import HUB, PATIENCE_S, OwnHub, Wire
from tests.hub.bridge.test_broker import is_up

BEFORE_THE_UPDATE = """
from hub.merchants import enrolment, registry
from loyalty.entry import KINDS
from tests.hub.till import Till
registry.open_merchant("maison-lucet", "Lucet")
till = Till(enrolment.enrol(registry.open_shop("maison-lucet", "Ici"), "saint-denis-1")).opened()
till.sells(1250, "ana")
KINDS.pop("sold")
till.send()
"""
TOLD = """
from hub.ledger.models import Account, JournalEntry
print(*JournalEntry.objects.filter(kind="sold").values_list("outcome", "points").get())
"""


def test_fault_44_an_unknown_kind_is_posted_when_the_bridge_starts_after_the_update(
    broker: Broker, authority: Authority, own_database: str, tmp_path: Path
) -> None:
    hub = OwnHub(tmp_path / HUB, database_url=own_database, broker_port=broker.port)
    hub.run("migrate", "-v", "0")
    hub.run("shell", "-v", "0", "-c", BEFORE_THE_UPDATE)
    assert hub.run("shell", "-v", "0", "-c", TOLD) == "waiting 0\n"
    wire = Wire(broker.port, "saint-denis-1", authority)
    with hub.started("run_bridge") as running:
        wire.wait_for(is_up)
        wire.client.loop_stop()
        assert hub.run("shell", "-v", "0", "-c", TOLD) == "posted 12\n"
        running.terminate()
        assert running.wait(PATIENCE_S) == 0
