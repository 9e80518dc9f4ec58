# SPDX-License-Identifier: Apache-2.0
"""The shortest stories of the faults that a rule is there for: each holds, and breaks without it.

Every customer begins with 12 points and a gift card of 20,50 €; a café costs 10 points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.act import Step
from tests.simulation.people import CHEAPEST

ONE, TWO, THREE = range(3)
"""Terminals."""
ANA, THEO, ZOE, LUC = range(4)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens, and the rule that keeps it from ending badly."""

    says: str
    without: str
    """The mutant that takes the rule out."""
    steps: Sequence[Step]


def sells(till: int, who: int, cents: int) -> Step:
    """Somebody buys for so much."""
    return Step("sells", till, who, cents - CHEAPEST)


def cafe(till: int, who: int) -> Step:
    """Somebody buys something for little and takes a café for 10 points."""
    return Step("redeems", till, who, 10)


def one(act: str, till: int = 0, c: int = 0, *, b: int = 0) -> Step:
    """Anything else that happens at a terminal."""
    return Step(act, till, b, c)


INSTANT, SECONDS = one("a_moment", c=0), one("a_moment", c=3)

STORIES: dict[str, Story] = {
    "a_silent_till_keeps_its_right": Story(
        "A till may spend what it sold, however long nobody has heard of it",
        "release_by_timeout",
        (
            sells(ONE, ANA, 1_000),
            INSTANT,
            one("cable_pulled", ONE),
            one("minutes", c=3),
            cafe(TWO, ANA),
            SECONDS,
            cafe(TWO, ANA),
            SECONDS,
            cafe(ONE, ANA),
        ),
    ),
    "the_last_points_at_two_tills": Story(
        "Two tills ask for the same last points at once",
        "grant_not_counted",
        (cafe(TWO, ANA), cafe(THREE, ANA), SECONDS),
    ),
    "killed_before_its_commit": Story(
        "The hub dies while it posts a sale",
        "acknowledge_first",
        (sells(ONE, ANA, 1_000), one("hub_will_die", c=1, b=0), SECONDS),
    ),
    "power_goes_after_a_sale": Story(
        "The plug is pulled right after a sale was shown",
        "flush_less",
        (
            one("cable_pulled", ONE),
            sells(ONE, ANA, 1_000),
            one("power_cut", ONE),
            one("reboot", ONE),
        ),
    ),
    "acknowledged_by_the_broker_alone": Story(
        "A frame is lost between the broker and the hub",
        "trust_the_pipe",
        (one("frames_held", ONE), sells(ONE, ANA, 1_000), SECONDS),
    ),
    "the_same_frame_twice": Story(
        "The hub dies after it posted a frame, and finds it in its inbox when it starts",
        "post_again",
        (
            sells(ONE, ANA, 1_000),
            one("hub_will_die", c=1, b=1),
            SECONDS,
            one("hub_starts"),
            SECONDS,
        ),
    ),
    "a_rest_becomes_a_point_once": Story(
        "Two rests make a step",
        "convert_twice",
        (sells(ONE, ANA, 449), sells(TWO, ANA, 449), SECONDS),
    ),
}
