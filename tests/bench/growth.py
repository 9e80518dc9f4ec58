# SPDX-License-Identifier: Apache-2.0
"""Whether a year of entries makes the hub slower: the last tenth of a replay beside the first."""

from pathlib import Path

from tests.bench.figure import Figure
from tests.replay import run, shopping

LEAST = 0.9


def measure(folder: Path) -> list[Figure]:
    """Replay the whole year. Raises RuntimeError where the books differ."""
    result = run.replay(shopping.choose(), folder / "year")
    if result.differences:
        raise RuntimeError(f"{len(result.differences)} differences: {result.differences[0]}")
    return [
        Figure(
            name=f"a year of {result.entries:,} entries, its last tenth",
            value=result.last_tenth,
            unit="entries/s",
            floor=result.first_tenth,
            beside="the first tenth",
            goal=f"≥ {LEAST:g} × floor",
            held=result.last_tenth >= LEAST * result.first_tenth,
        )
    ]
