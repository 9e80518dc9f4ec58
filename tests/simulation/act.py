# SPDX-License-Identifier: Apache-2.0
"""What can happen in a world: a step names an act, three small numbers and its own luck."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import World

SPARED = 0.4
"""Chance that a world is spared a fault."""
Doing = Callable[["World", int, int, int], str | None]
"""Gives what came of it in words; None: nothing, for it was not possible then."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may happen."""

    name: str
    weight: float
    fault: str
    """Under which it is counted; empty: nothing is broken by it."""
    do: Doing


ACTS: dict[str, Act] = {}


def act(weight: float, *, fault: str = "") -> Callable[[Doing], Doing]:
    """Let this happen in worlds, so often compared with the others."""

    def known(do: Doing) -> Doing:
        name = do.__name__
        ACTS[name] = Act(name, weight, fault, do)
        return do

    return known


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens."""

    act: str
    a: int = 0
    b: int = 0
    c: int = 0
    luck: int = 0


def draw(luck: Random, count: int, *, without: Sequence[str] = ()) -> list[Step]:
    """So many steps by chance; none of them has looked at the world.

    In each world only some of the faults happen: where all do, each hides what the others would
    have shown.
    """
    off = {n for n in sorted(ACTS) if ACTS[n].fault and luck.random() < SPARED}
    # sorted: which module was imported first is no affair of a seed's
    names = sorted(n for n, one in ACTS.items() if one.weight and n not in {*without, *off})
    weights = [ACTS[name].weight for name in names]
    return [
        Step(
            name,
            luck.randrange(12),
            luck.randrange(12),
            luck.randrange(1000),
            luck.getrandbits(32),
        )
        for name in luck.choices(names, weights, k=count)
    ]
