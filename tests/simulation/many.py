# SPDX-License-Identifier: Apache-2.0
"""Many worlds, on both cores."""

import logging
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.simulation.play import Told, seeded, stage

PROCESSES = 2
LOOK_S = 0.05
PATIENCE_S = 300
"""For one world; a worker that died says so on the console."""


@dataclass(slots=True)
class Sum:
    """What many worlds came to."""

    seeds: int = 0
    steps: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    broken: dict[int, str] = field(default_factory=dict)
    cpu_s: float = 0.0

    def add(self, seed: int, told: Told) -> None:
        """One more."""
        self.seeds += 1
        self.steps += told.steps
        self.cpu_s += told.cpu_s
        self.happened.update(told.happened)
        if told.broken:
            self.broken[seed] = told.broken


def all_of(first: int, count: int) -> range:
    """So many seeds."""
    return range(first, first + count)


def play_many(seeds: Sequence[int], *, steps: int) -> Iterator[tuple[int, Told]]:
    """Play each seed once; they come as they are ready."""
    # a process that starts afresh has no connection of its parent's in it
    context = multiprocessing.get_context("spawn")
    share = [(seeds[i::PROCESSES], steps) for i in range(PROCESSES)]
    answers = context.Queue()
    workers = [context.Process(target=_work, args=(*part, answers)) for part in share]
    for worker in workers:
        worker.start()
    try:
        for _ in seeds:
            while answers.empty() and all(worker.is_alive() for worker in workers):
                time.sleep(LOOK_S)
            yield answers.get(timeout=PATIENCE_S)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _work(seeds: Sequence[int], steps: int, answers: "multiprocessing.Queue[object]") -> None:
    logging.disable(logging.CRITICAL)
    parent = multiprocessing.parent_process()
    with stage() as here:
        for seed in seeds:
            if parent and not parent.is_alive():  # killed: nobody hears what comes of it
                return
            told = here.play(seeded(seed, steps))
            told.lines.clear()
            answers.put((seed, told))
