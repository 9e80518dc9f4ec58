# SPDX-License-Identifier: Apache-2.0
"""The hub's tests run on a real database, in a folder that goes when they end."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tests.memory import in_memory

_folder = Path(tempfile.mkdtemp(prefix="hub-", dir=in_memory()))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["HUB_DATA"] = str(_folder)
os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

from django.conf import settings as hub_settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402

from hub.merchants import bulk, enrolment, kept, registry  # noqa: E402
from hub.merchants.models import Merchant, Shop, Terminal  # noqa: E402
from hub.programmes import publish  # noqa: E402
from tests.hub.till import Till  # noqa: E402


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database for this process alone; a file: threads share nothing but it."""
    on_server = os.environ["HUB_DATABASE_URL"]
    name = f"test_{os.getpid()}" if on_server else str(_folder / "test.sqlite3")
    hub_settings.DATABASES["default"]["TEST"]["NAME"] = name


@pytest.fixture(autouse=True, scope="session")
def databases_of_tests_are_emptied() -> Iterator[None]:
    """What a database keeps for ever goes between two tests, and is kept again."""
    tear_down = TransactionTestCase._fixture_teardown

    def lifted(case: TransactionTestCase) -> None:
        kept.lift(connection)
        tear_down(case)
        kept.keep(connection)

    TransactionTestCase._fixture_teardown = lifted
    yield
    TransactionTestCase._fixture_teardown = tear_down


@pytest.fixture(autouse=True, scope="session")
def files_of_pages_are_looked_for_once() -> Iterator[None]:
    """Each client of a test goes through the middleware's start, and each start through all folders."""
    look = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, object] = {}

    def remembered(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = remembered
    yield
    WhiteNoiseMiddleware.add_files_from_finders = look


@pytest.fixture
def merchant(db, settings, tmp_path: Path) -> Merchant:
    """Maison Lucet, with a published programme: 1 point per euro."""
    settings.HUB_DATA, settings.HUB_BROKER_FILES = tmp_path, tmp_path / "broker"
    zone = "Indian/Reunion"
    lucet = registry.open_merchant("maison-lucet", "Maison Lucet", zone=zone, card_prefix="2000")
    publish.publish(lucet.pk)
    return lucet


@pytest.fixture
def shop(merchant: Merchant) -> Shop:
    """Its shop in Saint-Denis."""
    return registry.open_shop(merchant.pk, "Saint-Denis", id="saint-denis")


@pytest.fixture
def terminal(shop: Shop) -> Terminal:
    """The terminal on its counter."""
    return enrolment.enrol(shop, "saint-denis-1")


@pytest.fixture
def till(terminal: Terminal) -> Till:
    """What the terminal writes and sends, its first header included."""
    return Till(terminal).opened()


@pytest.fixture
def other(shop: Shop) -> Till:
    """A second terminal of the same shop, which the hub has heard."""
    second = Till(enrolment.enrol(shop, "saint-denis-2")).opened()
    second.send()
    return second


@pytest.fixture
def stranger(merchant: Merchant) -> Till:
    """A terminal of another merchant than Maison Lucet."""
    payet = registry.open_merchant("payet", "Payet & Fils", card_prefix="2100")
    place = registry.open_shop(payet.pk, "Le Port", id="le-port")
    return Till(enrolment.enrol(place, "le-port-1")).opened()


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant: a merchant's row is read without being locked."""
    monkeypatch.setattr(bulk, "locked", lambda table, key: bulk.one(table, "WHERE id = %s", key))


@pytest.fixture
def beside() -> Iterator[Callable[..., Future]]:
    """Do something in another thread, over a connection of its own."""

    def alone(act: Callable, *given: object) -> object:
        try:
            return act(*given)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        yield lambda act, *given: threads.submit(alone, act, *given)
