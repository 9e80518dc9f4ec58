# SPDX-License-Identifier: Apache-2.0
"""How long a till waits for points that another till has to give back first.

Each till in turn asks for all points of a customer, of which the other keeps what its cheapest
reward costs: the hub asks that till, which gives it back, and only then grants.
"""

from pathlib import Path

from firmware.store import replica, rights
from loyalty.account import Account, Holding, points_of
from tests.bench.asked import ask
from tests.bench.figure import Figure, quantile, timed_ms
from tests.bench.scene import Scene, Seller, database_name, endless, offer, scene, until
from tests.replay.world import customer_of

ROUNDS = 100
MOST_MS = 500.0
KEPT = 1
"""What the reward costs, and so what rests at a till."""


def measure(folder: Path) -> list[Figure]:
    """Let two tills take one customer's points from each other."""
    database = database_name()
    with scene(folder, stores=(1, 2), baskets=800) as here:
        offer(cost=KEPT)
        shops = [here.seller(store) for store in (1, 2)]
        times = _times(here, shops)
    return [
        Figure(
            name=f"a right that another till gives back, {database}, p{percent}",
            value=quantile(times, percent),
            unit="ms",
            goal=f"≤ {MOST_MS:g} ms" if percent == 99 else "",
            held=percent != 99 or quantile(times, percent) <= MOST_MS,
        )
        for percent in (50, 99)
    ]


def _times(here: Scene, shops: list[Seller]) -> list[float]:
    basket = next(endless(here.baskets))
    points = points_of(customer_of(basket.household))
    for store in (1, 2):
        here.programs.start(here.sync(store))
    shops[0].play(basket, touch=False)
    until(lambda: _rests(shops[0], points), "what the first till earned")
    everything = Holding(points, replica.balances(shops[0].db, points.owner)[points])
    times: list[float] = []
    for number in range(ROUNDS):
        holds, asks = shops[number % 2], shops[1 - number % 2]
        until(lambda holds=holds: _rests(holds, points), "a point rests at the other till")
        times.append(timed_ms(lambda asks=asks: ask(asks, everything)))
        rights.unreserve(asks.db)
    return times


def _rests(shop: Seller, points: Account) -> bool:
    """Whether the till keeps one point, and the hub has the others."""
    return shop.all_sent and rights.spendable(shop.db, points.owner).get(points) == KEPT
