# SPDX-License-Identifier: Apache-2.0
"""How long the hub takes to grant a right, beside a bare round trip over the same broker.

The till writes that it lacks points, its sync asks, the hub's bridge grants them in a durable
transaction, sync writes the answer down, and the till sees it.
"""

import queue
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from firmware.store import replica, rights
from firmware.store.clock import new_id
from hub.broker_bridge.link import no_delay
from hub.merchants.authority import Authority
from loyalty.account import Account, Holding, points_of
from provisioning.demo.ports import LOOPBACK
from tests.bench.figure import Figure, quantile, timed_ms
from tests.bench.scene import BENCH, PATIENCE_S, Scene, Seller, database_name, endless, scene, until
from tests.replay.shopping import Basket
from tests.replay.world import customer_of

ASKED = 400
MOST_MS = 20.0
LOOK_S = 0.0005
TOPIC = f"{BENCH}/echo"
BYTES = 300


def measure(folder: Path) -> list[Figure]:
    """Ask for one point at a time, in turn with a message that comes straight back."""
    database = database_name()
    with scene(folder, stores=(1,), baskets=800) as here:
        shop = here.seller(1)
        here.programs.start(here.sync(1))
        shop.sell(endless(here.baskets), 400)
        until(lambda: shop.settled, "every right went back")
        asked, bare = _times(here, shop, _with_points(shop, here.baskets[:400]))
    floor = {percent: quantile(bare, percent) for percent in (50, 99)}
    return [
        Figure(
            name=f"a right asked online, {database}, p{percent}",
            value=quantile(asked, percent),
            unit="ms",
            floor=floor[percent],
            beside="a bare MQTT round trip, QoS 1",
            goal=f"≤ {MOST_MS:g} ms" if percent == 99 else "",
            held=percent != 99 or quantile(asked, percent) <= MOST_MS,
        )
        for percent in (50, 99)
    ]


def _with_points(shop: Seller, baskets: Sequence[Basket]) -> list[Account]:
    """Accounts of which the hub has a point to grant: a refusal costs less."""
    known = sorted({points_of(customer_of(basket.household)) for basket in baskets})
    return [account for account in known if replica.balances(shop.db, account.owner).get(account)]


def _times(here: Scene, shop: Seller, accounts: list[Account]) -> tuple[list[float], list[float]]:
    asked: list[float] = []
    bare: list[float] = []
    with _Echo(here) as echo:
        for number in range(ASKED):
            account = accounts[number % len(accounts)]
            asked.append(timed_ms(lambda account=account: ask(shop, Holding(account, 1))))
            bare.append(timed_ms(echo.round))
            rights.unreserve(shop.db)
            until(lambda: shop.settled, "the right went back")
    return asked, bare


def ask(shop: Seller, holding: Holding) -> None:
    """Have a till ask the hub, and wait until it has everything. Raises ValueError: it gets less."""
    asked = rights.ask(shop.db, holding, new_id=new_id)
    while not (answer := rights.answer(shop.db, asked)) or not answer.done:
        time.sleep(LOOK_S)
    if answer.granted < holding.amount:
        message = f"{answer.granted} of {holding.amount}"
        raise ValueError(message)


class _Echo:
    """A client that publishes to itself."""

    def __init__(self, here: Scene) -> None:
        self._came: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self._client.on_socket_open = no_delay
        if not here.broker.plain:
            ours = Authority(here.folder / "hub" / "keys").own(BENCH)
            self._client.tls_set(str(ours.authority), str(ours.pair))
        self._client.on_message = lambda _client, _data, message: self._came.put(message.payload)
        self._client.on_subscribe = lambda *_: self._came.put(b"")
        self._client.on_connect = lambda client, *_: client.subscribe(TOPIC, 1)
        self._client.connect(LOOPBACK, here.broker.port)

    def __enter__(self) -> Self:
        self._client.loop_start()
        self._came.get(timeout=PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def round(self) -> None:
        """There and back."""
        self._client.publish(TOPIC, bytes(BYTES), qos=1)
        self._came.get(timeout=PATIENCE_S)
