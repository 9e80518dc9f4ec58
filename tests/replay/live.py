# SPDX-License-Identifier: Apache-2.0
"""The replay as real processes under faults: kiosks, syncs, bridge, web and broker of their own."""

import logging
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from provisioning.demo.broker import broker
from provisioning.demo.house import WEB_WORKERS, answers
from provisioning.demo.ports import LOOPBACK, Ports, listening
from provisioning.demo.programs import Program, Programs
from tests.cast import Cast, somewhere
from tests.hands import Till
from tests.replay import compare, run, shopping, world
from tests.replay.clerk import Clerk
from tests.replay.clerk import log as clerks_log
from tests.replay.faults import KINDS, Fault, Part, plan
from tests.replay.inflict import Inflicting, program
from tests.replay.oracle import Expected, Rule, expected
from tests.replay.proxy import Line, lines
from tests.replay.shop import PIN
from tests.replay.visitor import Visitor

TIMES = 8
"""Each kind of fault happens at least so often."""
ONE_VISIT_S = 2 * 366 * 86_400
"""A year goes by in minutes: whatever the clocks say, a household's visits of a shop are one."""
EMAIL, PASSWORD = "camille@une-annee.example", "annee-en-minutes-71"
POLL_S = 0.25
INSTALLED_S = 180.0
DRAINED_S = 300.0
"""Longer than the longest wait of any program before it tries again, several times over."""
RULES = (
    "real processes: kiosk and sync of each shop, bridge, web server, Mosquitto",
    "a basket is keyed as one amount, and keyed again only where the till's list has it not",
    "a household's visits of a shop count once: a year goes by in minutes",
    "a fault in the middle: of an order at a kiosk, of frames at the bridge, of entries elsewhere",
)


@dataclass
class Stage:
    """Everything that runs."""

    cast: Cast
    lines: Mapping[int, Line]
    ram: Mapping[int, Path]
    tills: Mapping[int, Till]
    settings: Mapping[int, Path]
    hub: Path
    web: str
    """Address of the hub's pages."""


def replay(
    choice: shopping.Choice,
    folder: Path,
    *,
    seed: int,
    times: int = TIMES,
    watch: run.Watch = lambda _: None,
) -> run.Result:
    """Play the chosen baskets while every kind of fault happens so many times, then compare.

    Raises:
        Died: a program ended that nobody had killed.
        Lost: a till's list is not what its screen has said.
    """
    sold = _dealt(choice)
    faults = plan({store: len(sold[store]) for store in choice.stores}, times=times, seed=seed)
    with _stage(choice, folder, watch) as stage:
        watching = _Watching(stage, watch)
        installing = run.Progress("install", 0, len(stage.tills))
        if late := watching.until_read(installing, timeout_s=INSTALLED_S):
            raise TimeoutError("; ".join(late))
        watching.samples.clear()
        clerks = {store: Clerk(till, sold[store]) for store, till in stage.tills.items()}
        began_s = time.monotonic()
        notes, inflicted = watching.play(clerks, faults)
        late = watching.until_read(run.Progress("drain", 0, len(stage.tills)), timeout_s=DRAINED_S)
        seconds = time.monotonic() - began_s
    watch(run.Progress("compare", 0, 1))
    result = run.judged(
        books(choice), folder, stage.settings, seconds=seconds, samples=watching.samples
    )
    result.notes = notes
    result.faults = {
        str(kind): (times, inflicted.happened[kind], inflicted.midway_too[kind]) for kind in KINDS
    }
    seldom = [
        f"{kind} happened {had} times instead of {wanted}"
        for kind, (wanted, had, _) in result.faults.items()
        if had < wanted
    ]
    result.differences[:0] = [*seldom, *late]
    return result


def books(choice: shopping.Choice) -> Expected:
    """What the hub must have: one earning rule, one visit for each household and shop."""
    rule = Rule(0, *world.EARN[0], world.PURSE_BP // 10)
    return expected([rule], choice.baskets, visit_delay_s=ONE_VISIT_S)


def _dealt(choice: shopping.Choice) -> dict[int, list[shopping.Basket]]:
    """Each store's baskets."""
    dealt: dict[int, list[shopping.Basket]] = defaultdict(list)
    for basket in shopping.baskets_of(choice.stores, choice.baskets):
        dealt[basket.store].append(basket)
    return dealt


# ── programs ────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _stage(choice: shopping.Choice, folder: Path, watch: run.Watch) -> Iterator[Stage]:
    """Hub and terminals, all serving; stopped at the end, in order."""
    run.emptied(folder)
    ports, first = Ports(), somewhere()
    broker_port, web_port = ports.take(first), ports.take(first)
    line_ports = {store: ports.take(first) for store in choice.stores}
    tills = {store: Till(ports.take(first), PIN) for store in choice.stores}
    between = broker(folder / "hub", broker_port, log=folder / "broker.log")
    settings = run.opened(
        choice, folder, line_ports, between, visit_delay_s=ONE_VISIT_S, watch=watch
    )
    world.open_account(EMAIL, PASSWORD)
    _write_down(folder / "clerks.log")
    programs = Programs()
    with run.memory() as memory, lines(line_ports, to=broker_port) as made:
        ram = {store: memory / str(store) for store in choice.stores}
        cast = Cast(programs)
        cast.know(_named(Part.BROKER, between.program), ready=partial(listening, broker_port))
        cast.know(_named(Part.BRIDGE, run.bridge(folder, between)))
        cast.know(_web(folder, web_port), ready=partial(answers, web_port))
        for store, till in tills.items():
            for part, *more in ((Part.KIOSK, "--port", str(till.port)), (Part.SYNC,)):
                ready = partial(listening, till.port) if part is Part.KIOSK else None
                cast.know(_terminal(part, store, settings[store], ram[store], *more), ready=ready)
        try:
            cast.start()
            yield Stage(
                cast=cast,
                lines=made,
                ram=ram,
                tills=tills,
                settings=settings,
                hub=folder / "hub" / "hub.sqlite3",
                web=f"http://{LOOPBACK}:{web_port}/",
            )
        finally:
            programs.stop()


def _write_down(path: Path) -> None:
    """What the clerks meet goes into a file, not between the bars."""
    file = logging.FileHandler(path)
    file.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(message)s"))
    clerks_log.addHandler(file)
    clerks_log.setLevel(logging.INFO)
    clerks_log.propagate = False


def _named(part: Part, made: Program) -> Program:
    return Program(program(part, None), made.argv, made.log, made.env)


def _web(folder: Path, port: int) -> Program:
    argv = ("-m", "gunicorn", "hub.wsgi", "--bind", f"{LOOPBACK}:{port}", *WEB_WORKERS)
    env = {"HUB_DATA": str(folder / "hub")}
    return Program(program(Part.WEB, None), (sys.executable, *argv), folder / "web.log", env)


def _terminal(part: Part, store: int, settings: Path, ram: Path, *more: str) -> Program:
    verb = "virtual" if part is Part.KIOSK else "sync"
    argv = (sys.executable, "-m", "firmware", verb, "--config", str(settings), *more)
    log = settings.parent / f"{verb}.log"
    return Program(program(part, store), argv, log, {"RUNTIME_DIRECTORY": str(ram)})


# ── the run ─────────────────────────────────────────────────────────────────────────────────────


class _Watching:
    """Looks on: a program that died by itself, or a clerk who lost a sale, ends the run."""

    def __init__(self, stage: Stage, watch: run.Watch) -> None:
        self._stage = stage
        self._watch = watch
        self._states = run.states_of(stage.settings)
        self.samples: list[tuple[float, int]] = []

    def until_read(self, progress: run.Progress, *, timeout_s: float) -> list[str]:
        """Wait until every terminal has sent and read all there is; who has not after so long."""
        deadline = time.monotonic() + timeout_s
        while True:
            left = list(compare.left(self._stage.hub, self._states))
            progress.done = progress.total - len(left)
            self._look(progress)
            if not left or time.monotonic() > deadline:
                return left

    def play(
        self, clerks: Mapping[int, Clerk], faults: Sequence[Fault]
    ) -> tuple[dict[str, int], Inflicting]:
        """Every basket and every fault; what clerks and visitor met, and what happened."""

        def done(store: int | None) -> int:
            if store is not None:
                return clerks[store].done
            return sum(clerk.done for clerk in clerks.values())

        stage, stop = self._stage, Event()
        inflicting = Inflicting(
            stage.cast, stage.lines, stage.ram, done, partial(self._midway, clerks=clerks)
        )
        visitor = Visitor(stage.web, EMAIL, PASSWORD)
        victims: dict[int | Part, list[Fault]] = defaultdict(list)
        for fault in faults:
            victims[fault.victim].append(fault)
        progress = run.Progress("play", 0, sum(clerk.total for clerk in clerks.values()))
        with ThreadPoolExecutor(len(clerks) + len(victims) + 1) as pool:
            try:
                work = [pool.submit(clerk.work, stop) for clerk in clerks.values()]
                work += [
                    pool.submit(inflicting.carry_out, theirs, stop) for theirs in victims.values()
                ]
                visiting = pool.submit(visitor.work, stop)
                while not all(each.done() for each in work):
                    for each in (*work, visiting):
                        if each.done():
                            each.result()
                    progress.done = done(None)
                    progress.faults = inflicting.happened.total()
                    self._look(progress)
            finally:
                stop.set()
        for each in (*work, visiting):
            each.result()
        notes = {
            "baskets keyed again after a trouble": sum(c.again for c in clerks.values()),
            "sales found in the till's list after a trouble": sum(c.found for c in clerks.values()),
            "pages of the hub looked at": visitor.pages,
            "versions of the programme published meanwhile": visitor.published,
            "visits to the hub that failed": visitor.failed,
        }
        return notes, inflicting

    def _midway(self, fault: Fault, clerks: Mapping[int, Clerk]) -> bool:
        """Of an order at a kiosk, of frames at the bridge, of a till's entries elsewhere."""
        match fault.kind.part:
            case Part.KIOSK | Part.SHOP:
                return clerks[fault.shop].keying
            case Part.SYNC | Part.LINE:
                return compare.unsent(self._states[fault.shop]) > 0
            case Part.BRIDGE:
                return compare.unanswered(self._stage.hub) > 0
            case _:
                return any(map(compare.unsent, self._states.values()))

    def _look(self, progress: run.Progress) -> None:
        self._stage.cast.check()
        now_s = time.monotonic()
        if not self.samples or now_s > self.samples[-1][0] + POLL_S:
            self.samples.append((now_s, world.entries_at_hub()))
        progress.posted = self.samples[-1][1]
        self._watch(progress)
        time.sleep(POLL_S)
