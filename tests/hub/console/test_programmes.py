# SPDX-License-Identifier: Apache-2.0
"""Make, change, try and publish rewards: what tills will decide with."""

import re

import pytest
from django.test import Client

from hub.programmes.models import Reward, Rules
from hub.programmes.publish import published
from loyalty.programme import EarnRule, LoyaltyProgramme
from loyalty.programme import Reward as Published
from tests.hub.console.world import World

GAP = "\N{NO-BREAK SPACE}"


def form(world: World, **changes: object) -> dict[str, object]:
    """Fill in a discount of 10 % for 200 points in both shops."""
    filled = {
        "kind": "discount",
        "cost": "200",
        "title": "Remise de fête",
        "rate_bp": "10",
        "gift_title": "",
        "earn_points": "1",
        "earn_per": "1,00",
        "point_value": "0,01",
        "shops": [world.denis.pk, world.paul.pk],
        "order": "50,00",
        "act": "save",
    }
    return filled | changes


def version(world: World) -> LoyaltyProgramme:
    newest = published(world.lucet.pk)
    assert newest is not None
    return newest


def publish(isabelle: Client) -> object:
    """Read what would change, and publish it."""
    page = text(isabelle.get("/programmes/publier/"))
    read = re.search(r'name="read" value="(\w+)"', page)
    assert read
    return isabelle.post("/programmes/publier/", {"read": read[1]}, follow=True)


def published_as(
    world: World, isabelle: Client, filled: dict[str, object], title: str = "Remise de fête"
) -> Published:
    """Save a new reward and publish: what tills have of it."""
    isabelle.post("/programmes/ajouter/", filled)
    publish(isabelle)
    return next(one for one in version(world).rewards if one.title == title)


def text(answer: object) -> str:
    return answer.content.decode()


@pytest.mark.row("C1")
def test_the_three_types_are_listed_added_edited_and_archived(
    world: World, isabelle: Client
) -> None:
    page = text(isabelle.get("/programmes/"))
    for title in ("Remise de 10 %", "Croissant", "Cagnotte 3 %"):
        assert title in page
    isabelle.post("/programmes/ajouter/", form(world))
    reward = Reward.objects.get(title="Remise de fête")
    isabelle.post(f"/programmes/{reward.pk}/", form(world, title="Remise de Noël", cost="150"))
    reward.refresh_from_db()
    assert (reward.title, reward.cost) == ("Remise de Noël", 150)
    answer = isabelle.post(f"/programmes/{reward.pk}/", {"act": "archive"}, follow=True)
    assert "« Remise de Noël » est archivée." in text(answer)
    assert f"/programmes/{reward.pk}/" not in text(isabelle.get("/programmes/"))
    assert "Remise de Noël" in text(isabelle.get("/programmes/?archived=1"))
    isabelle.post(f"/programmes/{reward.pk}/", {"act": "archive"})
    assert "Remise de Noël" in text(isabelle.get("/programmes/"))


@pytest.mark.row("C2")
def test_a_discount_reaches_tills_when_its_version_is_published(
    world: World, isabelle: Client
) -> None:
    answer = isabelle.post("/programmes/ajouter/", form(world, rate_bp="12,5", act="publish"))
    assert answer["Location"] == "/programmes/publier/"
    publish(isabelle)
    programme = version(world)
    assert programme.version == 2
    (discount,) = [one for one in programme.rewards if one.title == "Remise de fête"]
    assert (discount.kind, discount.rate_bp, discount.cost) == ("discount", 1250, 200)


@pytest.mark.row("C3")
def test_a_gift_names_what_is_given_and_has_no_percentage(world: World, isabelle: Client) -> None:
    gift = form(world, kind="gift", gift_title="Café", rate_bp="", cost="60")
    reward = published_as(world, isabelle, gift)
    assert (reward.kind, reward.gift_title, reward.rate_bp) == ("gift", "Café", 0)


@pytest.mark.row("C4")
def test_cashback_may_cost_nothing_and_shows_what_a_sale_adds(
    world: World, isabelle: Client
) -> None:
    cashback = form(world, kind="cashback", rate_bp="2", cost="0")
    page = text(isabelle.post("/programmes/exemple/", cashback))
    assert "Ajouté à la cagnotte" in page
    assert f"0,93{GAP}€" in page  # 2 % of 50,00 − 3,40
    assert f"46,60{GAP}€" in page
    reward = published_as(world, isabelle, cashback)
    assert (reward.kind, reward.rate_bp, reward.cost) == ("cashback", 200, 0)


@pytest.mark.row("C5")
def test_a_reward_is_for_all_shops_but_the_unticked_ones_future_ones_included(
    world: World, isabelle: Client
) -> None:
    reward = published_as(world, isabelle, form(world, shops=[world.denis.pk]))
    assert reward.offered_in(world.denis.pk)
    assert not reward.offered_in(world.paul.pk)
    assert reward.offered_in("a shop that opens later")
    row = Reward.objects.get(title="Remise de fête")
    page = text(isabelle.get(f"/programmes/{row.pk}/"))
    assert f'value="{world.denis.pk}" id="id_shops_0" checked' in page
    assert f'value="{world.paul.pk}" id="id_shops_1" checked' not in page


@pytest.mark.row("C9")
def test_the_earning_rule_is_x_points_per_y_euros(world: World, isabelle: Client) -> None:
    published_as(world, isabelle, form(world, earn_points="5", earn_per="50"))
    assert version(world).earn == EarnRule(5, 5000)
    assert "5 points pour 50,00" in text(isabelle.get("/programmes/"))


@pytest.mark.row("C9")
def test_the_example_carries_what_makes_no_whole_step(world: World, isabelle: Client) -> None:
    gift = form(world, kind="gift", gift_title="Café", earn_points="1", earn_per="30")
    page = text(isabelle.post("/programmes/exemple/", gift))
    assert "1 point<" in page
    assert f"20,00{GAP}€" in page


@pytest.mark.row("C14")
def test_an_order_of_50_euros_earns_50_points_worth_50_cents(
    world: World, isabelle: Client
) -> None:
    gift = form(world, kind="gift", gift_title="Croissant", rate_bp="")
    page = text(isabelle.post("/programmes/exemple/", gift))
    assert ">50 points<" in page
    assert f">0,50{GAP}€<" in page


def test_the_example_is_priced_by_the_tills_own_rules(world: World, isabelle: Client) -> None:
    page = text(isabelle.post("/programmes/exemple/", form(world, order="49,60")))
    assert f"−4,96{GAP}€" in page
    assert f"44,64{GAP}€" in page
    assert ">44 points<" in page
    assert f">0,64{GAP}€<" in page
    assert f">0,44{GAP}€<" in page


def test_the_example_bears_a_form_half_filled_in(world: World, isabelle: Client) -> None:
    for half in ({}, {"kind": "gift"}, form(world, cost="beaucoup", rate_bp="-3", order="x")):
        answer = isabelle.post("/programmes/exemple/", half)
        assert answer.status_code == 200
        assert "À payer" in text(answer)


def test_trying_the_example_keeps_nothing(world: World, isabelle: Client) -> None:
    before = Reward.objects.count()
    isabelle.post("/programmes/exemple/", form(world, earn_points="9"))
    isabelle.post("/programmes/ajouter/", form(world, earn_points="9", act="example"))
    assert Reward.objects.count() == before
    assert Rules.objects.get(merchant=world.lucet).earn_points == 1


def test_what_is_saved_waits_and_what_is_published_is_frozen(
    world: World, isabelle: Client
) -> None:
    answer = isabelle.post(
        f"/programmes/{world.discount.pk}/", form(world, cost="100"), follow=True
    )
    assert "modifiée" in text(answer)
    assert version(world).version == 1
    answer = publish(isabelle)
    assert "La version 2 est publiée" in text(answer)
    assert "à publier" not in text(isabelle.get("/programmes/"))
    assert version(world).version == 2


def test_publishing_what_changes_nothing_makes_no_version(world: World, isabelle: Client) -> None:
    isabelle.post("/programmes/publier/")
    assert version(world).version == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Le client lit ce titre à la caisse : donnez-en un."),
        ({"cost": ""}, "Combien de points coûte-t-elle ?"),
        ({"cost": "-1"}, "Entre 0 et 1000000."),
        ({"cost": "dix"}, "Un nombre entier."),
        ({"rate_bp": ""}, "Donnez un pourcentage"),
        ({"rate_bp": "101"}, "Entre 0,01 et 100,00."),
        ({"rate_bp": "2,555"}, "Deux chiffres après la virgule au plus."),
        ({"rate_bp": "dix"}, "Un pourcentage, comme 10 ou 2,5."),
        ({"kind": "gift"}, "Dites ce que le client reçoit."),
        ({"kind": "lottery"}, "Choisissez un des types proposés."),
        ({"kind": "stamps", "every": "", "rate_bp": ""}, "Combien ? Un nombre entier."),
        ({"kind": "stamps", "every": "0"}, "Entre 1 et 1000000."),
        ({"kind": "stamps", "every": "10", "article": "gone"}, "n’est plus au catalogue."),
        ({"kind": "points", "least_cents": "dix"}, "Un montant en euros, comme 12,50."),
        ({"kind": "points", "most_points": "1,5"}, "Un nombre entier."),
        ({"per_visit": "on", "cost": ""}, "À quelle visite ? 10 : à la dixième."),
        ({"kind": "cashback", "per_visit": "on"}, "La caisse ne peut pas l’appliquer seule"),
        ({"birthday": "on"}, "Dites d’abord dans « Règles de gain »"),
        ({"tiers": ["gold"]}, "Ce statut n’existe plus."),
        ({"from_day": "2026-12-24", "until_day": "2026-12-01"}, "Le dernier jour est avant"),
        ({"from_day": "demain"}, "Une date, comme 24/12/2026."),
        ({"per_customer": "0"}, "Entre 1 et 1000."),
        ({"stock": "-1"}, "Entre 0 et 1000000."),
        ({"earn_per": "0"}, "Entre 0,01 et 99999,99."),
        ({"earn_points": "0"}, "Entre 1 et 1000000."),
        ({"point_value": "1e9"}, "Entre 0,01 et 100,00."),
        ({"point_value": "NaN"}, "Un montant en euros, comme 12,50."),
        ({"shops": ["nowhere"]}, "Cette boutique n’est pas à vous."),
    ],
)
def test_an_error_stands_by_its_field_and_what_was_typed_is_kept(
    world: World, isabelle: Client, wrong: dict[str, object], said: str
) -> None:
    before = Reward.objects.count()
    page = text(isabelle.post("/programmes/ajouter/", form(world, **wrong)))
    assert said in page
    assert "Rien n’est enregistré" in page
    assert "title" in wrong or 'value="Remise de fête"' in page
    assert Reward.objects.count() == before
    assert Rules.objects.get(merchant=world.lucet).earn_per_cents == 100


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    world: World, isabelle: Client
) -> None:
    page = text(isabelle.get(f"/programmes/{world.discount.pk}/"))
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    isabelle.post(f"/programmes/{world.discount.pk}/", form(world, cost="150", seen=seen[1]))
    late = isabelle.post(f"/programmes/{world.discount.pk}/", form(world, cost="99", seen=seen[1]))
    assert "Quelqu’un l’a changée depuis que vous l’avez ouverte." in text(late)
    assert 'value="99"' in text(late)
    world.discount.refresh_from_db()
    assert world.discount.cost == 150


def test_a_reward_may_not_be_kept_from_a_shop_of_another_merchant(
    world: World, isabelle: Client
) -> None:
    page = text(isabelle.post("/programmes/ajouter/", form(world, shops=[world.port.pk])))
    assert "Cette boutique n’est pas à vous." in page


def test_money_is_read_as_people_type_it(world: World, isabelle: Client) -> None:
    for typed, cents in (("1", 100), ("1,5", 150), ("1.50", 150), (f"1{GAP}000,00", 100_000)):
        isabelle.post(f"/programmes/{world.discount.pk}/", form(world, earn_per=typed))
        assert Rules.objects.get(merchant=world.lucet).earn_per_cents == cents
