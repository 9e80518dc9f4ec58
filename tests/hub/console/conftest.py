# SPDX-License-Identifier: Apache-2.0
"""Give each test the small world, and browsers in which its people are signed in."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from hub.console import importing
from hub.merchants import links
from hub.merchants.models import Person
from provisioning.messages import compile_messages
from tests.hub.console.kept import world_in
from tests.hub.console.tilling import Page
from tests.hub.console.world import World

compile_messages()


@pytest.fixture(autouse=True)
def mails_are_sent_by_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread beside the answer would meet another connection than the test's, or its end."""
    monkeypatch.setattr(links, "send_soon", lambda: None)


@pytest.fixture(autouse=True)
def files_are_read_before_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread beside it would meet another connection than the test's."""

    def at_once(act: Callable[[], None]) -> Future[None]:
        done: Future[None] = Future()
        try:
            act()
        except Exception as error:  # noqa: BLE001 (whoever waits is told)
            done.set_exception(error)
        else:
            done.set_result(None)
        return done

    monkeypatch.setattr(importing, "beside", at_once)


@pytest.fixture
def world(
    db: None, settings: Settings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> World:
    # each world has its own keys; a slow hash of passwords would protect nobody here
    settings.HUB_DATA = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return world_in(tmp_path, tmp_path_factory.getbasetemp())


@pytest.fixture
def as_(world: World) -> Callable[[Person], Client]:
    """Sign somebody in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def isabelle(world: World, as_: Callable[[Person], Client]) -> Client:
    return as_(world.isabelle)


@pytest.fixture
def bruno(world: World, as_: Callable[[Person], Client]) -> Client:
    return as_(world.bruno)


@pytest.fixture
def charlotte(world: World, as_: Callable[[Person], Client]) -> Client:
    return as_(world.charlotte)


@pytest.fixture
def odile(world: World, as_: Callable[[Person], Client]) -> Client:
    return as_(world.odile)


@pytest.fixture
def till(bruno: Client) -> Page:
    """The till that a shop's account opens."""
    return Page(bruno).open()
