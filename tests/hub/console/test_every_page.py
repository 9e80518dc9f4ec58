# SPDX-License-Identifier: Apache-2.0
"""Every page of the walls' table in a real browser: for everybody, on any width, without a word.

One pass: each page is opened once, drawn at each width, and looked at by axe.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page, Route

from hub.ledger.acts import create_gift_card
from hub.merchants.models import Person
from loyalty.basket import Use
from tests.gallery.pages import ALL
from tests.hub.console.test_walls import ADDRESSES, ask, entered
from tests.hub.console.things import things_of
from tests.hub.console.world import World, baguette

WIDTHS: Final = (360, 390, 768, 1024, 1440)
NARROW, WIDE = WIDTHS[0], WIDTHS[-1]
NO_SCROLL: Final = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
OK: Final = 200
GRAVE: Final = {"serious", "critical"}
"""What axe calls a finding that keeps somebody out."""
RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
MISSING: Final = "missing"
Things = dict[str, tuple[object, object]]
Opened = tuple[Person | None, str, str]
"""Who opens a page, its name and its address."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a browser is set up, and at which of the widths axe looks."""

    language: str
    theme: Literal["light", "dark"]
    axe_at: tuple[int, ...]


@pytest.fixture
def pages(transactional_db: None, world: World) -> list[Opened]:
    """Each page with something on it, opened by the first kind of account that may."""
    things = things_of(world)
    world.till.visit(world.elodie)
    world.till.sell(baguette(7000), customer=world.elodie, staff=world.marius)
    world.till.send()
    world.till.sell(baguette(500), customer=world.elodie, uses=[Use(world.croissant.pk)], held=70)
    world.till.send()
    create_gift_card(
        world.denis, cents=4000, buyer="Anne", recipient="Théo", email="theo@client.example"
    )
    return list(_pages(world, things))


def _pages(world: World, things: Things) -> Iterator[Opened]:
    yield None, MISSING, "/nulle-part/"
    for address in ADDRESSES:
        if address.method != "get" or address.query == "shop":
            continue
        own, _other = things.get(address.of, (None, None))
        kinds = (
            (None, address.nobody),
            (world.isabelle, address.merchant),
            (world.odile, address.operator),
        )
        for person in [who for who, answer in kinds if answer == OK][:1]:
            answer: Any = ask(_client(person, world), address, own)
            if b"<html" in answer.getvalue():  # neither a part of a page nor a file
                asked = answer.request
                where = f"{asked['PATH_INFO']}?{asked['QUERY_STRING']}".removesuffix("?")
                yield person, address.name, where


def _client(person: Person | None, world: World) -> Client:
    client = Client()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        entered(client, person, world.lucet)
    return client


@pytest.mark.parametrize(
    "look",
    [
        Look("fr-FR", "light", axe_at=(WIDE,)),
        *(
            pytest.param(Look(language, theme, axe_at=(NARROW, WIDE)), marks=pytest.mark.long)
            for language in ("fr-FR", "en-GB")
            for theme in ("light", "dark")
        ),
    ],
    ids=lambda look: f"{look.language} {look.theme}",
)
def test_every_page_is_for_everybody_on_any_width_and_says_nothing_behind_their_back(
    browser: Browser, live_server: Any, pages: list[Opened], world: World, look: Look
) -> None:
    wrong: list[str] = []
    by_person = defaultdict(list)
    for person, name, path in pages:
        by_person[person].append((name, path))
    for person, paths in by_person.items():
        context = browser.new_context(locale=look.language, color_scheme=look.theme)
        tab = _signed_in(context, live_server.url, person, world)
        said: list[str] = []
        tab.on("console", lambda message, said=said: said.append(message.text))
        tab.on("pageerror", lambda error, said=said: said.append(str(error)))
        for name, path in paths:
            tab.goto(live_server.url + path)
            if name != MISSING:  # which the browser does say
                wrong += [f"{path} says {words}" for words in said]
            said.clear()
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 844})
                if not tab.evaluate(NO_SCROLL):
                    wrong.append(f"{path} is wider than {width}")
                if width in look.axe_at:
                    wrong += [f"{path} at {width}: {found}" for found in findings(tab)]
        context.close()
    assert not wrong, "\n".join(wrong)


def test_a_field_without_a_label_is_found(
    browser: Browser, live_server: Any, world: World, transactional_db: None
) -> None:
    context = browser.new_context(locale="fr-FR")
    tab = _signed_in(context, live_server.url, world.isabelle, world)

    def unlabelled(route: Route) -> None:
        real = route.fetch()
        route.fulfill(response=real, body=re.sub("<(/?)label", r"<\1span", real.text(), count=2))

    tab.goto(f"{live_server.url}/boutiques/ajouter/")
    assert findings(tab) == []
    tab.route("**/boutiques/ajouter/", unlabelled)
    tab.reload()
    assert [found.split(":")[0] for found in findings(tab)] == ["label"]
    context.close()


def test_each_of_these_pages_is_pictured(pages: list[Opened]) -> None:
    anything: dict[str, str] = defaultdict(lambda: "1")
    paths = [path.format_map(anything) for some in ALL for _name, path, _title in some]
    shown = {resolve(path.partition("?")[0]).url_name for path in paths if path != "/nulle-part/"}
    assert {name for _person, name, _path in pages} - {MISSING} - shown == set()


def findings(tab: Page) -> list[str]:
    """What axe finds on an open page that keeps somebody out: its rule, and where."""
    found = Axe().run(tab, options=RULES).response["violations"]
    return [
        f"{one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'])}"
        for one in found
        if one["impact"] in GRAVE
    ]


def _signed_in(context: BrowserContext, site: str, person: Person | None, world: World) -> Page:
    """A tab of somebody who has signed in; an operator has entered the merchant."""
    cookies = _client(person, world).cookies
    context.add_cookies(
        [{"name": name, "value": cookie.value, "url": site} for name, cookie in cookies.items()]
    )
    return context.new_page()
