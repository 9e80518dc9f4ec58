# SPDX-License-Identifier: Apache-2.0
"""Points by hand: given with a reason, taken only where free, and told to the customer."""

import pytest
from django.core import mail
from django.test import Client

from hub.ledger.models import Account, Customer, Movement
from hub.ledger.notices import send_points_due
from tests.hub.console.world import World, baguette

ADD = "/rapports/points/ajouter/"
WHY = "Pour votre patience de samedi"


def points_of(customer: Customer) -> int:
    held = Account.objects.filter(owner=customer.uuid, kind="points")
    return sum(held.values_list("balance", flat=True))


def give(client: Client, customer: Customer, points: str, note: str = WHY) -> str:
    url = f"{ADD}?customer={customer.pk}"
    return client.post(url, {"points": points, "note": note}, follow=True).content.decode()


@pytest.mark.row("I2")
def test_the_client_is_found_and_given_points(world: World, isabelle: Client) -> None:
    found = isabelle.get(ADD, {"q": "march"}).content.decode()
    assert f"customer={world.elodie.pk}" in found
    page = give(isabelle, world.elodie, "50")
    assert "Élodie Marchand : +50 points." in page
    assert points_of(world.elodie) == 50


@pytest.mark.row("I3")
def test_the_customer_reads_why_and_is_told_once(world: World, isabelle: Client) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(email="elodie@client.example")
    page = give(isabelle, world.elodie, "50")
    assert WHY in page
    assert "Points ajoutés ou retirés" in page
    assert (send_points_due(), send_points_due()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["elodie@client.example"]
    assert letter.subject == "+50 points chez Maison Lucet"
    assert WHY in letter.body


@pytest.mark.row("I4")
def test_a_row_of_the_list_leads_to_its_own_client(world: World, isabelle: Client) -> None:
    url = f"{ADD}?customer={world.elodie.pk}"
    assert url in isabelle.get("/clients/").content.decode()
    page = isabelle.get(url).content.decode()
    assert "Élodie Marchand" in page
    assert 'name="points"' in page


@pytest.mark.row("I2")
def test_a_minus_takes_what_is_free_and_no_more(world: World, isabelle: Client) -> None:
    give(isabelle, world.elodie, "50")
    give(isabelle, world.elodie, "\N{MINUS SIGN}20")
    assert points_of(world.elodie) == 30
    page = give(isabelle, world.elodie, "-31")
    assert "30 points peuvent être retirés maintenant." in page
    assert points_of(world.elodie) == 30


def test_one_point_is_one_and_none_is_none(world: World, isabelle: Client) -> None:
    Customer.objects.filter(pk=world.elodie.pk).update(email="elodie@client.example")
    page = give(isabelle, world.elodie, "-1")
    assert "0 point peut être retiré maintenant." in page
    assert "Élodie Marchand : +1 point." in give(isabelle, world.elodie, "1")
    assert send_points_due() == 1
    assert mail.outbox[0].subject == "+1 point chez Maison Lucet"


def test_what_a_till_holds_is_not_taken_and_the_till_is_named(
    world: World, isabelle: Client
) -> None:
    world.till.sell(baguette(4000), customer=world.elodie)
    world.till.send()
    give(isabelle, world.elodie, "10")
    page = give(isabelle, world.elodie, "-11")
    assert "10 points peuvent être retirés maintenant." in page
    assert "40 à la caisse Saint-Denis" in page
    assert points_of(world.elodie) == 50


@pytest.mark.parametrize("typed", ["", "0", "1,5", "beaucoup", "1000001", "--5"])
def test_what_is_no_amount_gives_nothing(world: World, isabelle: Client, typed: str) -> None:
    page = give(isabelle, world.elodie, typed)
    assert "Rien n’est enregistré" in page
    assert not Movement.objects.exists()


def test_without_a_reason_nothing_is_given(world: World, isabelle: Client) -> None:
    assert "Dites pourquoi" in give(isabelle, world.elodie, "50", "  ")
    assert not Movement.objects.exists()


@pytest.mark.row("I6")
def test_the_report_says_who_gave_them_and_why(world: World, isabelle: Client) -> None:
    give(isabelle, world.elodie, "50")
    page = isabelle.get("/rapports/points/?kind=adjusted").content.decode()
    for said in ("Points ajoutés ou retirés", WHY, "Isabelle Lucet", "+50"):
        assert said in page


def test_somebody_without_an_address_is_sent_nothing(world: World, isabelle: Client) -> None:
    give(isabelle, world.elodie, "50")
    assert send_points_due() == 0
