# SPDX-License-Identifier: Apache-2.0
"""The merchant's shops."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from hub.merchants import links, tokens
from hub.merchants.models import FeedItem, Shop
from tests.hub.console.world import World, baguette

PLACE = {
    "name": "Saint-Pierre",
    "street": "45 rue des Bons-Enfants",
    "postcode": "97410",
    "city": "Saint-Pierre",
    "phone": "0262 25 00 01",
    "email": "saint-pierre@lucet.example",
    "zone": "Indian/Reunion",
}
NEW = "Brioche-2027"


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


@pytest.mark.row("B1")
@pytest.mark.parametrize("missing", PLACE)
def test_every_field_is_required_and_says_so_beside_it(
    world: World, isabelle: Client, missing: str
) -> None:
    page = isabelle.post("/boutiques/ajouter/", PLACE | {missing: ""}).content.decode()
    assert f'id="id_{missing}_errors"' in page
    assert page.count('class="errorlist"') == 1
    assert world.lucet.shops.count() == 2


@pytest.mark.row("B1")
def test_a_new_shop_is_mailed_the_link_of_its_own_log_in(world: World, isabelle: Client) -> None:
    isabelle.post("/boutiques/ajouter/", PLACE)
    links.send_due()
    letter = mail.outbox[-1]
    assert letter.to == [PLACE["email"]]
    url = letter.body.splitlines()[0].removeprefix("http://testserver")
    guest = Client()
    assert "Il manque" in guest.post(url, {"password": "brioche"}).content.decode()
    guest.post(url, {"password": NEW})
    signed_in = guest.post("/connexion/", {"username": PLACE["email"], "password": NEW})
    assert signed_in.status_code == 302
    assert guest.get("/clients/").status_code == 200
    assert guest.get("/boutiques/").status_code == 403


def test_an_address_that_has_an_account_opens_no_shop(world: World, isabelle: Client) -> None:
    taken = PLACE | {"email": world.isabelle.email.upper()}
    page = isabelle.post("/boutiques/ajouter/", taken).content.decode()
    assert "Cette adresse a déjà un compte" in page
    assert world.lucet.shops.count() == 2


@pytest.mark.row("B3")
def test_a_shop_is_found_and_its_log_in_is_turned_from_its_page(
    world: World, isabelle: Client, bruno: Client
) -> None:
    assert f"/boutiques/{world.denis.pk}/" in isabelle.get("/boutiques/").content.decode()
    page = f"/boutiques/{world.denis.pk}/"
    assert world.bruno.email in isabelle.get(page).content.decode()
    said = isabelle.post(f"{page}compte/", {"act": "out"}, follow=True).content.decode()
    assert "Le compte est fermé." in said
    assert bruno.get("/clients/").status_code == 302
    isabelle.post(f"{page}compte/", {"act": "in"})
    assert bruno.get("/clients/").status_code == 200


def test_a_shop_without_a_log_in_is_given_one_later(world: World, isabelle: Client) -> None:
    page = f"/boutiques/{world.paul.pk}/"
    isabelle.post(page, PLACE | {"name": "Saint-Paul"})
    said = isabelle.post(f"{page}compte/", follow=True).content.decode()
    assert "Un lien est parti à saint-pierre@lucet.example" in said
    said = isabelle.post(f"{page}compte/", {"act": "again"}, follow=True).content.decode()
    assert "Le lien est renvoyé" in said
    assert "attend qu’on suive le lien" in said


@pytest.mark.row("B3")
def test_a_shop_closes_once_its_terminals_are_out_of_service(
    world: World, isabelle: Client, bruno: Client
) -> None:
    page = f"/boutiques/{world.denis.pk}/fermer/"
    assert "Retirez d’abord" in isabelle.post(page, follow=True).content.decode()
    world.denis.terminals.update(retired_at=timezone.now())
    assert "est fermée" in isabelle.post(page, follow=True).content.decode()
    assert bruno.get("/clients/").status_code == 302
    isabelle.post(page)
    assert bruno.get("/clients/").status_code == 200


def test_a_closed_shop_is_not_in_the_interface(world: World) -> None:
    secret = tokens.make(world.lucet.pk, "Agenda", [], by_id=world.isabelle.pk)[1]
    asked = {"Authorization": f"Bearer {secret}"}
    world.paul.closed_at = timezone.now()
    world.paul.save()
    said = Client().get("/api/1/shops", headers=asked).json()
    assert [one["id"] for one in said] == [world.denis.pk]
