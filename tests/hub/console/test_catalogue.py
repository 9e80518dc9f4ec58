# SPDX-License-Identifier: Apache-2.0
"""The catalogue: categories, products, their barcodes; tills hear of every change (SPEC D1, D2)."""

import pytest
from django.test import Client

from hub.merchants.models import FeedItem
from hub.programmes.models import Category, Product
from hub.programmes.publish import keep_category, keep_product, rules_of
from loyalty.feed import CategoryIs, ProductIs
from loyalty.wire import decode_item
from tests.hub.console.world import ENTERING, World

LIST, ADD = "/catalogue/", "/catalogue/ajouter/"
EAN = "3017620422003"


def heard(world: World, kind: type) -> list:
    """Give what tills heard of a kind, the newest first."""
    items = FeedItem.objects.filter(merchant=world.lucet).order_by("-position")
    every = (decode_item(bytes(item.body)) for item in items)
    return [item for item in every if isinstance(item, kind)]


def read(client: Client, address: str = LIST, **asked: str) -> str:
    return client.get(address, asked).content.decode()


@pytest.fixture
def breads(world: World) -> Category:
    return keep_category(world.lucet.pk, name="Pains", rank=0)


def form(breads: Category, **more: str) -> dict[str, str]:
    filled = {
        "name": "Baguette tradition", "category": breads.pk, "cents": "1,35", "vat_bp": "5,5",
        "ean": EAN, "earns": "on",
    }  # fmt: skip
    return filled | more


@pytest.mark.row("D1", "D2")
def test_a_category_is_made_of_its_name_alone_and_tills_hear_of_it(
    world: World, isabelle: Client
) -> None:
    assert "Aucun article encore" in read(isabelle)
    answer = isabelle.post(LIST, {"name": "Pains"}, follow=True).content.decode()
    assert "Le rayon « Pains » est ajouté." in answer
    (told,) = [item for item in heard(world, CategoryIs) if item.name == "Pains"]
    assert not told.gone
    assert "Ce rayon existe déjà." in isabelle.post(LIST, {"name": "pains"}).content.decode()


@pytest.mark.row("D2")
def test_a_product_is_made_by_a_form_and_tills_hear_of_it(
    world: World, isabelle: Client, breads: Category
) -> None:
    isabelle.post(ADD, form(breads))
    product = Product.objects.get(merchant=world.lucet, name="Baguette tradition")
    assert (product.cents, product.vat_bp, product.ean) == (135, 550, EAN)
    told = heard(world, ProductIs)[0]
    assert (told.name, told.cents, told.ean) == ("Baguette tradition", 135, EAN)
    page = read(isabelle)
    assert "Baguette tradition" in page
    assert "1 article" in page


@pytest.mark.row("D2")
def test_whether_a_product_earns_is_said_here_and_waits_for_the_rules_to_be_published(
    world: World, isabelle: Client, breads: Category
) -> None:
    answer = isabelle.post(ADD, form(breads, earns=""), follow=True).content.decode()
    product = Product.objects.get(name="Baguette tradition")
    assert rules_of(world.lucet.pk).not_earning == [product.pk]
    assert "vaudra une fois publié" in answer
    isabelle.post(f"/catalogue/{product.pk}/", form(breads))
    assert rules_of(world.lucet.pk).not_earning == []


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Donnez-lui un nom."),
        ({"cents": ""}, "Combien coûte-t-il ?"),
        ({"cents": "beaucoup"}, "Un montant"),
        ({"category": "nowhere"}, "Ce rayon n’est plus au catalogue."),
        ({"ean": "123"}, "8, 12 ou 13 chiffres"),
        ({"ean": "3017620422004"}, "Un chiffre est faux"),
        ({"ean": "2000417004418"}, ""),
        ({"vat_bp": "200"}, "Entre"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_kept(
    world: World, isabelle: Client, breads: Category, wrong: dict[str, str], words: str
) -> None:
    answer = isabelle.post(ADD, form(breads, **wrong))
    assert answer.status_code == 200
    assert "Rien n’est enregistré" in answer.content.decode()
    assert words in answer.content.decode()
    assert not Product.objects.filter(name="Baguette tradition").exists()


def test_a_barcode_names_one_product(world: World, isabelle: Client, breads: Category) -> None:
    keep_product(world.lucet.pk, name="Nutella", category=breads, cents=400, ean=EAN)
    keep_product(world.iles.pk, name="Ailleurs", cents=400, ean="96385074",
        category=keep_category(world.iles.pk, name="Livres"))  # fmt: skip
    answer = isabelle.post(ADD, form(breads)).content.decode()
    assert "« Nutella » a déjà ce code-barres." in answer
    isabelle.post(ADD, form(breads, ean="96385074"))
    assert Product.objects.filter(merchant=world.lucet, ean="96385074").count() == 1


def test_products_are_found_without_accents_and_by_their_barcode(
    world: World, isabelle: Client, breads: Category
) -> None:
    keep_product(world.lucet.pk, name="Éclair au café", category=breads, cents=320, ean=EAN)
    keep_product(world.lucet.pk, name="Flan", category=breads, cents=280)
    for words in ("eclair CAFE", EAN[3:8]):
        page = read(isabelle, q=words)
        assert "Éclair au café" in page
        assert "Flan" not in page
    assert "Aucun article ici" in read(isabelle, q="zzz")


@pytest.mark.row("D1")
def test_a_category_with_products_stays_and_an_empty_one_goes(
    world: World, isabelle: Client, breads: Category
) -> None:
    flan = keep_product(world.lucet.pk, name="Flan", category=breads, cents=280)
    away = f"/catalogue/rayons/{breads.pk}/retirer/"
    assert "Déplacez ou retirez d’abord" in isabelle.post(away, follow=True).content.decode()
    isabelle.post(f"/catalogue/{flan.pk}/retirer/", follow=True)
    assert heard(world, ProductIs)[0].gone
    assert "Flan" not in read(isabelle)
    isabelle.post(away)
    assert heard(world, CategoryIs)[0].gone
    assert not Category.objects.get(pk=breads.pk).products.filter(gone=False).exists()


def test_a_category_is_named_anew(world: World, isabelle: Client, breads: Category) -> None:
    isabelle.post(f"/catalogue/rayons/{breads.pk}/", {"name": "Boulangerie"})
    assert heard(world, CategoryIs)[0].name == "Boulangerie"


def test_an_operator_reads_and_changes_nothing(
    world: World, odile: Client, breads: Category
) -> None:
    odile.post(f"/commerces/{world.lucet.pk}/entrer/", ENTERING)
    assert "Pains" in read(odile)
    assert odile.post(ADD, form(breads)).status_code == 403
