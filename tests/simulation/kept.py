# SPDX-License-Identifier: Apache-2.0
"""Worlds that were played are kept: a run of hours that was cut goes on where it was.

They are kept for exactly this code; a changed line of the product or of its world begins anew.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.simulation.play import Told

ROOT = Path(__file__).parents[2]
PLAYED = ("loyalty", "firmware", "hub", "tests/simulation")


class Kept:
    """What became of worlds, a line each, in the file of this code and so many steps."""

    def __init__(self, folder: Path, *, steps: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{_code()}-{steps}.jsonl"

    def told(self, seeds: Sequence[int]) -> dict[int, Told]:
        """Those of these seeds that were played; a line that a kill cut short was not."""
        found: dict[int, Told] = {}
        if self._file.exists():
            for line in self._file.read_text().splitlines():
                try:
                    seed, steps, cpu_s, broken, happened = json.loads(line)
                except ValueError:
                    continue
                found[seed] = Told(
                    steps=steps, cpu_s=cpu_s, broken=broken, happened=Counter(happened)
                )
        return {seed: told for seed, told in found.items() if seed in seeds}

    def add(self, seed: int, told: Told) -> None:
        """One more."""
        line = json.dumps([seed, told.steps, told.cpu_s, told.broken, told.happened])
        with self._file.open("a") as file:
            file.write(f"{line}\n")


def _code() -> str:
    """A digest of all code that worlds are made of."""
    digest = hashlib.sha256()
    for folder in PLAYED:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".sql"}:
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
