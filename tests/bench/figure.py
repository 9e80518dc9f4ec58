# SPDX-License-Identifier: Apache-2.0
"""What a measurement says: figures, each with its floor, its unit and what was wanted of it."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    """ms | s | entries/s | MB | ×"""
    floor: float | None = None
    """In the same unit; None: there is nothing to lay beside it."""
    beside: str = ""
    """What the floor is."""
    goal: str = ""
    """In words; empty: none was set."""
    held: bool = True
    """Whether the goal was reached."""

    @property
    def ratio(self) -> float | None:
        """The figure in floors."""
        return self.value / self.floor if self.floor else None


def quantile(values: Iterable[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // PERCENT)]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def timed_ms(act: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def alternating(*every: Sequence[Callable[[], object]]) -> list[list[float]]:
    """Times of several series in milliseconds, taken in turn: a bad minute is everybody's."""
    times: list[list[float]] = [[] for _ in every]
    for turn in zip_longest(*every):
        for kept, act in zip(times, turn, strict=True):
            if act is not None:
                kept.append(timed_ms(act))
    return times
