# SPDX-License-Identifier: Apache-2.0
"""The merchant's shops."""

from django.test import Client

from hub.merchants.models import FeedItem, Shop
from tests.hub.console.world import World, baguette

PLACE = {
    "name": "Saint-Pierre",
    "street": "45 rue des Bons-Enfants",
    "postcode": "97410",
    "city": "Saint-Pierre",
    "phone": "",
    "email": "",
    "zone": "Indian/Reunion",
}


def test_the_list_shows_what_each_shop_sold_today(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(1234))
    world.till.send()
    page = isabelle.get("/boutiques/").content.decode()
    assert "Saint-Denis" in page
    assert "12,34\N{NO-BREAK SPACE}€" in page
    assert "2 boutiques" in page


def test_a_shop_is_added_and_told_to_terminals(world: World, isabelle: Client) -> None:
    before = FeedItem.objects.count()
    answer = isabelle.post("/boutiques/ajouter/", PLACE, follow=True)
    assert "La boutique Saint-Pierre est ouverte." in answer.content.decode()
    assert Shop.objects.get(name="Saint-Pierre").merchant == world.lucet
    assert FeedItem.objects.count() > before


def test_a_new_shop_keeps_the_merchants_clock_unless_told(world: World, isabelle: Client) -> None:
    page = isabelle.get("/boutiques/ajouter/").content.decode()
    assert '<option value="Indian/Reunion" selected>' in page


def test_a_shop_is_changed(world: World, isabelle: Client) -> None:
    isabelle.post(f"/boutiques/{world.denis.pk}/", PLACE | {"name": "Saint-Denis centre"})
    world.denis.refresh_from_db()
    assert world.denis.name == "Saint-Denis centre"
    assert world.denis.postcode == "97410"


def test_errors_stand_by_their_field_and_keep_what_was_typed(
    world: World, isabelle: Client
) -> None:
    wrong = PLACE | {"name": "saint-denis", "email": "pas-une-adresse"}
    page = isabelle.post("/boutiques/ajouter/", wrong).content.decode()
    assert "Une de vos boutiques a déjà ce nom." in page
    assert "Ce n’est pas une adresse e-mail" in page
    assert 'value="45 rue des Bons-Enfants"' in page
    assert world.lucet.shops.count() == 2


def test_a_name_of_another_merchants_shop_may_be_used(world: World, isabelle: Client) -> None:
    answer = isabelle.post("/boutiques/ajouter/", PLACE | {"name": world.port.name})
    assert answer.status_code == 302


def test_a_zone_that_does_not_exist_is_refused(isabelle: Client) -> None:
    answer = isabelle.post("/boutiques/ajouter/", PLACE | {"zone": "Mars/Olympus"})
    assert answer.status_code == 200


def test_only_the_name_and_the_clock_are_required(isabelle: Client) -> None:
    page = isabelle.get("/boutiques/ajouter/").content.decode()
    assert 'for="id_name">Nom</label>' in " ".join(page.split())
    assert page.count("<small>facultatif</small>") == 5
