# SPDX-License-Identifier: Apache-2.0
"""Start broker, bridge and players, watch them, and compare the books at the end."""

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from provisioning.demo.broker import Broker, broker
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Died, Program, Programs
from tests.memory import in_memory
from tests.replay import compare, shopping, world
from tests.replay.oracle import Expected, Rule, expected
from tests.replay.player import Report, Task, play

PLAYERS = 2
FOLLOWERS = 8
"""The busiest shops, which read the whole feed; with as few shops in all, every one does."""
TOUCH_EVERY = 10
VISIT_DELAY_S = 3600
SMALL = 5_000
"""Baskets up to which every line is typed on the keypad."""
POLL_S = 0.5


@dataclass
class Progress:
    """What a watcher is told now and then."""

    phase: str
    done: int
    total: int
    posted: int = 0
    """Entries at the hub."""
    waiting: int = 0
    lines: int = 0
    """Shops whose line is up."""
    faults: int | None = None
    """How many have happened; None: none is planned."""


@dataclass
class Result:
    """What is left to say at the end."""

    differences: list[str]
    seconds: float
    """From the first basket to the last acknowledgement."""
    entries: int
    first_tenth: float
    """Entries a second, posted by the hub."""
    last_tenth: float
    caught_up: int
    samples: list[tuple[float, int]] = field(default_factory=list)
    faults: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """How often each kind was planned, happened, and struck in the middle of something."""
    notes: dict[str, int] = field(default_factory=dict)


Watch = Callable[[Progress], None]


def replay(choice: shopping.Choice, folder: Path, *, watch: Watch = lambda _: None) -> Result:
    """Play the chosen baskets in a folder that is empty or was made by an earlier replay."""
    emptied(folder)
    port = Ports().take(20_000 + os.getpid() % 10_000)
    between = broker(folder / "hub", port, log=folder / "broker.log")
    with started(between) as programs:
        ports = dict.fromkeys(choice.stores, port)
        settings = opened(choice, folder, ports, between, visit_delay_s=VISIT_DELAY_S, watch=watch)
        programs.start(bridge(folder, between))
        players = _players(choice, settings, folder)
        watching = _Watching(watch, programs.check, players)
        watching.until("installed", Progress("install", 0, len(choice.stores)))
        for _, orders in players:
            orders.send("play")
        watching.samples.clear()
        began_s = time.monotonic()
        progress = Progress("play", 0, len(choice.baskets))
        if new_rules_s(choice) is not None:
            watching.until("halfway", progress)
            version = world.publish_rules(*world.EARN[1])
            for _, orders in players:
                orders.send(version)
        watching.until("settled", progress)
        for _, orders in players:
            orders.send(world.feed_position())
        watching.until("done", progress)
        seconds = time.monotonic() - began_s
        for process, orders in players:
            orders.send("thanks")
            process.join()
    watch(Progress("compare", 0, 1))
    return judged(books(choice), folder, settings, seconds=seconds, samples=watching.samples)


def judged(
    truth: Expected,
    folder: Path,
    settings: Mapping[int, Path],
    *,
    seconds: float,
    samples: list[tuple[float, int]],
) -> Result:
    """Compare the hub's books and the terminals' journals with what they must be."""
    states, hub = states_of(settings), folder / "hub" / "hub.sqlite3"
    entries = samples[-1][1] - samples[0][1]
    return Result(
        differences=list(compare.differences(truth, hub, states)),
        seconds=seconds,
        entries=entries,
        first_tenth=rate(samples, 0, 0.1),
        last_tenth=rate(samples, 0.9, 1),
        caught_up=compare.caught_up(hub, states),
        samples=samples,
    )


def states_of(settings: Mapping[int, Path]) -> dict[int, Path]:
    """Where each store's terminal keeps what it knows."""
    return {store: path.parent / "state" for store, path in settings.items()}


def books(choice: shopping.Choice) -> Expected:
    """What the hub must have."""
    since = [0] if new_rules_s(choice) is None else [0, choice.middle_s]
    rules = [
        Rule(at_s, *earn, world.PURSE_BP // 10)
        for at_s, earn in zip(since, world.EARN, strict=False)
    ]
    return expected(rules, choice.baskets, visit_delay_s=VISIT_DELAY_S)


def new_rules_s(choice: shopping.Choice) -> int | None:
    """When the merchant changes the earning rule: only where every shop reads the whole feed."""
    return choice.middle_s if len(choice.stores) <= FOLLOWERS else None


def rate(samples: Sequence[tuple[float, int]], start: float, end: float) -> float:
    """Entries a second between two parts of all entries."""
    first, last = samples[0][1], samples[-1][1]
    lo, hi = (first + (last - first) * part for part in (start, end))
    before = [sample for sample in samples if sample[1] <= lo][-1]
    after = next(sample for sample in samples if sample[1] >= hi)
    return (after[1] - before[1]) / (after[0] - before[0])


# ── processes ───────────────────────────────────────────────────────────────────────────────────


@contextmanager
def started(between: Broker) -> Iterator[Programs]:
    """The broker to begin with; whatever runs at the end is stopped."""
    programs = Programs()
    with memory() as ram:
        os.environ["RUNTIME_DIRECTORY"] = str(ram)  # of the terminals, as systemd names it
        try:
            programs.start(between.program)
            programs.wait_until(lambda: listening(between.port), what="broker")
            yield programs
        finally:
            for child in multiprocessing.active_children():
                child.terminate()
            programs.stop()


def bridge(folder: Path, between: Broker) -> Program:
    """The hub's bridge to that broker."""
    argv = (sys.executable, "-m", "hub", "run_bridge")
    env = {"HUB_DATA": str(folder / "hub"), **between.hub_environment}
    return Program("bridge", argv, folder / "bridge.log", env)


@contextmanager
def memory() -> Iterator[Path]:
    """A folder in RAM that is gone afterwards."""
    ram = tempfile.mkdtemp(prefix="comptoir-replay-", dir=in_memory())
    try:
        yield Path(ram)
    finally:
        shutil.rmtree(ram)


def _players(choice: shopping.Choice, settings: dict[int, Path], folder: Path) -> list:
    """Two processes, the busiest shops dealt out in turn."""
    context = multiprocessing.get_context("spawn")
    players = []
    for number in range(min(PLAYERS, len(choice.stores))):
        ours, theirs = context.Pipe()
        task = Task(
            settings={store: settings[store] for store in choice.stores[number::PLAYERS]},
            followers=choice.stores[:FOLLOWERS],
            baskets=choice.baskets,
            new_rules_s=new_rules_s(choice),
            touch_every=1 if len(choice.baskets) <= SMALL else TOUCH_EVERY,
            log=folder / f"player-{number}.log",
        )
        process = context.Process(target=play, args=(task, theirs), daemon=True)
        process.start()
        theirs.close()
        players.append((process, ours))
    return players


class _Watching:
    """Collects the players' reports and how many entries the hub has."""

    def __init__(self, watch: Watch, check: Callable[[], None], players: list) -> None:
        self._watch = watch
        self._check = check
        self._players = players
        self.samples: list[tuple[float, int]] = []

    def until(self, phase: str, progress: Progress) -> None:
        """Look on until every player says so."""
        reports: dict[Connection, Report] = {}
        connections = [orders for _, orders in self._players]
        while [r.phase for r in reports.values()].count(phase) < len(connections):
            for orders in wait(connections, POLL_S):
                try:
                    reports[orders] = orders.recv()
                except EOFError as error:
                    raise Died("a player stopped: player-*.log says why") from error
            self._check()
            self._sample()
            progress.done = sum(r.done for r in reports.values())
            progress.waiting = sum(r.waiting for r in reports.values())
            progress.lines = sum(r.online for r in reports.values())
            progress.posted = self.samples[-1][1]
            self._watch(progress)

    def _sample(self) -> None:
        now_s = time.monotonic()
        if not self.samples or now_s > self.samples[-1][0] + POLL_S:
            self.samples.append((now_s, world.entries_at_hub()))


def opened(
    choice: shopping.Choice,
    folder: Path,
    ports: Mapping[int, int],
    between: Broker,
    *,
    visit_delay_s: int,
    watch: Watch,
) -> dict[int, Path]:
    """Open the hub and enrol each store's terminal, which finds the broker at its own port.

    Returns:
        The settings of each terminal.
    """
    from tests.replay.shop import PIN

    world.start_hub(folder / "hub", between)
    watch(Progress("open", 0, len(choice.stores)))
    world.open_business(
        stores=choice.stores,
        households=choice.households,
        shelves=choice.shelves,
        pin=PIN,
        visit_delay_s=visit_delay_s,
    )
    progress = Progress("enrol", 0, len(choice.stores))

    def done() -> None:
        progress.done += 1
        watch(progress)

    return world.enrol(ports, folder / "terminals", between, done=done)


MARK = "made-by-replay"


def emptied(folder: Path) -> None:
    """Make room, but never where something else lies."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise SystemExit(f"{folder} holds something else: choose another folder with --data.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
