# SPDX-License-Identifier: Apache-2.0
"""The product with one rule taken out at a time: each has to be seen, by chance or by a story."""

import logging
import multiprocessing
from dataclasses import dataclass

import pytest

from tests.simulation import broken_cards, broken_hub, broken_refunds, broken_restore, broken_till
from tests.simulation.broken import MUTANTS, says
from tests.simulation.many import PROCESSES
from tests.simulation.play import STEPS, Stage, seeded, stage
from tests.simulation.stories import STORIES

KNOWN = (broken_till, broken_hub, broken_cards, broken_refunds, broken_restore)
"""Where mutants are: to import them is to know them."""
MOST_SEEDS = 25


@dataclass(frozen=True, slots=True)
class Caught:
    """What saw a mutant."""

    name: str
    says: str
    tried: int
    seeds: int
    """How many worlds it took; 0: none of them saw it."""
    stories: tuple[str, ...] = ()
    """Those that hold with the rule and end badly without it."""
    broken: str = ""
    """What was seen."""

    @property
    def seen(self) -> bool:
        """Whether anything saw it."""
        return bool(self.seeds or self.stories)


def hunt(*, steps: int = STEPS, first: int = 1) -> list[Caught]:
    """Play each mutant in its stories, and in worlds by chance until one of them sees it."""
    names = sorted(MUTANTS)
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        told = [(name, steps, first) for name in names]
        return list(pool.imap(_hunt_one, told, chunksize=1))


def seen_by(here: Stage, name: str, *, steps: int = STEPS, first: int = 1) -> Caught:
    """What it takes to see one mutant; a world or a story counts only if it holds with the rule."""
    stories = {
        story: broken
        for story, told in STORIES.items()
        if told.without == name and (broken := _breaks(here, name, told.steps))
    }
    for tried in range(1, MOST_SEEDS + 1):
        if broken := _breaks(here, name, seeded(first + tried - 1, steps)):
            return Caught(name, says(name), tried, tried, tuple(stories), broken)
    seen = next(iter(stories.values()), "")
    return Caught(name, says(name), MOST_SEEDS, 0, tuple(stories), seen)


def _breaks(here: Stage, name: str, steps: object) -> str:
    """How a world breaks without the rule; empty where it does not, or does with it too."""
    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[name](patch)
        told = here.play(steps)
    return told.broken if told.broken and not here.play(steps).broken else ""


def _hunt_one(told: tuple[str, int, int]) -> Caught:
    logging.disable(logging.CRITICAL)
    name, steps, first = told
    with stage() as here:
        found = seen_by(here, name, steps=steps, first=first)
    print(f"{name}: {found.seeds or 'no'} worlds, {found.stories} {found.broken[:100]}", flush=True)
    return found
