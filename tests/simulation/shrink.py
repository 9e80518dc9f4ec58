# SPDX-License-Identifier: Apache-2.0
"""From a run that breaks to the shortest story that breaks in the same way."""

from collections.abc import Callable, Sequence

from tests.simulation.act import Step
from tests.simulation.play import Told

Play = Callable[[Sequence[Step]], Told]


def shrink(play: Play, steps: Sequence[Step], told: Told) -> tuple[list[Step], Told]:
    """Leave out whatever the end does not need: halves first, then ever smaller parts.

    Args:
        play: plays steps in a fresh world.
        steps: they break something.
        told: what they broke; another way of breaking is another story.
    """
    kept, best = list(steps[: told.steps]), told
    size = max(1, len(kept) // 2)
    while True:
        found = False
        at = 0
        while at < len(kept):
            shorter = kept[:at] + kept[at + size :]
            tried = play(shorter)
            if kind(tried) == kind(told):
                kept, best, found = shorter[: tried.steps], tried, True
            else:
                at += size
        if size > 1:
            size //= 2
        elif not found:
            return kept, best


def kind(told: Told) -> str:
    """Which invariant broke, without its figures."""
    return told.broken.partition(":")[2].partition(":")[0] or told.broken
