# SPDX-License-Identifier: Apache-2.0
"""`./run simulate`: worlds by the thousand, or one of them told step by step."""

import argparse
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.simulation import mutants, report
from tests.simulation.kept import Kept
from tests.simulation.many import Sum, all_of, play_many
from tests.simulation.play import STEPS, Told, seeded, stage
from tests.simulation.shrink import shrink

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "var" / "simulation"
TOLD_EVERY = 500
"""Worlds; an hour without a word looks like one that hangs."""


def main() -> int:
    """Do what was asked; 1 where an invariant broke, or a mutant was not seen."""
    asked = _arguments().parse_args()
    logging.disable(logging.CRITICAL)
    if asked.mutants:
        caught = mutants.hunt(steps=asked.steps, first=asked.first)
        print(report.of_mutants(caught), report.of_holes(), sep="\n\n")
        if asked.write:
            report.write(PAGE, "mutants", report.of_mutants(caught))
            report.write(PAGE, "holes", report.of_holes())
        return 0 if all(found.seen for found in caught) else 1
    if asked.seed is not None:
        return _tell(asked.seed, asked.steps)
    total = Sum()
    for seed, told in _played(all_of(asked.first, asked.seeds), asked.steps):
        total.add(seed, told)
        if told.broken:
            print(f"seed {seed}, step {told.steps}: {told.broken}", flush=True)
        if total.seeds % TOLD_EVERY == 0:
            print(f"{total.seeds} worlds, {len(total.broken)} broke", file=sys.stderr)
    print(report.of_seeds(total))
    if asked.write:
        report.write(PAGE, "seeds", report.of_seeds(total))
    return 1 if total.broken else 0


def _played(seeds: range, steps: int) -> Iterator[tuple[int, Told]]:
    """Each once: those that are kept, then the others as they are ready."""
    kept = Kept(KEPT, steps=steps)
    known = kept.told(seeds)
    yield from known.items()
    for seed, told in play_many([seed for seed in seeds if seed not in known], steps=steps):
        kept.add(seed, told)
        yield seed, told


def _tell(seed: int, steps: int) -> int:
    """Tell one world; one that breaks is told again, as short as it can be."""
    with stage() as here:
        told = here.play(seeded(seed, steps))
        print(*told.lines, sep="\n")
        if not told.broken:
            print(f"{told.steps} steps, nothing broke; {told.digest}")
            return 0
        print(f"\n{told.broken}\n\nthe same in short:")
        _, short = shrink(here.play, seeded(seed, steps), told)
        print(*short.lines, short.broken, sep="\n")
    return 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run simulate", description=__doc__)
    parser.add_argument(
        "--seeds", type=int, default=20, help="how many worlds; played ones are kept"
    )
    parser.add_argument("--first", type=int, default=1, help="the seed of the first one")
    parser.add_argument("--seed", type=int, help="play this one and tell its story")
    parser.add_argument("--steps", type=int, default=STEPS, help="in each world")
    parser.add_argument("--mutants", action="store_true", help="break one rule at a time")
    parser.add_argument("--write", action="store_true", help="write it into docs/reliability.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
