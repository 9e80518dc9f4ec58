# SPDX-License-Identifier: Apache-2.0
"""Staff open the till with a badge, and managers allow with theirs (SPEC T4, A10, F7)."""

import pytest

from loyalty.entry import Refunded, Sold
from loyalty.feed import StaffIs
from loyalty.giftcard import fingerprint
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE, PIN

THEO, NADIA = "EQUIPE-0007", "EQUIPE-0042"


def badge(code: str) -> str:
    """As the feed carries it."""
    return fingerprint(bytes(32), code)


@pytest.fixture(autouse=True)
def team(glass: Glass) -> None:
    """Théo serves, Nadia is a manager; neither has a PIN."""
    glass.bakery.hub_says(
        StaffIs(id="theo-s", name="Théo", badge=badge(THEO)),
        StaffIs(id="nadia", name="Nadia", badge=badge(NADIA), manager=True),
    )


@pytest.mark.row("T4", "A10")
def test_a_badge_opens_the_till_and_the_sale_is_its_owner_s(glass: Glass) -> None:
    glass.scan(THEO)
    glass.line("500")
    glass.tap("Enregistrer")
    (sale,) = [entry for entry in glass.bakery.entries() if isinstance(entry.facts, Sold)]
    assert sale.staff == "theo-s"


@pytest.mark.row("T4")
def test_where_a_pin_is_asked_for_a_badge_will_do(glass: Glass) -> None:
    glass.tap("Déverrouiller")
    glass.scan(THEO)
    assert glass.can_touch("Chercher un client")


@pytest.mark.row("F7")
def test_the_badge_of_who_may_allow_it_allows_a_refund_and_another_one_does_not(
    glass: Glass,
) -> None:
    glass.scan(THEO)
    glass.scan(ELODIE.codes[0])
    glass.line("500")
    glass.tap("Enregistrer", "Annuler la vente", "Annuler la vente")
    glass.scan(THEO)
    assert glass.reads("Théo, votre code ne suffit pas ici.")
    assert not glass.bakery.facts(Refunded)
    glass.scan(NADIA)
    assert glass.reads("Vente annulée")
    (part,) = [e for e in glass.bakery.entries() if isinstance(e.facts, Refunded)]
    assert part.staff == "theo-s"


def test_a_badge_that_was_taken_back_opens_nothing(glass: Glass) -> None:
    glass.bakery.hub_says(StaffIs(id="theo-s", name="Théo"))
    glass.tap("Déverrouiller")
    glass.scan(THEO)
    assert glass.reads("Ce n’est pas le bon code")
    glass.tap("Retour")
    glass.scan(THEO)
    glass.hears()
    assert glass.reads("Carte inconnue ici")


def test_a_badge_at_an_open_till_is_no_unknown_card(glass: Glass) -> None:
    glass.unlock()
    glass.scan(NADIA)
    assert glass.can_touch("Chercher un client")
    assert not glass.reads("inconnue")


def test_wrong_pins_pause_badges_too(glass: Glass) -> None:
    glass.tap("Déverrouiller")
    for _ in range(3):
        glass.keys("0000")
    glass.scan(THEO)
    assert glass.reads("Trop d’essais")
    glass.wait(31)
    glass.tap("Déverrouiller")
    glass.keys(PIN)
    assert glass.can_touch("Chercher un client")
