# SPDX-License-Identifier: Apache-2.0
"""A shop's account sees what is its shop's, and nothing of the merchant's other shops."""

from django.test import Client
from django.urls import reverse

from hub.ledger.models import JournalEntry
from tests.hub.console.things import gift_card
from tests.hub.console.world import World, baguette


def test_a_shop_sees_only_its_own_sales_cards_and_customers(world: World, bruno: Client) -> None:
    theo = world.till_of_paul.join("Théo", "Maillot", serial=900)
    world.till_of_paul.sell(baguette(777), customer=theo)
    world.till_of_paul.send()
    card = gift_card(world, "paul")
    sale = JournalEntry.objects.get(kind="sold", shop=world.paul)
    assert "Maillot" not in bruno.get("/clients/").content.decode()
    assert "7,77" not in bruno.get("/transactions/").content.decode()
    assert card.last4 not in bruno.get("/cartes-cadeaux/").content.decode()
    for name, pk in (("customer", theo.pk), ("sale", sale.pk), ("giftcard", card.pk)):
        assert bruno.get(reverse(f"console:{name}", args=[pk])).status_code == 404


def test_a_shop_keeps_its_walls_whatever_shop_its_address_names(
    world: World, bruno: Client
) -> None:
    world.till_of_paul.sell(baguette(777))
    world.till_of_paul.send()
    page = bruno.get(f"/transactions/?shop={world.paul.pk}").content.decode()
    assert "7,77" not in page
