# SPDX-License-Identifier: Apache-2.0
"""One world for all journeys of a process; whoever kills something in it brings it back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests import postgres
from tests.journeys.world import World
from tests.on_postgresql import SERVER


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with everything started."""
    with ExitStack() as ending:
        environment = ending.enter_context(pytest.MonkeyPatch.context())
        # else each world's tokens stay in this machine's memory
        environment.setenv("RUNTIME_DIRECTORY", str(tmp_path_factory.mktemp("ram")))
        server = None
        if os.environ.get(SERVER):
            # one that may be killed without harm to other tests
            server = ending.enter_context(postgres.running())
            environment.setenv("HUB_DATABASE_URL", postgres.fresh(server.url()))
        made = World.prepare(tmp_path_factory.mktemp("world"), server)
        ending.callback(made.programs.stop)
        made.cast.start()
        yield made


@pytest.fixture
def world(running: World) -> World:
    """The world, with both tills online and at a new order."""
    for till in running.tills:
        till.post("/printer", {"condition": "ready"})
        till.network(up=True)
        till.open()
    running.settled()
    return running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a French browser; what goes wrong in it fails the test."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert not wrong
