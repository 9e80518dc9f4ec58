# SPDX-License-Identifier: Apache-2.0
"""An article is chosen by searching for it, in a catalogue of any size."""

import pytest
from django.test import Client

from hub.console.forms.articles import MOST
from hub.merchants.words import plain
from hub.programmes.models import Category, Product
from hub.programmes.publish import keep_category, keep_product
from tests.hub.console.world import World

FIND = "/catalogue/trouver/"
PLENTY = 300


@pytest.fixture
def cakes(world: World) -> Category:
    """A shelf with many articles."""
    shelf = keep_category(world.lucet.pk, name="Pâtisseries")
    named = [f"Éclair nº {n}" for n in range(PLENTY)]
    Product.objects.bulk_create(
        Product(merchant=world.lucet, category=shelf, name=name, search=plain(name), cents=250)
        for name in named
    )
    return shelf


def found(client: Client, q: str, *, of: str = "bought", **more: str) -> str:
    asked = {"of": of, "field": "b0-0-article", "b0-0-article-q": q}
    return client.post(FIND, asked | more).content.decode()


def test_it_is_found_by_any_part_of_its_name_however_it_is_written(
    isabelle: Client, cakes: Category
) -> None:
    page = found(isabelle, "ECLAIR 299")
    assert "Éclair nº 299 · Pâtisseries" in page
    assert page.count('type="radio"') == 1
    assert "Rien de ce nom" in found(isabelle, "religieuse")


def test_a_few_are_offered_and_the_page_says_that_there_are_others(
    isabelle: Client, cakes: Category
) -> None:
    page = found(isabelle, "eclair")
    assert page.count('type="radio"') == MOST
    assert "donnez plus de lettres" in page


def test_what_is_chosen_stays_while_one_searches_on(isabelle: Client, cakes: Category) -> None:
    chosen = cakes.products.get(name="Éclair nº 7").pk
    page = found(isabelle, "eclair 299", **{"b0-0-article": chosen})
    assert f'value="{chosen}" id="id_b0-0-article_0" checked' in page
    assert "Éclair nº 299" in page


def test_any_number_is_ticked_where_a_rule_names_several(isabelle: Client, cakes: Category) -> None:
    two = list(cakes.products.order_by("pk").values_list("pk", flat=True)[:2])
    asked = {"of": "left-out", "field": "left_out", "left_out": two, "left_out-q": "eclair 299"}
    page = isabelle.post(FIND, asked).content.decode()
    assert page.count('type="checkbox"') == 3
    assert page.count("checked") == 2
    assert "Éclair nº 299" in page


def test_a_reward_may_be_for_a_whole_category_and_a_segment_asks_what_was_ever_sold(
    world: World, isabelle: Client, cakes: Category
) -> None:
    keep_product(world.lucet.pk, name="Éclair d’hier", category=cakes, cents=100, gone=True)
    assert "Tout le rayon Pâtisseries" in found(isabelle, "patiss", of="counted")
    assert "hier" not in found(isabelle, "hier", of="counted")
    assert "Éclair d’hier (retiré)" in found(isabelle, "hier")
    assert "Tout le rayon" not in found(isabelle, "patiss")


def test_nobody_finds_what_another_merchant_sells(
    world: World, isabelle: Client, cakes: Category
) -> None:
    theirs = keep_category(world.iles.pk, name="Romans")
    novel = keep_product(world.iles.pk, name="Paul et Virginie", category=theirs, cents=900)
    assert "Virginie" not in found(isabelle, "virginie")
    assert "Virginie" not in found(isabelle, "", **{"b0-0-article": novel.pk})
    assert "Virginie" not in found(isabelle, "virginie", of="counted")


def test_a_field_that_no_form_has_is_drawn_as_the_plain_one(
    isabelle: Client, cakes: Category
) -> None:
    plain_one = found(isabelle, "", field="article")
    assert found(isabelle, "", of="nothing", field="<b>") == plain_one


@pytest.mark.parametrize(
    "address", ["/programmes/gains/", "/programmes/ajouter/", "/campagnes/segments/ajouter/"]
)
def test_no_form_lists_the_whole_catalogue(isabelle: Client, cakes: Category, address: str) -> None:
    typed = {"act": "block", "b0-join": "all", "b0-0-kind": "product"}
    segment = address.startswith("/campagnes")
    page = (isabelle.post(address, typed) if segment else isabelle.get(address)).content.decode()
    assert page.count("Éclair") <= MOST
    assert ("Éclair" in page) is not address.endswith("programmes/ajouter/")


def test_a_search_that_led_to_no_choice_is_not_passed_over(
    isabelle: Client, cakes: Category
) -> None:
    kept = cakes.products.get(name="Éclair nº 7").pk
    typed = {
        "name": "Éclairs", "join": "all", "b0-join": "all", "b0-0-kind": "product",
        "b0-0-did": "True", "b0-0-article": kept, "b0-0-article-q": "eclair 299",
    }  # fmt: skip
    page = isabelle.post("/campagnes/segments/ajouter/", typed).content.decode()
    assert "Choisissez dans la liste, ou effacez la recherche." in page
    assert "Éclair nº 299 · Pâtisseries" in page
