# SPDX-License-Identifier: Apache-2.0
"""How long to wait before trying again: ever longer, and never all terminals at once."""

from random import Random
from typing import Final

FIRST_S: Final = 2.0
LONGEST_S: Final = 300.0
SHORTEST_S: Final = 0.5
"""Nobody is asked twice before an answer could be there."""


class Pace:
    """Exponential waiting with full jitter."""

    def __init__(
        self, rng: Random, *, first_s: float = FIRST_S, longest_s: float = LONGEST_S
    ) -> None:
        self._rng = rng
        self._first_s = first_s
        self._longest_s = longest_s
        self.tries = 0

    def next_s(self) -> float:
        """Seconds until the next try; longer each time."""
        # 2 ** 20 seconds are beyond any longest wait
        top = min(self._longest_s, self._first_s * 2 ** min(self.tries, 20))
        self.tries += 1
        return max(min(SHORTEST_S, self._first_s), self._rng.uniform(0, top))

    def reset(self) -> None:
        """It worked: the next failure is the first again."""
        self.tries = 0
