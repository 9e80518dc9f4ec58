# SPDX-License-Identifier: Apache-2.0
"""« Enrôler un terminal » gives a code with which a board becomes one, and says what to type."""

import re

import pytest
from django.test import Client

from hub.merchants import claims
from hub.merchants.models import Claim, Terminal
from tests.hub.console.world import World
from tests.hub.merchants.test_claims import asked

PAGE = "/terminaux/enroler/"


def test_the_page_proposes_the_next_name_of_the_first_shop(world: World, isabelle: Client) -> None:
    assert f'href="{PAGE}"' in isabelle.get("/terminaux/").content.decode()
    page = isabelle.get(PAGE).content.decode()
    assert 'value="saint-denis-2"' in page
    again = isabelle.get(f"{PAGE}?terminal=saint-denis-1").content.decode()
    assert 'value="saint-denis-1"' in again


def test_the_code_is_shown_once_with_what_to_type_and_works(world: World, isabelle: Client) -> None:
    answer = isabelle.post(PAGE, {"shop": world.denis.pk, "terminal": "saint-denis-9"})
    page = answer.content.decode()
    found = re.search(r"\./run enrol http://testserver ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})", page)
    assert found
    assert "15 minutes" in page
    assert "no-store" in answer["Cache-Control"]
    claims.answer(asked(found[1]))
    assert Terminal.objects.get(pk="saint-denis-9").shop == world.denis
    assert Claim.objects.get().made_by is not None
    assert found[1] not in isabelle.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"terminal": ""}, "Donnez-lui un nom"),
        ({"terminal": "Caisse 1"}, "8 à 40 lettres minuscules"),
        ({"shop": ""}, "Dans quelle boutique"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    world: World, isabelle: Client, fields: dict[str, str], words: str
) -> None:
    page = isabelle.post(PAGE, {"shop": world.denis.pk, "terminal": "saint-denis-9"} | fields)
    assert words in page.content.decode()
    assert not Claim.objects.exists()


def test_a_terminal_of_another_merchant_and_its_shop_are_out_of_reach(
    world: World, isabelle: Client
) -> None:
    theirs = world.till_of_port.terminal.pk
    page = isabelle.post(PAGE, {"shop": world.denis.pk, "terminal": theirs}).content.decode()
    assert "autre commerçant" in page
    isabelle.post(PAGE, {"shop": world.port.pk, "terminal": "saint-denis-9"})
    assert not Claim.objects.exists()
    assert f'value="{theirs}"' not in isabelle.get(f"{PAGE}?terminal={theirs}").content.decode()
