# SPDX-License-Identifier: Apache-2.0
"""docs/getting-started.md, taken at its word: who has never seen Comptoir gets to a first sale."""

from gettext import translation
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.gallery.newcomer import STEPS
from tests.gallery.stage import PICTURES, visit
from tests.journeys.world import World

LOCALE = Path(__file__).parents[2] / "hub" / "locale"


@pytest.mark.row("A1", "B1", "T11")
@pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.long)])
def test_a_newcomer_gets_from_signing_up_to_the_first_sale_by_what_the_pages_say(
    running: World, browser: Browser, tmp_path: Path, language: str
) -> None:
    words = translation("django", LOCALE, [language], fallback=True)
    locale = {"fr": "fr-FR", "en": "en-GB"}[language]
    visit(running, browser, tmp_path, locale=locale, words=words, seen=lambda _tab, _name: None)


def test_each_step_has_its_pictures() -> None:
    named = {f"{name}.png" for step in STEPS for name in step.pictures}
    assert {path.name for path in PICTURES.iterdir()} == named
    assert len(STEPS) == 10
