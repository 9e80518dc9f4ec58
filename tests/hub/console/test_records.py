# SPDX-License-Identifier: Apache-2.0
"""Customers are registered and changed on the web, and their cards given, lost and found again."""

from dataclasses import replace

import pytest
from django.test import Client

from hub.ledger.models import Card, Customer
from loyalty import card
from tests.hub.console.test_customers import listed
from tests.hub.console.test_standing import told
from tests.hub.console.world import World, baguette

NEW = {
    "first_name": "Zoé",
    "last_name": "Payet",
    "phone": "+262 692 12 34 56",
    "email": "Zoe@Exemple.RE",
    "day": "24",
    "month": "12",
    "member": "on",
}


def create(client: Client, world: World, **more: str) -> str:
    """Fill in the form of a new customer as it is read on the page that answers."""
    filled = NEW | {"shop": world.denis.pk} | more
    return client.post("/clients/ajouter/", filled, follow=True).content.decode()


@pytest.mark.row("E6")
@pytest.mark.row("E2")
def test_who_registers_on_the_web_is_given_a_number_and_every_till_knows_them(
    world: World, isabelle: Client
) -> None:
    page = create(isabelle, world)
    assert "Zoé Payet est inscrit" in page
    zoe = Customer.objects.get(first_name="Zoé")
    assert (zoe.phone, zoe.email, zoe.birthday) == ("0692123456", "zoe@exemple.re", "12-24")
    code = zoe.cards.get().code
    assert card.read(code).in_store
    assert code.startswith(world.lucet.card_prefix)
    known = told(world.till, zoe)
    assert (known.codes, known.initial, len(known.hashes)) == ((code,), "P", 2)
    assert listed(isabelle, q="06 92 12 34 56") == ["Zoé Payet"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_name": ""}, "Comment s’appelle cette personne ?"),
        ({"phone": "12"}, "Ce numéro n’est pas complet"),
        ({"email": "zoe@"}, "Cette adresse n’est pas complète"),
        ({"month": ""}, "Le jour et le mois, ou aucun des deux."),
        ({"day": "30", "month": "2"}, "Ce jour n’existe pas."),
        ({"code": "2000000000016"}, "Un chiffre n’est pas le bon"),
        ({"shop": ""}, "Choisissez la boutique."),
    ],
)
def test_a_wrong_answer_registers_nobody(
    world: World, isabelle: Client, wrong: dict[str, str], said: str
) -> None:
    assert said in create(isabelle, world, **wrong)
    assert not Customer.objects.filter(first_name="Zoé").exists()


@pytest.mark.row("E6")
def test_who_exists_is_named_while_typing_and_before_anything_is_saved(
    world: World, isabelle: Client
) -> None:
    create(isabelle, world)
    zoe = Customer.objects.get(first_name="Zoé")
    said = isabelle.get("/clients/connus/", {"phone": "06 92 12 34 56"}).content.decode()
    assert f'href="/clients/{zoe.pk}/"' in said
    assert "Zoé Payet" in said
    nobody = isabelle.get("/clients/connus/", {"phone": "0692", "of": str(zoe.pk)})
    assert "Zoé" not in nobody.content.decode()
    page = create(isabelle, world, first_name="Zoë", email="")
    assert "Si ce n’est pas la même personne" in page
    assert "Ouvrir la fiche de Zoé Payet" in page
    assert not Customer.objects.filter(first_name="Zoë").exists()
    create(isabelle, world, first_name="Zoë", email="", apart="on")
    assert Customer.objects.filter(first_name="Zoë").exists()


def test_a_shop_is_told_no_more_than_initials_of_who_is_not_its_own(
    world: World, isabelle: Client, bruno: Client
) -> None:
    create(isabelle, world, shop=world.paul.pk)
    said = bruno.get("/clients/connus/", {"email": "zoe@exemple.re"}).content.decode()
    assert "Z. P., inscrit dans une autre boutique" in said
    assert "Payet" not in said
    taken = Customer.objects.get(first_name="Zoé").cards.get().code
    page = create(bruno, world, first_name="Léa", phone="", email="", code=taken)
    assert "Cette carte est déjà à Z. P." in page


@pytest.mark.row("E7")
def test_a_record_is_changed_and_tills_find_them_by_the_new_phone(
    world: World, isabelle: Client
) -> None:
    create(isabelle, world)
    zoe = Customer.objects.get(first_name="Zoé")
    before = told(world.till, zoe)
    filled = NEW | {"last_name": "Técher", "phone": "0692 99 88 77"}
    page = isabelle.post(f"/clients/{zoe.pk}/fiche/", filled, follow=True).content.decode()
    assert "La fiche est enregistrée" in page
    known = told(world.till, zoe)
    assert known.initial == "T"
    assert known == replace(before, initial="T", hashes=known.hashes)
    assert set(known.hashes) != set(before.hashes)
    assert listed(isabelle, q="techer") == ["Zoé Técher"]
    assert listed(isabelle, q="0692123456") == []


@pytest.mark.row("E5")
def test_a_scanned_code_becomes_a_customers_and_is_nobody_elses(
    world: World, isabelle: Client
) -> None:
    create(isabelle, world, code="HA-112")
    zoe = Customer.objects.get(first_name="Zoé")
    assert zoe.cards.get().code == "HA-112"
    url = f"/clients/{world.elodie.pk}/carte/"
    page = isabelle.post(url, {"code": "HA-112", "other": "both", "reason": "Neuve"})
    assert "Cette carte est déjà à Zoé Payet." in page.content.decode()
    filled = {"code": "HA-113", "other": "both", "reason": "Carte de Noël"}
    page = isabelle.post(url, filled, follow=True).content.decode()
    assert "La carte HA-113 est à Élodie Marchand." in page
    assert "Carte donnée" in page
    assert "…-113 · Carte de Noël" in page
    assert set(told(world.till, world.elodie).codes) >= {"HA-113"}
    assert len(told(world.till, world.elodie).codes) == 2


@pytest.mark.row("E11")
def test_a_lost_card_is_blocked_and_the_account_stays(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(6000), customer=world.elodie)
    world.till.send()
    old = world.elodie.cards.get()
    url = f"/clients/{world.elodie.pk}/carte/"
    filled = {"code": "", "other": "lost", "reason": "Perdue au marché"}
    page = isabelle.post(url, filled, follow=True).content.decode()
    assert "<dt>Points</dt><dd><b>60</b>" in page
    assert "perdue, bloquée" in page
    assert "Perdue au marché" in page
    new = world.elodie.cards.exclude(pk=old.pk).get().code
    known = told(world.till, world.elodie)
    assert (known.codes, known.blocked) == ((new,), (old.code,))
    isabelle.post(f"/clients/cartes/{old.pk}/", {"reason": "Retrouvée"})
    assert set(told(world.till, world.elodie).codes) == {new, old.code}
    isabelle.post(f"/clients/cartes/{old.pk}/", {"reason": "Reperdue"})
    assert told(world.till, world.elodie).blocked == (old.code,)
    assert Card.objects.filter(blocked_at=None, customer=world.elodie).count() == 1


def test_a_sale_that_a_till_made_with_a_lost_card_before_it_heard_still_counts(
    world: World, isabelle: Client
) -> None:
    url = f"/clients/{world.elodie.pk}/carte/"
    isabelle.post(url, {"code": "HA-113", "other": "lost", "reason": "Volée"})
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.send()
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "<dt>Points</dt><dd><b>10</b>" in page


def test_somebody_who_asks_is_given_all_that_is_known_of_them(
    world: World, isabelle: Client
) -> None:
    create(isabelle, world)
    zoe = Customer.objects.get(first_name="Zoé")
    world.till.sell(baguette(6000), customer=zoe, staff=world.marius)
    world.till.send()
    answer = isabelle.get(f"/clients/{zoe.pk}/donnees/")
    assert "attachment" in answer["Content-Disposition"]
    assert "Zoé" in answer.content.decode(), "letters, not their numbers"
    told_of = answer.json()
    (who,) = told_of["Identité"]
    assert (who["Téléphone"], who["Anniversaire"]) == ("0692123456", "24 décembre")
    assert [one["Numéro"] for one in told_of["Cartes"]] == [zoe.cards.get().code]
    assert told_of["Soldes"]["Points"] == 60
    by_name = {line["Quoi"]: line for line in told_of["Histoire"]}
    assert set(by_name) == {"Vente", "Inscription", "Avantage non utilisé"}
    assert (by_name["Vente"]["Par"], by_name["Vente"]["Points"]) == ("Marius", "+60")
