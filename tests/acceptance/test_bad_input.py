# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on a counter: a clear sentence on the screen, and nothing is lost."""

import pytest

from firmware.drivers.base import Away, Connected, PrinterStatus, Reading
from firmware.faults import Unplugged
from firmware.till.outcome import Outcome
from loyalty.entry import Sold, Visited
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE

CARD = ELODIE.codes[0]
DAMAGED = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)


def test_an_unknown_card_is_told_and_offers_what_to_do(glass: Glass) -> None:
    glass.unlock()
    glass.scan("3760123456785")
    glass.hears()
    assert glass.reads("…6785", "on peut la donner à un client")
    assert glass.can_touch("Nouveau client")
    glass.scan(CARD)
    assert glass.reads("Élodie M."), "the next card is served at once"


def test_a_damaged_card_names_nobody(glass: Glass) -> None:
    glass.scan(DAMAGED)
    assert not glass.reads("Bonjour")
    glass.wait(16)
    assert glass.reads("Passez votre carte"), "it leaves by itself"


@pytest.mark.parametrize("amount", ["", "0", "00"])
def test_an_amount_of_nothing_stays_on_the_keypad(glass: Glass, amount: str) -> None:
    glass.unlock()
    glass.tap("Commande")
    glass.keys(amount)
    assert not glass.can_touch("Ajouter") or glass.reads("0,00 €")
    assert glass.can_touch("7")
    assert not glass.bakery.facts(Sold)


def test_ten_million_euros_are_not_taken_by_the_keypad(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Commande")
    glass.keys("1000000000")
    assert glass.reads("10 000,00 €")


def test_two_cards_at_once_are_served_one_after_the_other(glass: Glass) -> None:
    for code in (CARD, "THEO-TAG"):
        glass.intake.put(Reading(code, f"scanner of {code}"))
    glass.app.step(0)
    assert glass.reads("Bonjour Élodie")
    glass.app.step(0)
    assert glass.reads("Bonjour Théo")


def test_another_card_in_the_middle_of_an_order_leaves_the_order_as_it_is(glass: Glass) -> None:
    glass.unlock()
    glass.scan(CARD)
    glass.line("500")
    glass.scan("THEO-TAG")
    assert not glass.can_touch("Enregistrer")
    glass.tap("Retour à la vente")
    assert glass.reads("Élodie M.", "5,00 €")
    assert len(glass.bakery.facts(Visited)) == 1


def test_ten_thousand_characters_are_one_refusal(glass: Glass) -> None:
    glass.intake.put(Reading("9" * 64, "mock:", too_long=True))
    glass.app.step(0)
    assert not glass.reads("Bonjour")
    glass.scan(CARD)
    assert glass.reads("Bonjour Élodie")


def test_an_unplugged_scanner_is_said_on_the_screen_until_it_is_back(glass: Glass) -> None:
    before = {str(w["label"]) for w in glass.display.widgets()}
    glass.intake.put(Away("mock:", Unplugged()))
    glass.app.step(0)
    said = {str(w["label"]) for w in glass.display.widgets()} - before
    assert said, "the front says that it can't read cards"
    glass.intake.put(Connected("mock:"))
    glass.app.step(0)
    assert {str(w["label"]) for w in glass.display.widgets()} == before


def test_without_paper_the_sale_is_saved_and_the_receipt_waits(glass: Glass) -> None:
    glass.printer.condition = PrinterStatus.PAPER_OUT
    glass.unlock()
    glass.line("500")
    glass.tap("Enregistrer", "Imprimer")
    assert glass.printed.wait(10)
    glass.app.step(0)
    assert glass.reads("Plus de papier", "La vente est enregistrée. Rien n’est perdu.")
    glass.printed.clear()
    glass.printer.condition = PrinterStatus.READY
    glass.tap("Réessayer")
    assert "5,00 €" in glass.paper()
    assert len(glass.printer.receipts) == 1, "one receipt, however often it was tried"


def test_a_wrong_clock_stops_nothing(glass: Glass) -> None:
    glass.bakery.clock.wall_ms = 0
    glass.unlock()
    glass.scan(CARD)
    glass.line("500")
    glass.tap("Enregistrer")
    assert glass.reads("C’est enregistré")
    glass.bakery.clock.wall_ms = 4_000_000_000_000
    glass.tap("Client suivant")
    glass.line("500")
    glass.tap("Enregistrer")
    assert glass.reads("C’est enregistré")
    assert [e.n for e in glass.bakery.entries()] == list(range(1, len(glass.bakery.entries()) + 1))


def test_a_bug_is_no_dead_till(glass: Glass, monkeypatch: pytest.MonkeyPatch) -> None:
    glass.unlock()
    glass.line("500")

    def fails(_: object) -> Outcome:
        message = "a bug"
        raise RuntimeError(message)

    monkeypatch.setattr(glass.bakery.till, "handle", fails)
    glass.intake.put(Reading(CARD, "mock:"))
    glass.app.step(0)
    assert glass.can_touch("Réessayer")
    monkeypatch.undo()
    glass.tap("Réessayer")
    glass.unlock()
    assert glass.reads("5,00 €"), "the order under way was kept"
