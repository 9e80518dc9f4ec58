# SPDX-License-Identifier: Apache-2.0
"""What each type of reward asks and which options it may have, as tills are told of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.console.reading import MOST_BYTES
from hub.ledger import stock
from hub.ledger.models import Account
from hub.merchants import feed
from hub.merchants.models import FeedItem
from hub.programmes.models import Reward
from hub.programmes.photos import small
from hub.programmes.publish import keep_category, keep_product, rules_of
from loyalty.account import Kind
from loyalty.feed import RewardPhotoIs
from loyalty.programme import Options
from loyalty.wire import decode_item
from tests.hub.console.test_programmes import GAP, form, publish, published_as, text, version
from tests.hub.console.world import World
from tests.pictures import photo


@pytest.mark.row("C10", "C12", "C13")
def test_points_as_payment_have_a_most_and_a_least_order(world: World, isabelle: Client) -> None:
    points = form(
        world, kind="points", title="Points Lucet", most_points="500", least_cents="10",
        point_value="0,02", cost="", rate_bp="",
    )  # fmt: skip
    page = text(isabelle.post("/programmes/exemple/", points))
    assert "Points Lucet" in page
    assert f"−0,80{GAP}€" in page  # 40 points at 2 cents
    reward = published_as(world, isabelle, points, "Points Lucet")
    assert (reward.kind, reward.cost) == ("points", 0)
    assert reward.terms == (("least_cents", 1000), ("most_points", 500))
    assert version(world).point_value_cents == 2


@pytest.mark.row("C12", "C13")
def test_empty_limits_of_points_are_no_limits_and_the_example_keeps_within_them(
    world: World, isabelle: Client
) -> None:
    points = form(world, kind="points", cost="", rate_bp="")
    assert f"−0,40{GAP}€" in text(isabelle.post("/programmes/exemple/", points))
    few = text(isabelle.post("/programmes/exemple/", points | {"most_points": "15"}))
    assert f"−0,15{GAP}€" in few
    small = text(isabelle.post("/programmes/exemple/", points | {"least_cents": "60"}))
    assert f"encore 10,00{GAP}€ d’achat" in small
    assert f"50,00{GAP}€" in small
    assert published_as(world, isabelle, points).terms == ()


def test_a_stamp_card_is_for_an_article_of_the_catalogue(world: World, isabelle: Client) -> None:
    drinks = keep_category(world.lucet.pk, name="Boissons")
    coffee = keep_product(world.lucet.pk, category=drinks, name="Café", cents=150)
    card = form(world, kind="stamps", every="10", article=coffee.pk, cost="", rate_bp="")
    page = text(isabelle.post("/programmes/exemple/", card))
    assert "10 tampons" in page
    assert "encore 2 tampons" in page
    assert f"−10,00{GAP}€" in page  # the cheapest of five at 10
    assert "4 tampons" in page
    reward = published_as(world, isabelle, card)
    assert reward.terms == (("article", coffee.pk), ("every", 10))
    row = Reward.objects.get(title="Remise de fête")
    assert f'value="{coffee.pk}" id="id_article_1" checked' in text(
        isabelle.get(f"/programmes/{row.pk}/")
    )


@pytest.mark.row("C6")
def test_a_welcome_reward_costs_no_points(world: World, isabelle: Client) -> None:
    welcome = form(world, welcome="on", cost="")
    assert "première vente seulement" in text(isabelle.post("/programmes/exemple/", welcome))
    reward = published_as(world, isabelle, welcome)
    assert (reward.options, reward.cost) == (Options(welcome=True), 0)


@pytest.mark.row("C7")
def test_a_reward_per_visit_holds_the_number_of_the_visit_in_its_cost(
    world: World, isabelle: Client
) -> None:
    visit = form(world, kind="gift", gift_title="Café", per_visit="on", cost="10", rate_bp="")
    page = text(isabelle.post("/programmes/exemple/", visit))
    assert "à la 10ᵉ visite" in page
    assert "encore 2 visites" in page
    reward = published_as(world, isabelle, visit)
    assert (reward.options, reward.cost) == (Options(per_visit=True), 10)


@pytest.mark.row("C8")
def test_a_reward_may_be_for_professionals_only(world: World, isabelle: Client) -> None:
    pro = form(world, pro="on", cost="0")
    assert "pour les pros" in text(isabelle.post("/programmes/exemple/", pro))
    assert published_as(world, isabelle, pro).options == Options(pro=True)


def test_a_birthday_reward_needs_its_window_first(world: World, isabelle: Client) -> None:
    rules = rules_of(world.lucet.pk)
    rules.birthday_days = 14
    rules.save()
    reward = published_as(world, isabelle, form(world, birthday="on"))
    assert reward.options == Options(birthday=True)
    assert version(world).birthday_days == 14


@pytest.mark.row("C21")
def test_a_reward_has_dates_a_limit_for_each_customer_and_a_stock_that_tills_count(
    world: World, isabelle: Client
) -> None:
    limited = form(
        world, from_day="2026-12-01", until_day="2026-12-24", per_customer="2", stock="40"
    )
    reward = published_as(world, isabelle, limited)
    assert reward.options == Options(
        from_day="2026-12-01", until_day="2026-12-24", per_customer=2, stock=True
    )
    assert stock.left_of(world.lucet, reward.id) == 40
    page = text(isabelle.get(f"/programmes/{reward.id}/"))
    assert 'name="stock" value="40"' in page
    isabelle.post(f"/programmes/{reward.id}/", limited | {"stock": "35"})
    assert stock.left_of(world.lucet, reward.id) == 35
    # tills have the right to give 20 of them
    Account.objects.filter(kind=Kind.STOCK, owner=reward.id).update(held_total=20)
    page = text(isabelle.post(f"/programmes/{reward.id}/", limited | {"stock": "19", "cost": "9"}))
    assert "Les caisses en gardent 20 à donner : 20 au moins." in page
    assert stock.left_of(world.lucet, reward.id) == 35
    assert Reward.objects.get(pk=reward.id).cost == 200
    isabelle.post(f"/programmes/{reward.id}/", limited | {"stock": ""})
    publish(isabelle)
    (without,) = [one for one in version(world).rewards if one.id == reward.id]
    assert not without.options.stock


def test_what_tills_gave_while_the_page_was_open_is_not_given_back(
    world: World, isabelle: Client
) -> None:
    reward = published_as(world, isabelle, form(world, stock="40"))
    assert 'name="initial-stock" value="40"' in text(isabelle.get(f"/programmes/{reward.id}/"))
    with feed.writing(world.lucet.pk) as out:
        stock.count(out, reward.id, 37, person_id=None)
    opened = form(world, title="Un autre titre", stock="40") | {"initial-stock": "40"}
    isabelle.post(f"/programmes/{reward.id}/", opened)
    assert Reward.objects.get(pk=reward.id).title == "Un autre titre"
    assert stock.left_of(world.lucet, reward.id) == 37


def tills_heard(reward: Reward) -> RewardPhotoIs:
    """What tills were told last of its photo."""
    bodies = FeedItem.objects.order_by("-position").values_list("body", flat=True)
    items = (decode_item(bytes(body)) for body in bodies)
    photos = (item for item in items if isinstance(item, RewardPhotoIs))
    return next(item for item in photos if item.reward == reward.pk)


@pytest.mark.row("C21")
def test_a_reward_has_a_photo_that_customers_see_once_it_is_offered(
    world: World, isabelle: Client
) -> None:
    png = photo()
    where = f"/programmes/{world.discount.pk}/"
    given = form(world, photo=SimpleUploadedFile("tarte.png", png))
    isabelle.post(where, given)
    answer = isabelle.get(f"{where}photo/")
    assert (answer["Content-Type"], answer.content) == ("image/png", png)
    assert f'src="{where}photo/"' in text(isabelle.get(where))
    public = f"/p/{world.lucet.pk}/recompenses/{world.discount.pk}/photo/"
    assert public in text(Client().get(f"/p/{world.lucet.pk}/fidelite/"))
    assert Client().get(public).content == png
    # what is not offered is nobody's to see
    later = form(world, title="Plus tard", photo=SimpleUploadedFile("tarte.png", png))
    isabelle.post("/programmes/ajouter/", later)
    draft = Reward.objects.get(title="Plus tard")
    assert Client().get(f"/p/{world.lucet.pk}/recompenses/{draft.pk}/photo/").status_code == 404
    told = RewardPhotoIs.of(world.discount.pk, small(png))
    assert tills_heard(world.discount) == told, "at once: nothing is decided by a photo"
    for heard in (RewardPhotoIs(reward=world.discount.pk), told):
        isabelle.post(where, {"act": "archive"})
        assert tills_heard(world.discount) == heard
    isabelle.post(where, form(world, no_photo="on"))
    assert tills_heard(world.discount) == RewardPhotoIs(reward=world.discount.pk)
    assert isabelle.get(f"{where}photo/").status_code == 404
    for wrong, refused in (
        (b"<svg/>", "Une image PNG, JPEG ou WebP."),
        (png + bytes(300_000), "300 Ko au plus."),
        (png + bytes(MOST_BYTES + 300_000), "300 Ko au plus."),
        (png[:-400], "Cette image ne se lit pas."),
    ):
        page = text(isabelle.post(where, form(world, photo=SimpleUploadedFile("tarte.png", wrong))))
        assert refused in page
        assert not Reward.objects.get(pk=world.discount.pk).photo_type
