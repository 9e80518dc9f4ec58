# SPDX-License-Identifier: Apache-2.0
"""Which faults strike whom and when: a plan that only the seed and the baskets decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Part(StrEnum):
    """What is struck."""

    KIOSK = "kiosk"
    SYNC = "sync"
    SHOP = "a whole shop"
    """The power is cut: kiosk and sync at once, and what they kept in RAM."""
    LINE = "the network of a shop"
    BRIDGE = "bridge"
    WEB = "hub's web server"
    BROKER = "broker"


class Act(StrEnum):
    """What is done to it."""

    HOLD = "SIGSTOP"
    KILL = "kill -9"
    CUT = "cut"
    """Connections are torn, new ones refused."""
    HUSH = "silent"
    """Nothing gets through and nobody is told; what was on its way is lost."""
    LAG = "late"
    """Everything gets through half a second later."""
    TEAR = "torn"
    """Once, in the middle of whatever is said next; whoever calls again gets through."""


PROGRAMS = (Part.KIOSK, Part.SYNC, Part.BRIDGE, Part.WEB, Part.BROKER)
OF_A_SHOP = frozenset({Part.KIOSK, Part.SYNC, Part.SHOP, Part.LINE})
WHILE_ALL_SELL = 0.9
"""The hub's side is struck in that part of the run: at its end most shops have closed."""
EARLIEST_S, LATEST_S = 0.5, 6.0
"""What was killed takes some seconds to start: most times it serves again when struck anew."""
LONGEST_S = 4.0


@dataclass(frozen=True, slots=True)
class Kind:
    act: Act
    part: Part

    def __str__(self) -> str:
        return f"{self.act}: {self.part}"


KINDS = (
    *(Kind(Act.HOLD, part) for part in PROGRAMS),
    *(Kind(Act.KILL, part) for part in PROGRAMS),
    Kind(Act.KILL, Part.SHOP),
    *(Kind(act, Part.LINE) for act in (Act.CUT, Act.HUSH, Act.LAG, Act.TEAR)),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    kind: Kind
    shop: int | None
    """None: it strikes the hub's side."""
    after: int
    """Baskets of that shop, or of all of them."""
    delay_s: float
    """From the end of that basket: so it strikes in the middle of another."""
    lasts_s: float

    @property
    def victim(self) -> int | Part:
        """Faults of one victim follow each other, those of two may come together."""
        return self.kind.part if self.shop is None else self.shop


def plan(baskets: Mapping[int, int], *, times: int, seed: int) -> tuple[Fault, ...]:
    """Every kind of fault so many times, in the order in which each victim meets them.

    Args:
        baskets: how many each shop has; busy shops are struck more often.
    """
    luck = Random(seed)
    faults = []
    for kind in KINDS * times:
        shop = None
        most = round(sum(baskets.values()) * WHILE_ALL_SELL)
        if kind.part in OF_A_SHOP:
            (shop,) = luck.choices(list(baskets), list(baskets.values()))
            most = baskets[shop]
        faults.append(
            Fault(
                kind=kind,
                shop=shop,
                after=luck.randrange(most),
                delay_s=luck.uniform(EARLIEST_S, LATEST_S),
                lasts_s=luck.uniform(0, LONGEST_S),
            )
        )
    return tuple(sorted(faults, key=lambda fault: fault.after))
