# SPDX-License-Identifier: Apache-2.0
"""A merchant gives the tills a colour and a line of words, and sees what the colour is fitted to."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from hub.merchants.models import FeedItem, Merchant
from loyalty.feed import ShopIs
from loyalty.wire import decode_item
from tests.hub.console.browsing import opened
from tests.hub.console.world import World

ADDRESS = "/terminaux/vitrine/"


def read(client: Client, colour: str = "") -> str:
    return client.get(ADDRESS, {"colour": colour} if colour else {}).content.decode()


def test_every_till_is_told_the_colour_and_the_words(world: World, isabelle: Client) -> None:
    before = FeedItem.objects.filter(merchant=world.lucet).latest("position").position
    isabelle.post(ADDRESS, {"colour": "#4a90d9", "pitch_fr": "Le dixième café est offert."})
    told = FeedItem.objects.filter(merchant=world.lucet, position__gt=before)
    items = [decode_item(bytes(item.body)) for item in told]
    shops = {one.shop: (one.colour, one.pitch_fr) for one in items if isinstance(one, ShopIs)}
    front = ("#4A90D9", "Le dixième café est offert.")
    assert shops == {shop.pk: front for shop in (world.denis, world.paul)}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("#4A90D9", ["#2870B6", "5,1", "pour #4A90D9"]),
        ("#B5D39B", ["#B5D39B", "9,9", "#5A7441", "5,2"]),
        ("#C2185B", ["#C2185B", "5,9", "telle quelle"]),
        ("#F2B705", ["#8B6700", "5,2", "#F2B705", "8,9"]),
    ],
)
def test_a_colour_is_shown_as_given_and_as_fitted(
    world: World, isabelle: Client, given: str, shown: list[str]
) -> None:
    """The examples of the drawings (LOOK 3); looking keeps nothing."""
    page = read(isabelle, given)
    assert [one for one in shown if one not in page] == []
    assert Merchant.objects.get(pk=world.lucet.pk).colour != given


def test_what_is_no_colour_is_said_and_not_kept(world: World, isabelle: Client) -> None:
    page = isabelle.post(ADDRESS, {"colour": "rouge", "pitch_fr": ""}).content.decode()
    assert "Une couleur, comme" in page
    assert "#1D4A3C" in read(isabelle, "rouge"), "the one that is kept"
    assert Merchant.objects.get(pk=world.lucet.pk).colour == "#1D4A3C"


@pytest.mark.django_db(transaction=True)
def test_another_colour_is_seen_before_it_is_kept(
    world: World, isabelle: Client, browser: Browser, live_server
) -> None:
    tab = opened(browser, live_server.url, isabelle)
    tab.goto(live_server.url + ADDRESS)
    tab.get_by_label("Votre couleur").fill("#4a90d9")
    tab.get_by_label("Votre phrase").focus()
    expect(tab.locator("#front")).to_contain_text("#2870B6")
    tab.context.close()
    assert Merchant.objects.get(pk=world.lucet.pk).colour == "#1D4A3C"
