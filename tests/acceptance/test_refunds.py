# SPDX-License-Identifier: Apache-2.0
"""Paying back at the terminal's screens: touched, typed and read, on paper too."""

import pytest

from loyalty.account import points_of
from loyalty.entry import Refunded
from loyalty.feed import BalanceIs, StaffIs
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE, PIN, pin_stored

CARD = ELODIE.codes[0]
NADIA = "1357"


@pytest.fixture(autouse=True)
def nadia_may(glass: Glass) -> None:
    """Nadia's PIN allows refunds; Isabelle, who serves, has one that does not."""
    glass.bakery.hub_says(StaffIs(id="nadia", name="Nadia", pin=pin_stored(NADIA), manager=True))


def sell(glass: Glass, cents: str = "2000") -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.scan("3760000000017")
    glass.line(cents)
    glass.tap("Enregistrer")
    assert glass.reads("C’est enregistré")


def refunded(glass: Glass) -> list[Refunded]:
    return [part for part in glass.bakery.facts(Refunded) if isinstance(part, Refunded)]


def open_the_sale(glass: Glass) -> None:
    glass.tap("Ventes")
    row = next(
        str(w["label"])
        for w in glass.display.widgets()
        if w["kind"] == "row" and "21,35" in str(w["label"])
    )
    glass.tap(row)


@pytest.mark.row("F5")
def test_a_sale_is_paid_back_line_by_line_and_the_parts_sum_to_the_whole(glass: Glass) -> None:
    sell(glass)
    glass.tap("Client suivant")
    open_the_sale(glass)
    glass.tap("Rembourser")
    assert glass.reads("Reste à rembourser", "21,35 €")
    assert not glass.can_touch("Rembourser"), "nothing is chosen yet"
    glass.tap("Baguette tradition")
    assert glass.reads("À rendre", "1,35 €", "−1")
    glass.tap("Rembourser")
    glass.keys(NADIA)
    glass.tap("Article défectueux")
    assert glass.reads("C’est remboursé", "1,35 €", "n° 0001")
    glass.tap("Imprimer")
    printed = glass.paper()
    assert "Remboursement du ticket n° 0001" in printed
    assert "Motif : Article défectueux" in printed
    glass.tap("Terminé")
    assert glass.reads("remboursement", "remboursée en partie")
    glass.tap("Retour")
    open_the_sale(glass)
    assert glass.reads("Remboursé", "−1,35 €")
    glass.tap("Rembourser")
    assert glass.reads("déjà rendu")
    glass.tap("Rembourser")  # what alone is left is chosen
    glass.keys(NADIA)
    glass.tap("Le client a changé d’avis")
    assert glass.reads("20 €")
    first, second = refunded(glass)
    assert (first.cents + second.cents, first.points + second.points) == (2135, 21)
    assert glass.bakery.shown(points_of("elodie")) == 245


@pytest.mark.row("F5")
def test_what_is_not_there_any_more_is_owed_in_words(glass: Glass) -> None:
    sell(glass)
    glass.tap("Client suivant")
    glass.bakery.hub_says(BalanceIs(points_of("elodie"), -11))  # spent meanwhile, elsewhere
    open_the_sale(glass)
    glass.tap("Rembourser", "Tout rendre")
    assert glass.reads("Points à rattraper", "11")
    glass.tap("Rembourser")
    glass.keys(NADIA)
    glass.tap("Mal tapé à la caisse")
    assert glass.reads("Points à rattraper")
    glass.tap("Imprimer")
    assert "11 points à rattraper" in glass.paper()
    glass.tap("Terminé", "Retour")
    glass.scan(CARD)
    assert glass.reads("11 points à rattraper")


@pytest.mark.row("F5")
def test_offline_a_sale_that_another_till_keeps_is_not_paid_back_and_it_says_why(
    glass: Glass,
) -> None:
    sell(glass)
    sale = glass.bakery.entries()[-1]
    glass.bakery.db.run("INSERT INTO rest VALUES (?, 0, 1)", sale.id)  # recalled for another till
    glass.bakery.online(up=False)
    glass.tap("Annuler la vente")
    assert glass.reads("À rembourser avec le réseau", "Rien n’est perdu")
    glass.tap("Retour")
    assert glass.reads("C’est enregistré")
    assert not refunded(glass)


@pytest.mark.row("F6")
def test_the_sale_just_saved_is_undone_from_where_it_says_so(glass: Glass) -> None:
    sell(glass)
    glass.tap("Annuler la vente")
    assert glass.reads("21,35 €", "Annuler la vente")
    glass.tap("Annuler la vente")
    glass.keys(NADIA)
    assert glass.reads("Vente annulée", "21,35 €", "à rendre au client")
    glass.tap("Imprimer")
    assert "Annulation du ticket n° 0001" in glass.paper()
    glass.tap("Terminé")
    (part,) = refunded(glass)
    assert (part.cents, part.reason) == (2135, "void")
    assert glass.bakery.shown(points_of("elodie")) == 245
    assert not glass.reads("Élodie"), "the counter is free for the next customer"


@pytest.mark.row("F7")
def test_only_a_managers_pin_allows_it_with_a_reason_and_both_are_kept(glass: Glass) -> None:
    sell(glass)
    glass.tap("Client suivant")
    open_the_sale(glass)
    glass.tap("Rembourser", "Tout rendre", "Rembourser")
    assert glass.reads("Code du responsable")
    glass.keys(PIN)
    assert glass.reads("Il faut un responsable", "Isabelle, votre code ne suffit pas")
    glass.keys("0000")
    glass.keys("1111")
    assert glass.reads("Trop d’essais", "30 secondes")
    glass.wait(31)
    glass.tap("Rembourser")
    glass.keys(NADIA)
    glass.tap("Autre raison")
    glass.keys("Trop cuit")
    glass.tap("Valider")
    assert glass.reads("C’est remboursé")
    (part,) = refunded(glass)
    assert (part.approved_by, part.reason) == ("nadia", "Trop cuit")
    assert glass.bakery.entries()[-1].staff == "isabelle"
