# SPDX-License-Identifier: Apache-2.0
"""Each rule has a shortest story that holds with it and ends badly without it."""

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.play import Stage
from tests.simulation.stories import STORIES

HOLES = set(range(1, 24))
"""Numbered in docs/decisions/0007-rights.md."""


@pytest.mark.parametrize("name", STORIES)
def test_the_story_holds_and_breaks_without_its_rule(here: Stage, name: str) -> None:
    story = STORIES[name]
    told = here.play(story.steps)
    assert not told.broken, "\n".join(told.lines)
    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[story.without](patch)
        without = here.play(story.steps)
    assert without.broken, "\n".join(without.lines)


def test_every_numbered_hole_of_rights_has_a_story() -> None:
    assert {hole for story in STORIES.values() for hole in story.holes} == HOLES
