# SPDX-License-Identifier: Apache-2.0
"""A closed shop is offered to nothing new, and stands wherever it was."""

import re
from typing import Final

import pytest
from django.test import Client
from django.utils import timezone

from hub.merchants.models import Shop
from hub.programmes.models import Reward
from tests.hub.console.shown import shown
from tests.hub.console.things import gift_card
from tests.hub.console.world import World, service

NEW: Final = (
    "/clients/ajouter/",
    "/clients/importer/",
    "/cartes-cadeaux/creer/",
    "/cartes-cadeaux/lots/faire/",
    "/cartes-cadeaux/points/echanger/?customer={elodie}",
    "/rendez-vous/prendre/?customer={elodie}",
    "/terminaux/enroler/",
    "/programmes/ajouter/",
    "/caisse/",
)
"""Pages on which a shop is chosen for something new."""


def offered(client: Client, world: World, address: str) -> set[str]:
    """The shops that the page lets somebody choose."""
    page = client.get(address.format(elodie=world.elodie.pk)).content.decode()
    chosen = re.sub(r"<aside.*?</aside>|<nav.*?</nav>", "", page, flags=re.DOTALL)
    return {shop.name for shop in Shop.objects.filter(merchant=world.lucet) if shop.name in chosen}


def closed(shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(closed_at=timezone.now())


@pytest.mark.parametrize("address", NEW)
def test_a_closed_shop_is_offered_to_nothing_new(
    world: World, isabelle: Client, address: str
) -> None:
    service(world.lucet)
    world.lucet.gift_offers.create(cents=100, points=50)
    assert offered(isabelle, world, address) == {world.denis.name, world.paul.name}
    closed(world.paul)
    assert offered(isabelle, world, address) - {world.denis.name} == set()


def test_what_a_closed_shop_had_still_says_so(world: World, isabelle: Client) -> None:
    card = gift_card(world, "paul")
    closed(world.paul)
    for address in (f"/cartes-cadeaux/{card.pk}/", "/cartes-cadeaux/", "/boutiques/"):
        assert world.paul.name in isabelle.get(address).content.decode()


def test_a_form_that_names_a_closed_shop_is_refused(world: World, isabelle: Client) -> None:
    closed(world.paul)
    given = {"first_name": "Zoé", "shop": world.paul.pk}
    page = isabelle.post("/clients/ajouter/", given).content.decode()
    assert "Rien n’est enregistré" in page


def test_a_reward_keeps_what_was_said_of_a_shop_that_is_closed(
    world: World, isabelle: Client
) -> None:
    reward = Reward.objects.get(pk=world.discount.pk)
    reward.not_in_shops.set([world.paul])
    closed(world.paul)
    page = isabelle.get(f"/programmes/{reward.pk}/").content.decode()
    assert world.paul.name not in page
    answer = isabelle.post(f"/programmes/{reward.pk}/", shown(page) | {"title": "Autre nom"})
    reward.refresh_from_db()
    assert (answer.status_code, reward.title) == (302, "Autre nom")
    assert [shop.pk for shop in reward.not_in_shops.all()] == [world.paul.pk]
