# SPDX-License-Identifier: Apache-2.0
"""How a story is told: what happens step by step, which rule keeps it from ending badly.

Every customer begins with 12 points, of which a café's 10 rest at a till: Ana's and Luc's at the
first, Théo's at the second, Zoé's at the third. Each bought a gift card of 20,50 €.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.act import Step
from tests.simulation.people import CHEAPEST

ONE, TWO, THREE = range(3)
"""Terminals."""
ANA, THEO, ZOE, LUC, NOBODY = range(5)
"""Nobody, where something is sold, is a passer-by."""


@dataclass(frozen=True, slots=True)
class Story:
    """What happens, and the rule that keeps it from ending badly."""

    says: str
    without: str
    """The mutant that takes the rule out."""
    steps: Sequence[Step]
    holes: tuple[int, ...] = ()
    """Those of RIGHTS that it shows closed."""


def one(act: str, till: int = 0, c: int = 0, *, b: int = 0, luck: int = 0) -> Step:
    """Anything that happens, at a terminal where it is one's."""
    return Step(act, till, b, c, luck)


def sells(till: int, who: int, cents: int) -> Step:
    """Somebody buys for so much."""
    return Step("sells", till, who, cents - CHEAPEST)


def cafe(till: int, who: int) -> Step:
    """Somebody buys something for little and takes a café for 10 points."""
    return Step("redeems", till, who, 10)


def offline(till: int) -> Step:
    """The cable is pulled."""
    return one("cable_pulled", till)


def online(till: int) -> Step:
    """The cable is back; a link is tried again within half a minute."""
    return one("cable_back", till)


def stuck_from(till: int) -> Step:
    """What a terminal sends gets no further, from now on."""
    return one("frames_held", till, b=0)


def stuck_to(till: int) -> Step:
    """What a terminal is sent gets no further, from now on."""
    return one("frames_held", till, b=1)


INSTANT, MOMENT, SECONDS = one("a_moment", c=0), one("a_moment", c=1), one("a_moment", c=3)
MINUTE, MINUTES = one("minutes", c=1), one("minutes", c=3)
OVERTAKEN, LET_GO = one("frames_pass"), one("frames_let_go")
BACKUP, RESTORED = one("hub_backed_up"), one("hub_restored")
