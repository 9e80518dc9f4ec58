# SPDX-License-Identifier: Apache-2.0
"""What a section is for: told the first time it is opened, closed for good, found again (A5)."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from hub.console.helping import every
from hub.console.pages import _OUTER, _PLACES
from hub.merchants.models import Person
from tests.hub.console.test_browser import signed_in
from tests.hub.console.world import World

SHOWN = re.compile(r"<dialog[^>]* open>")


@pytest.fixture
def newcomer(world: World, isabelle: Client) -> Client:
    Person.objects.filter(pk=world.isabelle.pk).update(explained=[])
    return isabelle


def close(client: Client, section: str) -> None:
    answer = client.post("/aide/vu/", {"section": section, "next": "/clients/"})
    assert answer.url == "/clients/"


@pytest.mark.row("A5")
def test_a_section_explains_itself_until_its_reader_closes_that(newcomer: Client) -> None:
    assert SHOWN.search(newcomer.get("/clients/").text)
    assert SHOWN.search(newcomer.get("/clients/").text)
    close(newcomer, "customers")
    assert not SHOWN.search(newcomer.get("/clients/").text)
    assert SHOWN.search(newcomer.get("/boutiques/").text)


def test_what_one_person_closed_another_still_reads(
    world: World, newcomer: Client, bruno: Client
) -> None:
    Person.objects.filter(pk=world.bruno.pk).update(explained=[])
    close(newcomer, "customers")
    assert SHOWN.search(bruno.get("/clients/").text)


@pytest.mark.row("A5")
def test_an_explanation_that_was_closed_can_be_asked_for_again(newcomer: Client) -> None:
    close(newcomer, "customers")
    assert 'href="/aide/#customers"' in newcomer.get("/clients/").text
    assert 'href="/clients/?aide"' in newcomer.get("/aide/").text
    assert SHOWN.search(newcomer.get("/clients/?aide").text)


@pytest.mark.row("A5")
def test_the_help_page_has_contents_the_same_words_and_a_way_back_up(newcomer: Client) -> None:
    page = newcomer.get("/aide/").text
    assert 'href="#customers"' in page
    assert 'id="customers"' in page
    assert "La recherche ignore les accents" in page
    assert "La recherche ignore les accents" in newcomer.get("/clients/").text
    assert 'href="#main"' in page.partition("Haut de page")[0].rpartition("<a")[2]


def test_help_tells_of_what_its_reader_may_open_only(bruno: Client, odile: Client) -> None:
    assert 'id="programmes"' not in bruno.get("/aide/").text
    assert 'id="merchants"' in odile.get("/aide/").text


def test_a_form_that_comes_back_with_errors_is_not_covered(newcomer: Client) -> None:
    assert not SHOWN.search(newcomer.post("/boutiques/ajouter/", {}).text)


def test_only_a_section_that_explains_itself_can_be_closed(newcomer: Client) -> None:
    assert newcomer.post("/aide/vu/", {"section": "nowhere"}).status_code == 400


def test_every_section_of_the_panel_explains_itself() -> None:
    assert {place.view for place in (*_PLACES, *_OUTER)} <= {*every()}


@pytest.mark.row("A5")
def test_the_pop_up_has_the_keyboard_and_closes_for_good(
    transactional_db: None, browser: Browser, world: World, live_server
) -> None:
    Person.objects.filter(pk=world.isabelle.pk).update(explained=["dashboard"])
    context = browser.new_context(locale="fr-FR")
    page = signed_in(context, live_server.url, world.isabelle)
    page.goto(f"{live_server.url}/clients/")
    pop_up = page.get_by_role("dialog", name="À quoi sert cette page ?")
    expect(pop_up.get_by_role("button", name="J’ai compris")).to_be_focused()
    with page.expect_response("**/aide/vu/"):
        page.keyboard.press("Escape")
    expect(pop_up).to_be_hidden()
    page.reload()
    expect(page.locator("dialog")).to_be_hidden()
    page.get_by_role("link", name="Aide").click()
    expect(pop_up).to_be_visible()
    context.close()


def test_without_scripts_the_explanation_is_a_block_that_closes(
    transactional_db: None, browser: Browser, world: World, live_server
) -> None:
    Person.objects.filter(pk=world.isabelle.pk).update(explained=["dashboard"])
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = signed_in(context, live_server.url, world.isabelle)
    page.goto(f"{live_server.url}/clients/")
    page.get_by_role("button", name="J’ai compris").click()
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()
    expect(page.locator("dialog")).to_be_hidden()
    context.close()
