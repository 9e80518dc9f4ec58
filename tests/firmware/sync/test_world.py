# SPDX-License-Identifier: Apache-2.0
"""Whatever the network does, every entry counts once and nothing is spent twice."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.account import points_of
from loyalty.feed import BalanceIs
from tests.firmware.sync.world import CUSTOMERS, Faults, World

BAD = Faults(lost=0.3, doubled=0.2, damaged=0.05, slowest_s=3.0)


def live(folder: Path, seed: int, *, faults: Faults = BAD, acts: int = 60) -> World:
    """Some hours of two shops, judged after every turn, and then a network that works."""
    world = World(folder, seed)
    try:
        world.network.faults = faults
        world.hub.say(*(BalanceIs(points_of(customer), 40) for customer in CUSTOMERS))
        for _ in range(acts):
            world.act()
            for _ in range(world.rng.randint(1, 6)):
                world.turn(world.rng.choice((0.02, 0.2, 1.0)))
                world.judge()
        world.heal()
        world.agree()
    finally:
        world.close()
    return world


def test_on_a_good_network_everything_arrives(ram: Path) -> None:
    live(ram, 1, faults=Faults())


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_on_a_bad_network_everything_arrives_once(ram: Path, seed: int) -> None:
    with TemporaryDirectory(dir=ram) as folder:
        live(Path(folder), seed)


@pytest.mark.long
def test_on_hundreds_of_bad_networks_everything_arrives_once(ram: Path) -> None:
    for seed in range(300):
        live(ram / str(seed), seed)
