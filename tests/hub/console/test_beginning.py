# SPDX-License-Identifier: Apache-2.0
"""Who begins is led from an empty dashboard to the first sale, one thing after the other."""

from collections.abc import Callable

import pytest
from django.test import Client

from hub.merchants.models import Merchant, Person, Role
from hub.merchants.registry import hire, open_merchant, open_shop
from tests.hub.console.test_attention import todo
from tests.hub.console.test_walls import entered
from tests.hub.console.world import World, reward

ENROL = "/terminaux/enroler/"


@pytest.fixture
def new(world: World) -> Merchant:
    """A merchant who has just signed up, on a hub where others are."""
    return open_merchant("rivages", "Boulangerie des Rivages", card_prefix="2000777")


@pytest.fixture
def camille(new: Merchant, as_: Callable[[Person], Client]) -> Client:
    account = Person.objects.open_account
    return as_(account("camille@rivages.example", "-", name="C", role=Role.MERCHANT, merchant=new))


def test_what_is_done_is_no_longer_asked_for(new: Merchant, camille: Client) -> None:
    assert "Ouvrez votre première boutique" in todo(camille)
    assert ENROL not in todo(camille)
    open_shop(new.pk, "Saint-Leu")
    assert "première boutique" not in todo(camille)
    assert f'href="{ENROL}"' in todo(camille)
    reward(new, "gift", "Café offert", cost=20, gift_title="Café")
    assert "Composez une récompense" not in todo(camille)
    hire(new.pk, "Camille", pin="2468")
    assert "Nommez" not in todo(camille)


def test_who_has_a_till_is_asked_for_nothing_of_it(world: World, isabelle: Client) -> None:
    world.lucet.staff.all().delete()
    assert "Nommez" not in todo(isabelle)


def test_an_operator_is_asked_for_nothing_that_only_the_merchant_does(
    new: Merchant, world: World, odile: Client
) -> None:
    assert "première boutique" not in todo(entered(odile, world.odile, new))


def test_a_code_is_not_asked_for_before_there_is_a_shop(new: Merchant, camille: Client) -> None:
    assert "Ouvrez d’abord une boutique" in camille.get(ENROL).content.decode()


@pytest.mark.parametrize(
    ("shop", "name"),
    [
        ("Port", "terminal-port-1"),
        ("Saint-Denis", "saint-denis-2"),
        ("Ô", "terminal-o-1"),
        ("東京", "terminal-1"),
    ],
)
def test_the_name_that_is_proposed_is_long_enough_and_nobody_s(
    new: Merchant, camille: Client, shop: str, name: str
) -> None:
    made = open_shop(new.pk, shop)
    assert f'value="{name}"' in camille.get(ENROL).content.decode()
    page = camille.post(ENROL, {"shop": made.pk, "terminal": name}).content.decode()
    assert "./run virtual --sync" in page


def test_the_demo_says_where_its_mails_are(world: World, settings: object) -> None:
    fields = {
        "business": "Rivages", "name": "Camille", "zone": "Europe/Paris",
        "email": "camille@rivages.example", "password": "Pain-perdu-1962",
    }  # fmt: skip
    assert "/courrier/" not in Client().post("/inscription/", fields).content.decode()
    settings.HUB_MAILBOX = True  # type: ignore[attr-defined]
    assert "/courrier/" in Client().post("/inscription/", fields).content.decode()
