# SPDX-License-Identifier: Apache-2.0
"""A browser for each person, that speaks French and, where every test is run, English too."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from gettext import translation
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from playwright.sync_api import Browser

from hub.merchants.models import Person
from tests.hub.console.world import World
from tests.reader import Reader

LOCALE: Final = Path(__file__).parents[4] / "hub" / "locale"
SPOKEN: Final = {"fr": "fr-FR", "en": "en-GB"}

Reads = Callable[..., Reader]


@pytest.fixture(params=["fr", pytest.param("en", marks=pytest.mark.long)])
def language(request: pytest.FixtureRequest) -> str:
    """Of whoever reads."""
    return request.param


@pytest.fixture
def site(transactional_db: None, world: World, live_server) -> str:
    """Where the hub of that world answers."""
    return live_server.url


@pytest.fixture
def reads(
    site: str, as_: Callable[[Person], Client], browser: Browser, language: str
) -> Iterator[Reads]:
    """Open a tab in which somebody is signed in, or nobody; a script that fails fails the test."""
    words = translation("django", LOCALE, [language], fallback=language == "fr")
    wrong: list[str] = []
    with ExitStack() as ending:

        def opened(person: Person | None = None) -> Reader:
            size = {"width": 1440, "height": 900}
            context = browser.new_context(locale=SPOKEN[language], viewport=size)
            ending.callback(context.close)
            context.on("weberror", lambda error: wrong.append(str(error.error)))
            if person:
                cookies = as_(person).cookies.items()
                context.add_cookies(
                    [{"name": name, "value": cookie.value, "url": site} for name, cookie in cookies]
                )
            reader = Reader(tab=context.new_page(), hub=site, words=words)
            reader.go("/")
            return reader

        yield opened
    assert not wrong
