# SPDX-License-Identifier: Apache-2.0
"""The loop of sync: greeting, pausing, the network's switch, health, and garbage from anybody."""

from pathlib import Path

import pytest

from firmware.store import cursors, journal, rights
from firmware.sync import loop
from loyalty.account import Holding, points_of
from loyalty.feed import BalanceIs
from loyalty.wire import (
    MAGIC,
    AskRight,
    Batch,
    FromTerminal,
    Health,
    Hello,
    HubState,
    Poke,
    Poll,
    decode_up,
    encode_frame,
)
from tests.firmware.sync.world import Network, Terminal, World


@pytest.fixture
def world(ram: Path):
    world = World(ram, 1, terminals=1)
    yield world
    world.close()


@pytest.fixture
def terminal(world: World) -> Terminal:
    return world.terminals[0]


def said(network: Network) -> list[FromTerminal]:
    """What the terminal has sent, in its order; the hub does not hear it."""
    return [decode_up(frame)[0] for frame in network.arrived("")]


def kinds(network: Network) -> list[type]:
    return [type(message) for message in said(network)]


def hub_says(world: World, message: object) -> None:
    world.network.send("terminal-0", encode_frame(message))  # type: ignore[arg-type]


def step(world: World, seconds: float = 0.02) -> None:
    world.pass_s(seconds)
    world.terminals[0].sync.step()


def test_a_connection_begins_with_hello(world: World, terminal: Terminal) -> None:
    step(world)
    messages = said(world.network)
    assert [type(m) for m in messages] == [Hello, Batch, Poll, Health]
    hello = messages[0]
    segment = terminal.shelf.segment()
    assert isinstance(hello, Hello)
    assert (hello.segment, hello.n, hello.boot_id) == (segment.id, 1, segment.boot)
    assert (hello.hw_id, hello.cursor, hello.epoch) == ("hw", 0, "")


def test_a_sale_is_sent_at_the_next_turn(world: World, terminal: Terminal) -> None:
    for _ in range(5):
        world.turn()
    terminal.sell("ana", 12)
    step(world)
    assert kinds(world.network) == [Batch]


def test_a_customer_of_another_shop_shows_after_a_poke(world: World, terminal: Terminal) -> None:
    for _ in range(5):
        world.turn()
    world.hub.say(BalanceIs(points_of("ana"), 40))
    assert terminal.shelf.points() == 0
    hub_says(world, Poke(latest=world.hub.latest, epoch=world.hub.epoch))
    for _ in range(3):
        world.turn()
    assert terminal.shelf.points() == 40


def test_a_right_asked_for_is_there_two_turns_later(world: World, terminal: Terminal) -> None:
    world.hub.say(BalanceIs(points_of("ana"), 40))
    for _ in range(8):
        world.turn()
    holding = Holding(points_of("ana"), 25)
    ask = rights.ask(terminal.shelf.db, holding, new_id=terminal.new_id)
    for _ in range(2):
        world.turn()
    assert rights.answer(terminal.shelf.db, ask) == rights.Answer(25, done=True)


def test_while_the_hub_is_down_nothing_is_sent_and_the_till_goes_on(
    world: World, terminal: Terminal
) -> None:
    for _ in range(5):
        world.turn()
    hub_says(world, HubState(up=False, epoch="epoch-1"))
    step(world)
    assert not cursors.link_state(terminal.shelf.db).reachable
    said(world.network)
    for _ in range(100):
        terminal.sell("ana", 1)
        step(world, 0.4)
    assert kinds(world.network) == []
    assert journal.waiting(terminal.shelf.db) == 100
    hub_says(world, HubState(up=True, epoch="epoch-1"))
    for _ in range(20):
        step(world, loop.SPREAD_S / 10)
    assert kinds(world.network)[:2] == [Hello, Batch]
    assert cursors.link_state(terminal.shelf.db).reachable


def test_terminals_greet_a_hub_that_comes_back_one_after_the_other(ram: Path) -> None:
    world = World(ram, 3, terminals=12)
    world.turn()
    for terminal in world.terminals:
        world.network.send(terminal.name, encode_frame(HubState(up=False, epoch="e")))
    world.turn()
    world.network.under_way.clear()
    for terminal in world.terminals:
        world.network.send(terminal.name, encode_frame(HubState(up=True, epoch="e")))
    at_once = []
    for _ in range(25):
        world.pass_s(loop.SPREAD_S / 20)
        for terminal in world.terminals:
            terminal.sync.step()
        at_once.append(kinds(world.network).count(Hello))
    assert sum(at_once) == 12
    assert max(at_once) <= 4
    world.close()


def test_a_word_that_the_hub_is_down_may_be_stale_and_is_probed(
    world: World, terminal: Terminal
) -> None:
    for _ in range(5):
        world.turn()
    hub_says(world, HubState(up=False, epoch="epoch-1"))
    step(world)
    said(world.network)
    step(world, loop.PROBE_S * 1.3)
    assert kinds(world.network) == [Hello]
    for _ in range(3):
        step(world, loop.PROBE_S / 10)
    assert kinds(world.network) == []
    hub_says(world, Poke(latest=0, epoch="epoch-1"))
    step(world)
    assert cursors.link_state(terminal.shelf.db).reachable


def test_a_cut_network_is_cut_for_real_and_sales_arrive_once_later(
    world: World, terminal: Terminal
) -> None:
    for _ in range(5):
        world.turn()
    cursors.set_network(terminal.shelf.db, on=False)
    world.turn()
    assert not terminal.link.up
    assert not cursors.link_state(terminal.shelf.db).online
    for _ in range(10):
        terminal.sell("ana", 3)
        world.turn(60)
    assert (terminal.link.session, journal.waiting(terminal.shelf.db)) == (1, 10)
    cursors.set_network(terminal.shelf.db, on=True)
    for _ in range(10):
        world.turn()
    assert terminal.link.session == 2
    assert journal.waiting(terminal.shelf.db) == 0
    world.heal()
    world.agree()


def test_the_kiosk_is_told_whether_the_hub_can_be_asked(world: World, terminal: Terminal) -> None:
    def state() -> cursors.LinkState:
        return cursors.link_state(terminal.shelf.db)

    assert not state().online
    world.terminals[0].sync.step()
    assert (state().online, state().hub_up) == (True, False)
    world.turn()
    world.turn()
    assert state().reachable
    assert state().last_heard_ms == pytest.approx(terminal.clock.wall_ms, abs=100)
    terminal.link.reachable = False
    step(world)
    assert not state().online


def test_nothing_to_say_means_nothing_written(world: World, terminal: Terminal) -> None:
    for _ in range(10):
        world.turn()
    before = terminal.shelf.db.row("SELECT total_changes()")
    for _ in range(20):
        world.turn(0.05)
    assert terminal.shelf.db.row("SELECT total_changes()") == before


def test_health_is_said_once_a_minute_and_when_it_changes(world: World, terminal: Terminal) -> None:
    def report(printer: str) -> None:
        cursors.report_health(
            terminal.shelf.db, clock=terminal.clock, printer=printer, scanner="ok"
        )

    report("ok")
    for _ in range(5):
        world.turn()
    report("PaperOut")
    step(world)
    [health] = [m for m in said(world.network) if isinstance(m, Health)]
    assert (health.printer, health.scanner, health.kiosk) == ("PaperOut", "ok", True)
    counted = 0
    for _ in range(100):
        step(world, 3)
        counted += kinds(world.network).count(Health)
    assert 4 <= counted <= 7


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\x00",
        b"hello",
        MAGIC + b"\x00" * 100,
        b"\xff" * 70_000,
        encode_frame(
            Hello(
                terminal="terminal-0",
                gen=1,
                segment="",
                n=0,
                boot_id="",
                hw_id="",
                cursor=0,
                epoch="",
                software="",
            )
        ),
    ],
)
def test_garbage_on_the_broker_changes_nothing(
    world: World, terminal: Terminal, garbage: bytes
) -> None:
    for _ in range(5):
        world.turn()
    before = terminal.shelf.db.data_version()
    world.network.send("terminal-0", garbage)
    step(world)
    assert terminal.shelf.db.data_version() == before
    terminal.sell("ana", 12)
    world.heal()
    world.agree()


def test_a_hub_that_falls_silent_makes_the_terminal_connect_anew(
    world: World, terminal: Terminal
) -> None:
    for _ in range(5):
        world.turn()
    terminal.sell("ana", 1)
    for _ in range(200):
        step(world, 1)
        world.network.under_way.clear()
    assert terminal.link.session == 2


def test_asks_of_a_till_are_not_sent_while_nobody_would_hear(
    world: World, terminal: Terminal
) -> None:
    for _ in range(5):
        world.turn()
    hub_says(world, HubState(up=False, epoch="epoch-1"))
    step(world)
    rights.ask(terminal.shelf.db, Holding(points_of("ana"), 5), new_id=terminal.new_id)
    step(world)
    assert AskRight not in kinds(world.network)
