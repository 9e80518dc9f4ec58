# SPDX-License-Identifier: Apache-2.0
"""Make every run alike: no window, no luck, and row marks that name real rows."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

from tests.house.rows import row_ids
from tests.memory import ROOM, in_memory
from tests.on_postgresql import SERVER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM: Final = "/usr/bin/chromium"
WITH_PROCESSES: Final = {"journeys", "replay", "simulation"}
"""Folders whose tests start all of Comptoir, and take longest."""

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

if _memory := in_memory(4 * ROOM):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_memory))

# The developer's own database is not for tests; empty: SQLite.
os.environ["HUB_DATABASE_URL"] = os.environ.get(SERVER, "")

# Playwright keeps a loop in its thread while its browser lives; Django would then refuse to touch
# the database in whatever test comes next, though nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# The same examples at each run; a slow machine is no failure.
settings.register_profile("comptoir", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("comptoir")


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One real Chromium for all pages of a run: a thread can hold only one playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def longest_first(items: list[pytest.Item]) -> None:
    """Begin with whole files that take minutes: at the end, one of two cores would wait for one."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    whole = {item.path for item in items if WITH_PROCESSES & set(item.path.parts)}
    items.sort(key=lambda item: (item.path not in long, item.path not in whole))


def elsewhere(item: pytest.Item) -> bool:
    """Whether another run shows it.

    A page looks alike whatever database is behind it, and each is asked for on both without a
    browser; every test in a browser is on both in `./run test --all` alone.
    """
    if not os.environ.get(SERVER):
        return item.get_closest_marker("postgresql") is not None
    of_hub = item.nodeid.startswith("tests/hub/")
    in_browser = of_hub and "browser" in getattr(item, "fixturenames", ())
    return in_browser and not os.environ.get("COMPTOIR_LONG")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse a mark of a row that the specification does not have; leave out what can't be run."""
    longest_first(items)
    if left_out := [item for item in items if elsewhere(item)]:
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]
        config.hook.pytest_deselected(items=left_out)
    known = row_ids()
    for item in items:
        for mark in item.iter_markers("row"):
            if unknown := set(mark.args) - known:
                raise pytest.UsageError(f"{item.nodeid}: no such row: {', '.join(sorted(unknown))}")
