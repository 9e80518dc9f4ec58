# SPDX-License-Identifier: Apache-2.0
"""Faults by their number in docs/faults.md, as sync meets them, each with its defence taken out."""

from bisect import bisect_left
from math import inf
from pathlib import Path
from random import Random

import pytest

from firmware.store import journal
from firmware.sync import loop, uplink
from firmware.sync.link import Link
from firmware.sync.uplink import Uplink
from loyalty.wire import Batch, Hello, HubState, encode_frame
from tests.firmware.conftest import TurnedClock
from tests.firmware.store.shelf import Shelf, sold
from tests.firmware.sync.test_loop import hub_says, kinds, said, step
from tests.firmware.sync.world import Terminal, World, config_of

FLEET = 3_000
TAKES = 177
"""Terminals a second that Mosquitto took back on two cores, measured."""


@pytest.fixture
def world(ram: Path):
    world = World(ram, 1, terminals=1)
    for _ in range(5):
        world.turn()
    yield world
    world.close()


@pytest.fixture
def terminal(world: World) -> Terminal:
    return world.terminals[0]


# ── 15: the hub is down, the broker is not ──────────────────────────────────────────────────────


def sent_to_nobody(world: World, terminal: Terminal) -> int:
    """How many frames a terminal says in an hour while the hub is away and people buy."""
    said(world.network)
    for _ in range(360):
        terminal.sell("ana", 1)
        step(world, 10)
    return len([kind for kind in kinds(world.network) if kind is not Hello])


def test_fault_15_a_hub_that_is_down_is_left_in_peace(world: World, terminal: Terminal) -> None:
    hub_says(world, HubState(up=False, epoch="epoch-1"))
    step(world)
    assert sent_to_nobody(world, terminal) == 0
    assert journal.waiting(terminal.shelf.db) == 360
    world.heal()
    world.agree()


def test_fault_15_without_its_last_word_it_would_be_called_all_the_time(
    world: World, terminal: Terminal
) -> None:
    assert sent_to_nobody(world, terminal) > 60


# ── 23: a connection carries nothing and nobody says so ─────────────────────────────────────────


def connections_while_nothing_comes(world: World, terminal: Terminal) -> int:
    terminal.sell("ana", 1)
    for _ in range(170):
        step(world, 1)
        world.network.under_way.clear()
    return terminal.link.session


def test_fault_23_a_dead_connection_is_left_within_three_minutes(
    world: World, terminal: Terminal
) -> None:
    assert connections_while_nothing_comes(world, terminal) == 2
    world.heal()
    world.agree()


def test_fault_23_without_suspicion_it_would_be_kept(
    world: World, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "DEAF_S", inf)
    assert connections_while_nothing_comes(world, terminal) == 1


# ── 25: everybody comes back at once ────────────────────────────────────────────────────────────


def busiest_second(fleet: int, folder: Path) -> int:
    """The broker fell: how many terminals call it in the busiest second after it is back."""
    calls = []
    for number in range(FLEET):
        link = Link(config_of("terminal-0", folder), clock=TurnedClock(), rng=Random(number))
        link.spread_s = fleet / loop.GREETED
        link._up = True
        link._lost("the broker fell")
        calls.append(link._next_try_s)
    calls.sort()
    return max(bisect_left(calls, at + 1) - i for i, at in enumerate(calls))


def test_fault_25_a_fleet_comes_back_no_faster_than_a_broker_takes_it(tmp_path: Path) -> None:
    assert busiest_second(FLEET, tmp_path) <= TAKES


def test_fault_25_without_knowing_how_many_they_are_all_call_at_once(tmp_path: Path) -> None:
    assert busiest_second(0, tmp_path) > 5 * TAKES


def test_fault_25_terminals_hear_how_many_they_are_and_greet_one_after_the_other(
    ram: Path,
) -> None:
    world = World(ram, 3, terminals=30)
    world.turn()
    for up in (False, True):
        world.turn()
        world.network.under_way.clear()
        for terminal in world.terminals:
            state = HubState(up=up, epoch="e", fleet=FLEET)
            world.network.send(terminal.name, encode_frame(state))
    at_once = []
    for _ in range(FLEET // loop.GREETED + 1):
        world.pass_s(1)
        for terminal in world.terminals:
            terminal.sync.step()
        at_once.append(kinds(world.network).count(Hello))
    assert sum(at_once) == 30
    assert max(at_once) <= 5
    world.close()


# ── 28: the clock is set back while something is awaited ────────────────────────────────────────


def asked_again(world: World, terminal: Terminal) -> int:
    """Batches in the ten minutes after the network set the clock back by an hour."""
    terminal.sell("ana", 1)
    step(world)
    terminal.clock.wall_ms -= 3_600_000
    said(world.network)
    for _ in range(600):
        step(world, 1)
    return kinds(world.network).count(Batch)


def test_fault_28_a_clock_set_back_stops_no_timer_and_hurries_none(
    world: World, terminal: Terminal
) -> None:
    assert 3 <= asked_again(world, terminal) <= 60
    world.heal()
    world.agree()


def test_fault_28_without_a_clock_that_only_grows_nothing_would_be_sent_again(
    world: World, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TurnedClock, "monotonic_s", lambda clock: clock.wall_ms / 1000)
    step(world)
    assert asked_again(world, terminal) == 0


# ── 56: a month of sales, and a neighbour ───────────────────────────────────────────────────────


def before_the_neighbour(shelf: Shelf) -> int:
    """How many frames of a terminal that comes back may lie before somebody else’s sale."""
    with shelf.db.atomic():
        for _ in range(3_000):
            shelf.write(sold(points=1))
    returning = Uplink(shelf.db, terminal="terminal-1", gen=1, rng=Random(1))
    frames = 0
    while returning.due(0):
        frames += 1
    return frames


def test_fault_56_who_comes_back_after_a_month_holds_up_nobody(shelf: Shelf) -> None:
    assert before_the_neighbour(shelf) == uplink.WINDOW


def test_fault_56_without_a_window_everybody_would_wait_for_all_of_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uplink, "WINDOW", 1_000)
    assert before_the_neighbour(shelf) > 30
