# SPDX-License-Identifier: Apache-2.0
"""kill -9 in the middle of anything, in any program: nothing is lost, everything counts once."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from loyalty.topics import down_topic, shard_of, up_topic
from tests import postgres
from tests.guest import client
from tests.hands import until
from tests.journeys.world import BRIDGE, BROKER, GREMLIN, WEB, World

KIOSK, SYNC = "saint-denis-1 virtual", "saint-denis-1 sync"
LONG_S = 180.0
"""Programs that find nobody wait longer each time before they try again."""


@pytest.fixture
def mended(world: World) -> Iterator[World]:
    """The world; whatever a test that failed left dead is started again."""
    yield world
    if world.server and not postgres.answers(world.server.url()):
        world.server.start()
    for name in world.cast.dead:
        world.cast.start(name)


def arrived(world: World, before: tuple[int, int], *cents: int) -> None:
    """Wait until exactly these sales came on top of what there was."""
    wanted = (before[0] + len(cents), before[1] + sum(cents))
    until(lambda: world.sales_at_hub() == wanted, f"sales {cents}", timeout_s=LONG_S)
    until(lambda: world.tills[0].state["waiting"] == 0, "nothing waits", timeout_s=LONG_S)
    assert world.sales_at_hub() == wanted


@pytest.mark.row("F1")
def test_fault_2_a_sale_that_the_screen_called_saved_survives_the_kiosk(mended: World) -> None:
    till, _ = mended.tills
    before = mended.sales_at_hub()
    till.network(up=False)
    till.sell(1230, card=mended.card("Élodie"))
    mended.cast.kill(KIOSK)

    mended.cast.start(KIOSK)
    till.open()
    till.tap("Ventes")
    assert "12,30 €" in till.words
    till.post("/network", {"up": True})
    arrived(mended, before, 1230)


def test_fault_1_an_order_that_was_not_saved_is_nobody_s_sale(mended: World) -> None:
    till, _ = mended.tills
    before = mended.sales_at_hub()
    till.line(990)
    mended.cast.kill(KIOSK)
    mended.cast.start(KIOSK)
    till.sell(100)
    arrived(mended, before, 100)


def test_fault_3_sync_killed_while_it_sends_sends_again_and_the_hub_counts_once(
    mended: World,
) -> None:
    till, _ = mended.tills
    before = mended.sales_at_hub()
    till.network(up=False)
    for cents in (110, 220, 330):
        till.sell(cents)
    till.post("/network", {"up": True})
    for _ in range(3):
        mended.cast.kill(SYNC)
        mended.cast.start(SYNC)
    arrived(mended, before, 110, 220, 330)


def test_fault_32_the_till_serves_while_sync_is_dead(mended: World) -> None:
    till, _ = mended.tills
    before = mended.sales_at_hub()
    mended.cast.kill(SYNC)
    till.sell(440, card=mended.card("Élodie"))
    assert till.state["waiting"] >= 1
    mended.cast.start(SYNC)
    arrived(mended, before, 440)


def test_fault_16_the_bridge_killed_between_sales_takes_each_once(mended: World) -> None:
    till, other = mended.tills
    before = mended.sales_at_hub()
    till.sell(510)
    mended.cast.kill(BRIDGE)
    till.sell(520)
    other.sell(530)
    mended.cast.start(BRIDGE)
    till.sell(540)
    mended.cast.kill(BRIDGE)
    mended.cast.start(BRIDGE)
    arrived(mended, before, 510, 520, 530, 540)


def test_fault_12_a_broker_that_forgets_everything_loses_nothing(mended: World) -> None:
    till, other = mended.tills
    before = mended.sales_at_hub()
    till.sell(610)
    mended.cast.kill(BROKER)
    till.sell(620)
    other.sell(630)
    mended.cast.start(BROKER)
    arrived(mended, before, 610, 620, 630)


@pytest.mark.postgresql
def test_fault_55_the_database_killed_between_sales_keeps_each_once(mended: World) -> None:
    till, other = mended.tills
    before = mended.sales_at_hub()
    till.sell(910)
    mended.server.kill()
    till.sell(920)
    other.sell(930, card=mended.card("Élodie"))
    assert home_page(mended) == 500
    mended.server.start()
    till.sell(940)
    arrived(mended, before, 910, 920, 930, 940)
    assert home_page(mended) == 302


def home_page(world: World) -> int:
    """Its status; it leads a stranger to the sign-in page."""
    connection = HTTPConnection("127.0.0.1", world.house.web_port, timeout=60)
    # whoever seems to have a session is looked up
    connection.request("GET", "/", headers={"Cookie": f"sessionid={'a' * 32}"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_fault_43_garbage_on_the_broker_stops_nobody(mended: World) -> None:
    till, _ = mended.tills
    before = mended.sales_at_hub()
    stranger = client(mended.layout.hub, GREMLIN)
    stranger.connect("127.0.0.1", mended.house.broker_port)
    stranger.loop_start()
    shard = shard_of("maison-lucet")
    for topic in (up_topic(shard, "saint-denis-1"), down_topic("saint-denis-1"), "lk/1/up/x/y"):
        for garbage in (b"", b"\xff" * 900, b"LK1\x01" + bytes(60_000), b"{" * 3000):
            stranger.publish(topic, garbage, 1).wait_for_publish(30)
    stranger.disconnect()
    stranger.loop_stop()
    till.sell(710, card=mended.card("Élodie"))
    arrived(mended, before, 710)


@pytest.mark.row("F1")
def test_fault_14_terminals_open_the_shop_before_broker_and_hub_are_there(mended: World) -> None:
    till, other = mended.tills
    before = mended.sales_at_hub()
    mended.cast.kill()
    mended.cast.start(KIOSK, SYNC, "saint-paul-1 virtual", "saint-paul-1 sync")
    till.sell(810, card=mended.card("Élodie"))
    other.sell(820)
    mended.cast.start(WEB)
    mended.cast.start(BROKER)
    till.sell(830)
    mended.cast.start(BRIDGE)
    arrived(mended, before, 810, 820, 830)
    until(lambda: other.state["online"], "the other till online", timeout_s=LONG_S)
