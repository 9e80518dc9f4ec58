# SPDX-License-Identifier: Apache-2.0
"""Tell each story and compare what came of it, line by line."""

from pathlib import Path

import pytest

from tests.scenarios.books import PureHub
from tests.scenarios.domain import STORIES, tell_by_domain
from tests.scenarios.hub import RealHub
from tests.scenarios.store import StoreTill
from tests.scenarios.story import Story, read
from tests.scenarios.telling import World, tell
from tests.scenarios.till import Sales


def test_there_are_stories() -> None:
    assert len(STORIES) >= 120


def test_no_two_stories_have_one_name() -> None:
    assert len(set(map(str, STORIES))) == len(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_domain_tells_the_story(story: Story) -> None:
    tell_by_domain(story)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_till_over_sqlite_tells_the_story(story: Story, tmp_path: Path) -> None:
    hub, sales = PureHub(story.programme), Sales()
    tell(World(story, hub, {name: StoreTill(name, hub, sales, tmp_path) for name in story.tills}))


@pytest.mark.django_db
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_till_and_hub_as_built_tell_the_story(story: Story, settings, tmp_path: Path) -> None:
    settings.HUB_DATA = tmp_path
    hub, sales = RealHub(story.programme, story.tills), Sales()
    tell(World(story, hub, {name: StoreTill(name, hub, sales, tmp_path) for name in story.tills}))


@pytest.mark.parametrize(
    "lie",
    [
        "A: Ana buys 50.00 -> earns 51",
        "A: Ana buys 50.00 -> points 49",
        "A: Ana buys 50.00 -> refused not_enough",
        "A: Ana is scanned -> nothing",
    ],
)
def test_a_story_that_lies_is_noticed(tmp_path: Path, lie: str) -> None:
    path = tmp_path / "lie.txt"
    path.write_text(f"programme: 1 point per 1.00\nscenario: a lie\n{lie}\n")
    (story,) = read(path)
    with pytest.raises(AssertionError):
        test_the_domain_tells_the_story(story)
