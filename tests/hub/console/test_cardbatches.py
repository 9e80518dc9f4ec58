# SPDX-License-Identifier: Apache-2.0
"""Blank cards come out of the printer, and a scanner, a till and the web all know what to do."""

import pytest
import zxingcpp
from django.test import Client

from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.cardbatches import CardBatch
from hub.ledger.models import Card, Customer
from loyalty import card
from loyalty.entry import Joined
from tests.hub.console.test_giftbatches import painted
from tests.hub.console.world import World

URL = "/clients/cartes/imprimer/"


def batch(isabelle: Client, count: int) -> CardBatch:
    """So many cards to print."""
    page = isabelle.post(URL, {"count": str(count)}, follow=True).content.decode()
    assert "Les cartes sont prêtes à imprimer." in page
    return CardBatch.objects.latest("pk")


@pytest.mark.row("E4")
def test_printed_cards_are_read_by_a_scanner_as_the_numbers_they_are(
    world: World, isabelle: Client
) -> None:
    made = batch(isabelle, 12)
    pages = painted(isabelle.get(f"{URL}{made.pk}/pdf/"))
    assert len(pages) == 2
    bars, squares = [], []
    for page in pages:
        for found in zxingcpp.read_barcodes(page):
            if found.format == zxingcpp.BarcodeFormat.QRCode:
                squares.append(found.text)
            else:
                assert found.format == zxingcpp.BarcodeFormat.EAN13
                bars.append(found.text)
    assert sorted(squares) == sorted(bars) == sorted(made.codes)
    for code in made.codes:
        number = card.read(code)
        assert isinstance(number, card.CardCode)
        assert number.in_store


@pytest.mark.row("E4")
def test_a_printed_number_is_given_to_nobody_until_its_card_is(
    world: World, isabelle: Client
) -> None:
    made = batch(isabelle, 3)
    register_customers(world.denis, [NewCustomer(first_name="Léa"), NewCustomer(first_name="Zoé")])
    assert not Card.objects.filter(code__in=made.codes).exists()
    blank = made.codes[1]
    world.till.write(Joined(customer="bob", code=blank, first_name="Bob", initial=""))
    world.till.send()
    assert Card.objects.get(code=blank).customer == Customer.objects.get(uuid="bob")
    page = isabelle.get(URL).content.decode()
    assert 'data-name="Données">1<' in page


@pytest.mark.parametrize("count", ["", "0", "201", "x"])
def test_a_wrong_number_of_cards_makes_none(world: World, isabelle: Client, count: str) -> None:
    assert isabelle.post(URL, {"count": count}).status_code == 200
    assert not CardBatch.objects.exists()
