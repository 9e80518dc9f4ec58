# SPDX-License-Identifier: Apache-2.0
"""A customer's points become a gift card: whole or not at all, and never more than are free."""

import pytest
from django.test import Client

from hub.ledger import audit, listings
from hub.ledger.bonus import adjust_points
from hub.ledger.giftcards import GiftCard, GiftOffer
from hub.ledger.models import Account
from hub.merchants.models import FeedItem
from loyalty.feed import GiftOffer as Offered
from loyalty.feed import GiftOffersAre
from loyalty.wire import decode_item
from tests.hub.console.world import World

OFFERS, EXCHANGE = "/cartes-cadeaux/points/", "/cartes-cadeaux/points/echanger/"
GAP = "\N{NO-BREAK SPACE}"


def text(answer: object) -> str:
    return answer.content.decode()


@pytest.fixture
def offer(world: World, isabelle: Client) -> GiftOffer:
    """A card of 10 € for 900 points."""
    page = text(isabelle.post(OFFERS, {"amount": "10", "points": "900"}, follow=True))
    assert f"Une carte de 10,00{GAP}€ s’obtient maintenant contre 900 points." in page
    return GiftOffer.objects.get()


def told(world: World) -> GiftOffersAre:
    """What the tills heard last of them."""
    bodies = FeedItem.objects.filter(merchant=world.lucet).order_by("position")
    items = [decode_item(bytes(body)) for body in bodies.values_list("body", flat=True)]
    return [item for item in items if isinstance(item, GiftOffersAre)][-1]


def exchanging(world: World, offer: GiftOffer) -> dict[str, object]:
    return {
        "offer": offer.pk,
        "shop": world.denis.pk,
        "recipient": "Élodie Marchand",
        "email": "elodie@client.example",
    }


@pytest.fixture
def rich(world: World) -> str:
    """Élodie has 1 000 points; the address of the page about her."""
    adjust_points(world.elodie, 1000, note="Merci", shop=None, person_id=None)
    return f"{EXCHANGE}?customer={world.elodie.pk}"


@pytest.mark.row("H4")
def test_a_customer_s_points_become_a_card_that_is_e_mailed(
    world: World, isabelle: Client, offer: GiftOffer, rich: str
) -> None:
    page = text(isabelle.get(rich))
    assert f"10,00{GAP}€ · 900 points" in page
    assert "Points utilisables : 1" in page
    page = text(isabelle.post(rich, exchanging(world, offer), follow=True))
    card = GiftCard.objects.get()
    assert (card.cents, card.points, card.customer) == (1000, 900, world.elodie.uuid)
    assert (card.email, card.virtual) == ("elodie@client.example", True)
    assert "900 points" in page
    assert listings.gift_cards(world.lucet).get().left == 1000
    assert Account.objects.get(kind="points", owner=world.elodie.uuid).balance == 100
    assert "à envoyer" in page
    assert audit.faults(world.lucet.pk) == []


@pytest.mark.row("H4")
def test_more_points_than_are_free_make_no_card(
    world: World, isabelle: Client, offer: GiftOffer, rich: str
) -> None:
    Account.objects.filter(kind="points", owner=world.elodie.uuid).update(held_total=500)
    page = text(isabelle.post(rich, exchanging(world, offer)))
    assert "Il en faut 900 points ; 500 points peuvent être utilisés maintenant." in page
    assert 'value="elodie@client.example"' in page
    assert not GiftCard.objects.exists()


@pytest.mark.row("H4")
def test_an_offer_is_switched_off_and_on(
    world: World, isabelle: Client, bruno: Client, offer: GiftOffer, rich: str
) -> None:
    assert "Échanger des points" in text(bruno.get("/cartes-cadeaux/"))
    assert told(world) == GiftOffersAre((Offered(1000, 900),))
    isabelle.post(f"{OFFERS}{offer.pk}/")
    assert told(world) == GiftOffersAre(())
    assert "arrêtée" in text(isabelle.get(OFFERS))
    assert "Échanger des points" not in text(bruno.get("/cartes-cadeaux/"))
    page = text(isabelle.post(rich, exchanging(world, offer)))
    assert "Aucune carte contre des points" in page
    assert not GiftCard.objects.exists()
    isabelle.post(f"{OFFERS}{offer.pk}/")
    assert "proposée" in text(isabelle.get(OFFERS))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": ""}, "De combien d’euros ?"),
        ({"points": ""}, "Contre combien de points ?"),
        ({"points": "0"}, "Entre 1 et 1000000."),
        ({"amount": "x"}, "Un montant en euros, comme 12,50."),
    ],
)
def test_a_wrong_offer_is_not_made(isabelle: Client, wrong: dict[str, str], said: str) -> None:
    assert said in text(isabelle.post(OFFERS, {"amount": "10", "points": "900"} | wrong))
    assert not GiftOffer.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"offer": ""}, "Choisissez une carte."),
        ({"offer": "999"}, "Cette carte n’est plus proposée."),
        ({"email": "x"}, "Ce n’est pas une adresse e-mail"),
        ({"recipient": ""}, "À qui est-elle offerte ?"),
    ],
)
def test_a_wrong_exchange_takes_no_points(
    world: World, isabelle: Client, rich: str, wrong: dict[str, str], said: str
) -> None:
    filled = exchanging(world, GiftOffer.objects.create(merchant=world.lucet, cents=1, points=1))
    assert said in text(isabelle.post(rich, filled | wrong))
    assert Account.objects.get(kind="points", owner=world.elodie.uuid).balance == 1000
