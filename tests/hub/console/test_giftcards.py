# SPDX-License-Identifier: Apache-2.0
"""Gift cards made on the web."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger.models import GiftCard
from loyalty import giftcard
from tests.hub.console.world import World

GAP = "\N{NO-BREAK SPACE}"
ZONE = ZoneInfo("Indian/Reunion")


def form(world: World, **changes: object) -> dict[str, object]:
    """Fill in a virtual card of 40 €."""
    return {
        "medium": "virtual",
        "amount": "40",
        "number": "",
        "shop": world.denis.pk,
        "buyer": "Ginette Fontaine",
        "recipient": "Théo Maillot",
        "email": "theo@client.example",
        "message": "",
        "send_on": timezone.localdate(timezone=ZONE).isoformat(),
    } | changes


def text(answer: object) -> str:
    return answer.content.decode()


@pytest.mark.row("H1")
def test_a_virtual_card_is_given_a_number_that_is_shown_once(
    world: World, isabelle: Client
) -> None:
    answer = isabelle.post("/cartes-cadeaux/creer/", form(world), follow=True)
    card = GiftCard.objects.get()
    assert (card.cents, card.virtual, card.recipient) == (4000, True, "Théo Maillot")
    assert not giftcard.damaged(card.code)
    assert giftcard.spaced(card.code) in text(answer)
    assert "Théo Maillot sera prévenu par e-mail." in text(answer)
    again = text(isabelle.get(f"/cartes-cadeaux/{card.pk}/"))
    assert giftcard.spaced(card.code) not in again
    assert card.code not in again
    assert card.last4 in again


@pytest.mark.row("H1")
def test_a_physical_card_keeps_the_number_that_was_typed(world: World, isabelle: Client) -> None:
    number = giftcard.number(123456789)
    typed = giftcard.spaced(number).lower()
    isabelle.post("/cartes-cadeaux/creer/", form(world, medium="physical", number=typed))
    card = GiftCard.objects.get()
    assert (card.code, card.virtual) == (number, False)


@pytest.mark.row("H1", "H2")
def test_the_created_card_is_among_gift_cards_and_transactions(
    world: World, isabelle: Client
) -> None:
    isabelle.post("/cartes-cadeaux/creer/", form(world, message="Bon anniversaire"))
    cards = text(isabelle.get("/cartes-cadeaux/"))
    assert f"1 carte · 40,00{GAP}€ à honorer" in cards
    assert "Théo Maillot" in cards
    assert f"40,00{GAP}€" in text(isabelle.get("/transactions/"))
    assert "Bon anniversaire" in text(isabelle.get(f"/cartes-cadeaux/{GiftCard.objects.get().pk}/"))


def test_a_shop_makes_cards_of_its_own(world: World, bruno: Client) -> None:
    page = text(bruno.get("/cartes-cadeaux/creer/"))
    assert 'name="shop"' not in page
    bruno.post("/cartes-cadeaux/creer/", form(world, shop=world.paul.pk))
    assert GiftCard.objects.get().shop == world.denis


@pytest.mark.row("H1")
@pytest.mark.parametrize("field", ["medium", "amount", "buyer", "recipient", "email", "send_on"])
def test_everything_but_the_message_is_required(world: World, isabelle: Client, field: str) -> None:
    page = text(isabelle.post("/cartes-cadeaux/creer/", form(world, **{field: ""})))
    assert "Rien n’est enregistré" in page
    assert "errorlist" in page
    assert not GiftCard.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "Entre 0,01 et 99999,99."),
        ({"amount": "-5"}, "Entre 0,01 et 99999,99."),
        ({"amount": "10000000"}, "Entre 0,01 et 99999,99."),
        ({"amount": "Infinity"}, "Un montant en euros, comme 12,50."),
        ({"email": "theo"}, "Ce n’est pas une adresse e-mail"),
        ({"send_on": "2020-01-01"}, "Aujourd’hui ou plus tard, dans l’année."),
        ({"send_on": "demain"}, "Une date, comme 24/12/2026."),
        ({"medium": "physical"}, "Tapez le numéro imprimé sur la carte."),
        ({"medium": "physical", "number": "1234"}, "Ce numéro est trop court"),
        ({"medium": "physical", "number": "0123456789ABZ"}, "Un caractère de ce numéro est faux"),
        ({"shop": "le-port"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    world: World, isabelle: Client, wrong: dict[str, object], said: str
) -> None:
    page = text(isabelle.post("/cartes-cadeaux/creer/", form(world, **wrong)))
    assert said in page
    assert 'value="Ginette Fontaine"' in page
    assert not GiftCard.objects.exists()


def test_a_number_that_is_loaded_already_is_not_loaded_again(
    world: World, isabelle: Client
) -> None:
    physical = form(world, medium="physical", number=giftcard.number(42))
    isabelle.post("/cartes-cadeaux/creer/", physical)
    page = text(isabelle.post("/cartes-cadeaux/creer/", physical))
    assert "Cette carte est déjà chargée" in page
    assert GiftCard.objects.get().cents == 4000


def test_a_card_to_be_sent_later_says_when(world: World, isabelle: Client) -> None:
    later = timezone.localdate(timezone=ZONE) + timedelta(days=30)
    isabelle.post("/cartes-cadeaux/creer/", form(world, send_on=later.isoformat()))
    assert "à envoyer" in text(isabelle.get("/cartes-cadeaux/"))


@pytest.mark.parametrize("q", ["maillot", "ginette", "theo@client"])
def test_a_card_is_found_by_its_people(world: World, isabelle: Client, q: str) -> None:
    isabelle.post("/cartes-cadeaux/creer/", form(world))
    assert "Théo Maillot" in text(isabelle.get("/cartes-cadeaux/", {"q": q}))
    assert "Aucune carte cadeau trouvée" in text(isabelle.get("/cartes-cadeaux/?q=personne"))
