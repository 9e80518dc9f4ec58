# SPDX-License-Identifier: Apache-2.0
"""Play steps in a fresh world, look after each, come to rest, and tell the story."""

import hashlib
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from tests.memory import in_memory
from tests.simulation import astray, books, custody, faults, people, persons, rare, template
from tests.simulation.act import ACTS, Step, draw
from tests.simulation.chance import determined
from tests.simulation.judge import Judge
from tests.simulation.world import World

KNOWN = (people, persons, faults, astray, custody, rare)
"""Where acts are: to import them is to know them."""
STEPS = 200


@dataclass(slots=True)
class Told:
    """What became of a run."""

    lines: list[str] = field(default_factory=list)
    broken: str = ""
    """Which invariant, and how; empty: none."""
    happened: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    digest: str = ""
    """Of all that happened, byte for byte."""
    cpu_s: float = 0.0
    """What it cost this process."""


class Stage:
    """Where worlds are played one after the other, each from the same beginning."""

    def __init__(self, made: template.Template, folder: Path) -> None:
        self._made, self._folder = made, folder
        self._count = 0

    def play(self, steps: Sequence[Step]) -> Told:
        """Play steps; an invariant that breaks, or a program that crashes, ends it."""
        told, began_s = Told(), time.process_time()
        self._count += 1
        folder = self._folder / f"world-{self._count}"
        folder.mkdir()
        world: World | None = None
        try:
            hours = copy(self._made.hours)
            with (
                determined(hours, folder),
                closing(World(self._made, folder, hours=hours)) as world,
            ):
                self._all(world, steps, told)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what was looked for)
            told.broken = f"{type(error).__name__}: {error}"
        if world:
            said = "\n".join((*told.lines, told.broken)).encode()
            told.digest = hashlib.sha256(said + world.broker.trace.digest()).hexdigest()[:16]
            told.happened.update(world.happened)
            told.happened.update(world.broker.count)
            told.happened["hub killed at a commit"] += world.hub.died
            told.happened["hub killed inside its inbox"] += world.hub.died_inside
            for unit in world.units:
                told.happened.update(unit.happened)
                told.happened["flush failed"] += unit.disk.failed
        shutil.rmtree(folder)  # a world is some megabytes of memory, and ten thousand are too many
        told.cpu_s = time.process_time() - began_s
        return told

    def _all(self, world: World, steps: Sequence[Step], told: Told) -> None:
        judge = Judge(world)
        for number, step in enumerate(steps, 1):
            world.reseed(step.luck)
            began_s = world.hours.now_s
            told.lines.append(f"{number:4} {step}")
            came = ACTS[step.act].do(world, step.a, step.b, step.c)
            world.read_journals()
            told.steps += 1
            if came is None:
                told.lines.pop()
            else:
                told.lines[-1] = f"{number:4} {_clock(began_s)} {came}"
                if fault := ACTS[step.act].fault:
                    world.happened[fault] += 1
            judge.look()
        told.lines.append("     every fault ends")
        world.heal()
        judge.agree()


def seeded(seed: int, steps: int, *, without: Sequence[str] = ()) -> list[Step]:
    """The steps of a seed."""
    return draw(Random(seed), steps, without=without)


@contextmanager
def stage() -> Iterator[Stage]:
    """A place to play, with the business that all worlds begin with."""
    with (
        tempfile.TemporaryDirectory(dir=in_memory()) as folder,
        books.opened() as hub_books,
    ):
        bare = template.make(hub_books, Path(folder) / "template")
        yield Stage(_with_some_value(bare, Path(folder) / "begun"), Path(folder))


def _with_some_value(bare: template.Template, folder: Path) -> template.Template:
    """The same business after its first morning: every customer has points, a purse and a gift."""
    folder.mkdir()
    hours = copy(bare.hours)
    with determined(hours, folder), closing(World(bare, folder, hours=hours)) as world:
        for who in range(len(bare.codes)):
            world.reseed(who)
            for step in (Step("sells", who, who, 999), Step("buys_gift", who, 0, 400)):
                ACTS[step.act].do(world, step.a, step.b, step.c)
        world.heal()
        Judge(world).agree()
        for unit in world.units:
            unit.shut_down()
        world.hub.die()
        return replace(
            bare,
            hub=bare.books.copy(),
            cards={unit.name: unit.disk.image() for unit in world.units},
            hours=hours,
            truth=world.truth,
            on_card=world.on_card,
            gifts=tuple(world.gifts),
        )


def _clock(now_s: float) -> str:
    minutes, seconds = divmod(now_s, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:3}:{minutes:02}:{seconds:06.3f}"
