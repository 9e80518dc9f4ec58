# SPDX-License-Identifier: Apache-2.0
"""Products of the catalogue on the glass: chosen by touch, scanned, and never taken for cards."""

import pytest

from loyalty.entry import CardsChanged
from loyalty.feed import ProductIs
from tests.acceptance.glass import Glass
from tests.acceptance.test_at_the_terminal import sold
from tests.firmware.till.conftest import BAGUETTE, ELODIE

CARD = ELODIE.codes[0]
NOBODYS = "3017620422003"


@pytest.mark.row("D3")
def test_a_product_is_chosen_by_its_category_and_a_touch(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Commande", "Pain", "Articles")
    assert glass.reads("Baguette tradition", "1,35 €")
    glass.tap("Pâtisserie")
    assert glass.reads("Rien dans cette catégorie.")
    glass.tap("Pain", "Baguette tradition")
    assert glass.reads("Baguette tradition", "1,35 €")
    glass.tap("Enregistrer")
    (line,) = sold(glass).lines
    assert (line.label, line.unit_cents, line.product) == ("Baguette tradition", 135, "baguette")


@pytest.mark.row("D3")
def test_a_scanned_product_is_a_line_with_its_name_and_price(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.scan(BAGUETTE.ean)
    glass.scan(BAGUETTE.ean)
    assert glass.reads("Élodie M.", "Baguette tradition", "2,70 €")
    glass.tap("Enregistrer")
    assert sold(glass).due_cents == 270
    assert sold(glass).customer == ELODIE.id


@pytest.mark.row("D3")
def test_a_barcode_of_no_product_says_so_and_can_be_given_to_nobody(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.scan(NOBODYS)
    glass.hears()
    assert glass.reads("Article inconnu ici", "n’est à aucun article du catalogue")
    assert not glass.can_touch("Lui donner cette carte")
    glass.tap("Retour à la vente")
    glass.scan(BAGUETTE.ean)
    assert glass.reads("Élodie M.", "1,35 €")
    assert glass.bakery.facts(CardsChanged) == []


@pytest.mark.row("D3")
def test_a_card_is_a_card_though_a_product_had_its_number(glass: Glass) -> None:
    glass.bakery.hub_says(ProductIs(id="odd", category="pain", name="Piège", cents=900, ean=CARD))
    glass.unlock()
    glass.scan(CARD)
    assert glass.reads("Élodie M.", "245")
    assert not glass.reads("Piège")


@pytest.mark.row("D3")
@pytest.mark.parametrize(
    ("kept", "read"), [("036000291452", "0036000291452"), ("0036000291452", "036000291452")]
)
def test_twelve_digits_are_the_same_product_as_thirteen(glass: Glass, kept: str, read: str) -> None:
    glass.bakery.hub_says(ProductIs(id="gum", category="pain", name="Gomme", cents=99, ean=kept))
    glass.unlock()
    glass.scan(read)
    assert glass.reads("Gomme", "0,99 €")
