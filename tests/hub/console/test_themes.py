# SPDX-License-Identifier: Apache-2.0
"""Every colour of the pages reads on what it stands on, by day and by night; who chooses which."""

import re
from pathlib import Path

import pytest
from django.test import Client

from hub.merchants.models import Person
from loyalty.colour import contrast, of_hex
from tests.hub.console.world import World

SHEETS = Path(__file__).parents[3] / "hub" / "console" / "static" / "console"
LOOK, CONSOLE = (
    (SHEETS / name).read_text(encoding="utf-8") for name in ("look.css", "console.css")
)
EITHER = re.compile(r"--([\w-]+):(?:light-dark\((#\w{6}),(#\w{6})\)|(#\w{6}))")
COLOURS = EITHER.findall(LOOK.partition("@media")[0])
TOKENS = {
    "light": {name: day or always for name, day, _night, always in COLOURS},
    "dark": {name: night or always for name, _day, night, always in COLOURS},
}
READS = 4.5
SEEN = 3.0
"""What lines and large figures need."""
GROUNDS = ("paper", "card", "tint", "stop-pale")
PAIRS = (
    *((words, ground, READS) for words in ("ink", "soft") for ground in GROUNDS),
    *((words, ground, READS) for words in ("shop", "stop") for ground in ("paper", "card")),
    ("on-shop", "shop", READS),
    ("on-front", "front", READS),
    ("on-front", "front-ear", READS),
    ("front-line", "front", SEEN),
    ("on-now", "now", READS),
    ("ink", "now-pale", READS),
    *(("ink", f"chart-{n}", READS) for n in (1, 2, 3)),
    *(("on-chart", f"chart-{n}", READS) for n in (4, 5)),
    ("ink", "chart-4", SEEN),
    ("chart-4", "paper", SEEN),
)


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_each_colour_reads_on_what_it_stands_on(
    theme: str, one: str, other: str, least: float
) -> None:
    colours = TOKENS[theme]
    assert contrast(of_hex(colours[one]), of_hex(colours[other])) >= least


def test_the_sheet_of_the_pages_names_no_colour_of_its_own() -> None:
    assert set(re.findall(r"var\(--([\w-]+)\)", CONSOLE + LOOK)) <= TOKENS["light"].keys()
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", CONSOLE)


def test_a_page_follows_the_system_until_its_reader_chooses(world: World, isabelle: Client) -> None:
    assert "data-theme" not in isabelle.get("/clients/").text
    isabelle.post("/apparence/", {"theme": "dark", "next": "/clients/"})
    assert 'data-theme="dark"' in isabelle.get("/clients/").text
    assert 'content="dark"' in isabelle.get("/clients/").text
    isabelle.post("/apparence/", {"theme": "", "next": "/clients/"})
    assert "data-theme" not in isabelle.get("/clients/").text


def test_a_choice_is_the_accounts_and_nobody_elses(
    world: World, isabelle: Client, bruno: Client
) -> None:
    answer = isabelle.post("/apparence/", {"theme": "light", "next": "/clients/"})
    assert answer.url == "/clients/"
    assert 'data-theme="light"' in isabelle.get("/clients/").text
    assert "data-theme" not in bruno.get("/clients/").text


@pytest.mark.parametrize("theme", ["neon", None])
def test_another_theme_is_refused(isabelle: Client, world: World, theme: str | None) -> None:
    asked = {"next": "/clients/"} | ({"theme": theme} if theme else {})
    assert isabelle.post("/apparence/", asked).status_code == 400
    assert Person.objects.get(pk=world.isabelle.pk).theme == ""


def test_a_choice_leads_nowhere_else(isabelle: Client) -> None:
    answer = isabelle.post("/apparence/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
