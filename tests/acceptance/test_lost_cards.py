# SPDX-License-Identifier: Apache-2.0
"""A card is given and another blocked, on the glass: the account stays, the lost one says so."""

import pytest

from loyalty.entry import CardsChanged
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE

CARD = ELODIE.codes[0]
NEW = "CARTE-NEUVE-21"


def served(glass: Glass) -> None:
    """Staff serve Élodie, then scan a card that is nobody's."""
    glass.unlock()
    glass.scan(CARD)
    glass.scan(NEW)
    glass.hears()
    assert glass.reads("Carte inconnue ici")


@pytest.mark.row("E5")
def test_staff_give_a_scanned_card_to_the_customer_they_serve(glass: Glass) -> None:
    served(glass)
    glass.tap("Lui donner cette carte", "Elle sert encore")
    assert glass.reads("Élodie M.")
    assert glass.bakery.facts(CardsChanged) == [CardsChanged(customer=ELODIE.id, code=NEW)]


@pytest.mark.row("E11")
def test_a_lost_card_is_blocked_when_another_is_given_and_says_so(glass: Glass) -> None:
    served(glass)
    glass.tap("Lui donner cette carte", "Elle est perdue")
    assert glass.reads("Élodie M.")
    glass.scan(CARD)
    assert glass.reads("Carte déclarée perdue", "Elle était à É. M.")
    assert glass.can_touch("Chercher")
