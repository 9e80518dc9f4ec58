# SPDX-License-Identifier: Apache-2.0
"""French first, English for who asks: every sentence, every page."""

import re

import pytest
from django.test import Client
from django.utils.translation import ngettext, override

from tests.hub import sentences
from tests.hub.console.world import World, baguette

NAMED = re.compile(r"%\((\w+)\)|%%")


def test_every_sentence_of_the_hub_has_its_english() -> None:
    translated = {key for key, entry in sentences.english().items() if entry.translated()}
    said = sentences.sentences()
    assert not said.keys() - translated, "run python -m tests.hub.sentences"
    assert not translated - said.keys(), "nobody says these any more"


def test_the_english_names_the_same_facts() -> None:
    for (one, many), entry in sentences.english().items():
        pairs = [(one, entry.msgstr or entry.msgstr_plural[0])]
        if many:
            pairs.append((many, entry.msgstr_plural[1]))
        for french, english in pairs:
            assert sorted(NAMED.findall(french)) == sorted(NAMED.findall(english)), french


def test_the_french_plurals_are_those_of_the_sentences() -> None:
    made = str(sentences.french(sentences.sentences()))
    assert sentences.FRENCH.read_text(encoding="utf-8").strip() == made.strip()


def test_none_is_singular_in_french_and_plural_in_english() -> None:
    words = ("%(n)s vente en route", "%(n)s ventes en route", 0)
    with override("fr"):
        assert ngettext(*words) % {"n": 0} == "0 vente en route"
    with override("en"):
        assert ngettext(*words) % {"n": 0} == "0 sales on their way"


@pytest.mark.parametrize(
    ("accepted", "said"),
    [("", "Se connecter"), ("fr-FR", "Se connecter"), ("en-GB,en", "Sign in"), ("de", "Se conn")],
)
def test_the_browser_chooses_first_and_french_stands_in(accepted: str, said: str) -> None:
    page = Client().get("/connexion/", headers={"accept-language": accepted}).content.decode()
    assert said in page
    assert f'lang="{"en" if said == "Sign in" else "fr"}"' in page


def test_a_person_changes_the_language_and_keeps_it(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(), customer=world.elodie)
    world.till.send()
    isabelle.post("/langue/", {"language": "en", "next": "/clients/"})
    page = isabelle.get("/clients/").content.decode()
    assert "Customers" in page
    assert "1 customer ·" in page
    assert "€1.20" in isabelle.get("/transactions/").content.decode()
    isabelle.post("/langue/", {"language": "fr", "next": "/clients/"})
    assert "1,20\N{NO-BREAK SPACE}€" in isabelle.get("/transactions/").content.decode()


def test_the_language_switch_leads_nowhere_else(isabelle: Client) -> None:
    answer = isabelle.post("/langue/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
