# SPDX-License-Identifier: Apache-2.0
"""All stories, and the domain alone that tells them: no store, no hub, no wire."""

from pathlib import Path
from typing import Final

from tests.scenarios.books import PureHub
from tests.scenarios.pure import PureTill
from tests.scenarios.story import Story, read
from tests.scenarios.telling import World, tell
from tests.scenarios.till import Sales

FOLDER: Final = Path(__file__).parent
CHAPTERS: Final = sorted(FOLDER.glob("*.txt"))
STORIES: Final = [story for chapter in CHAPTERS for story in read(chapter)]


def tell_by_domain(story: Story) -> None:
    """Tell it with tills and a hub made of the rules and nothing else."""
    hub, sales = PureHub(story.programme), Sales()
    tell(World(story, hub, {name: PureTill(name, hub, sales) for name in story.tills}))
