# SPDX-License-Identifier: Apache-2.0
"""What the line is called that points pay: picked from the technical category, sold by nobody."""

import pytest
from django.test import Client

from hub.merchants.models import FeedItem
from hub.programmes.models import LoyaltyProduct, Product, Reward
from hub.programmes.publish import keep_category, keep_product, rules_of
from loyalty.feed import ProductIs
from loyalty.wire import decode_item
from tests.hub.console.test_programmes import form, publish, text, version
from tests.hub.console.world import World

PRODUCT = "/programmes/produit/"
GAP = "\N{NO-BREAK SPACE}"


@pytest.mark.row("C10")
def test_the_loyalty_product_has_the_value_of_a_point_turned_round_and_is_never_sellable(
    world: World, isabelle: Client
) -> None:
    rules = rules_of(world.lucet.pk)
    rules.point_value_cents = 2
    rules.save()
    page = text(isabelle.post(PRODUCT, {"name": "Points Lucet"}, follow=True))
    assert "Les points se paient sous le nom « Points Lucet » dès que vous publiez." in page
    assert "catégorie technique « Fidélité », jamais vendu" in page
    page = text(isabelle.get(PRODUCT))
    for words in ("Points Lucet", f"−0,02{GAP}€", "Non assujettis", "Fidélité", "choisi"):
        assert words in page
    publish(isabelle)
    (reward,) = [one for one in version(world).rewards if one.kind == "points"]
    assert reward.title == "Points Lucet"
    assert not Product.objects.filter(merchant=world.lucet).exists()
    items = [decode_item(bytes(item.body)) for item in FeedItem.objects.all()]
    assert not [item for item in items if isinstance(item, ProductIs)]


@pytest.mark.row("C11")
def test_searching_shows_only_the_technical_category_and_says_why_there_is_nothing(
    world: World, isabelle: Client
) -> None:
    assert "Aucun produit de fidélité encore" in text(isabelle.get(PRODUCT))
    bread = keep_category(world.lucet.pk, name="Pain")
    keep_product(world.lucet.pk, category=bread, name="Baguette", cents=120)
    LoyaltyProduct.objects.create(merchant=world.lucet, name="Points Lucet")
    LoyaltyProduct.objects.create(merchant=world.iles, name="Points des Îles")
    page = text(isabelle.get(PRODUCT, {"q": "points"}))
    assert "Points Lucet" in page
    assert "Points des Îles" not in page
    page = text(isabelle.get(PRODUCT, {"q": "baguette"}))
    assert "« Baguette » est un article du catalogue." in page
    assert "catégorie technique « Fidélité »" in page
    page = text(isabelle.get(PRODUCT, {"q": "étoiles"}))
    assert "n’a pas de produit de ce nom : créez-le." in page


@pytest.mark.row("C11")
def test_another_one_may_be_chosen_and_the_draft_waits(world: World, isabelle: Client) -> None:
    isabelle.post("/programmes/ajouter/", form(world, kind="points", title="Points", cost=""))
    publish(isabelle)
    assert set(LoyaltyProduct.objects.values_list("name", flat=True)) == {"Points"}
    stars = LoyaltyProduct.objects.create(merchant=world.lucet, name="Étoiles")
    isabelle.post(PRODUCT, {"act": "choose", "product": stars.pk})
    assert Reward.objects.get(kind="points").title == "Étoiles"
    assert [one.title for one in version(world).rewards if one.kind == "points"] == ["Points"]
    theirs = LoyaltyProduct.objects.create(merchant=world.iles, name="Points des Îles")
    for wrong in (theirs.pk, "x", ""):
        answer = isabelle.post(PRODUCT, {"act": "choose", "product": wrong})
        assert answer.status_code == 404
    assert "Le client lit ce nom : donnez-en un." in text(isabelle.post(PRODUCT, {"name": ""}))
