# SPDX-License-Identifier: Apache-2.0
"""Paying back at the terminal's screens: touched, typed and read, on paper too."""

from dataclasses import replace

import pytest

from firmware.store import archive, elsewhere, journal, own, rights
from loyalty.account import points_of
from loyalty.basket import Line
from loyalty.entry import Entry, Facts, Refunded, Saw, Sold
from loyalty.feed import BalanceIs, Covered, Granted, SaleAt, StaffIs
from loyalty.programme import EarnRule
from loyalty.refund import refunded as refund_of
from loyalty.wire import encode_entry
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


# ── sales that this till does not have ──────────────────────────────────────────────────────────


THEIRS = Sold(
    receipt="0414",
    customer="elodie",
    lines=(Line(label="Tarte", unit_cents=500, quantity=2), Line(label="Café", unit_cents=150)),
    total_cents=1150,
    due_cents=1150,
    paid_cents=1150,
    points=11,
    earn=EarnRule(),
    carry_cents=50,
    saw=Saw(programme=3),
)


def told(glass: Glass, *entries: Entry, barred: int = 0) -> None:
    """The hub tells of these, of a till at Saint-Paul."""
    bakery = glass.bakery
    (asked,) = elsewhere.asked(bakery.db)
    at = SaleAt(shop="Saint-Paul", terminal="saint-paul-1", wall_ms=bakery.clock.wall_ms)
    lines = [(at, encode_entry(entry)) for entry in entries]
    elsewhere.told(bakery.db, asked.id, lines, barred=barred)
    glass.wait(0.01)


def written(glass: Glass, entry_id: str, facts: Facts) -> Entry:
    return Entry(id=entry_id, n=9, stamp=glass.bakery.clock.stamp(), staff="", facts=facts)


def granted(glass: Glass, amount: int) -> None:
    """The hub grants so much of the rest that is asked for."""
    (ask,) = rights.asked(glass.bakery.db)
    right = Granted(ask=ask.id, segment=ask.segment, account=ask.account, amount=amount)
    glass.bakery.hub_says(right)
    glass.wait(0.01)


@pytest.mark.row("F5")
def test_a_sale_of_another_till_is_found_at_the_hub_and_paid_back_here(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Ventes", "Ailleurs")
    assert glass.reads("On demande…", "Deux secondes au plus.")
    told(glass, written(glass, "theirs", THEIRS))
    assert glass.reads("Élodie M 11,50 € Saint-Paul")
    glass.tap(next(str(w["label"]) for w in glass.display.widgets() if w["kind"] == "row"))
    assert glass.reads("Boutique", "Saint-Paul", "2 × Tarte")
    glass.tap("Rembourser")
    assert glass.reads("On réserve cette vente")
    granted(glass, 1150)
    glass.tap("Café", "Rembourser")
    glass.keys(NADIA)
    glass.tap("Article défectueux")
    assert glass.reads("C’est remboursé", "1,50 €", "n° 0414")
    (part,) = refunded(glass)
    assert (part.sale, part.cents, part.points, part.customer) == ("theirs", 150, 1, "elodie")
    glass.tap("Terminé")
    assert glass.reads("remboursée en partie"), "though the hub said so of nothing"


@pytest.mark.row("F5")
def test_what_other_tills_have_paid_back_of_it_is_not_paid_back_again(glass: Glass) -> None:
    before = refund_of(THEIRS, sale="theirs", left=1150, cents=500, receipt="0420")
    before = replace(before, lines=(replace(THEIRS.lines[0], quantity=1),))
    glass.unlock()
    glass.tap("Ventes", "Ailleurs")
    told(glass, written(glass, "theirs", THEIRS), written(glass, "part", before))
    glass.tap(next(str(w["label"]) for w in glass.display.widgets() if w["kind"] == "row"))
    assert glass.reads("Remboursé", "−5,00 €")
    glass.tap("Rembourser")
    granted(glass, 650)
    assert glass.reads("Reste à rembourser", "6,50 €")
    glass.tap("Tout rendre", "Rembourser")
    glass.keys(NADIA)
    glass.tap("Le client a changé d’avis")
    (part,) = refunded(glass)
    assert [(line.label, line.quantity) for line in part.lines] == [("Tarte", 1), ("Café", 1)]
    assert (part.cents, part.points + before.points) == (650, 11)


@pytest.mark.row("F5")
def test_offline_only_the_sales_of_this_till_are_there_and_it_says_so(glass: Glass) -> None:
    glass.bakery.online(up=False)
    glass.unlock()
    glass.tap("Ventes", "Ailleurs")
    assert glass.reads("Sans le réseau, seules les ventes de cette caisse sont ici.")


def test_a_hub_that_does_not_answer_is_waited_for_two_seconds(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Ventes", "Ailleurs")
    glass.wait(1.9)
    assert glass.reads("On demande…")
    glass.wait(0.2)
    assert glass.reads("Sans le réseau, seules les ventes de cette caisse sont ici.")


@pytest.mark.row("F5")
def test_a_sale_that_another_shop_alone_may_pay_back_is_told_as_that(glass: Glass) -> None:
    glass.unlock()
    glass.tap("Ventes", "Ailleurs", "Chercher")
    glass.answer("414")
    told(glass, barred=1)
    assert glass.reads("1 vente d’une autre boutique : elle se rembourse là-bas.")


def archived(glass: Glass) -> Entry:
    """A sale of this till whose entry has left its archive, and that is looked for in the list."""
    sell(glass)
    glass.tap("Client suivant")
    bakery = glass.bakery
    glass.line("100")
    glass.tap("Enregistrer", "Client suivant")
    sale = next(entry for entry in bakery.entries() if isinstance(entry.facts, Sold))
    segment = journal.current_segment(bakery.db)
    assert segment
    journal.acknowledge(bakery.db, segment.id, upto=segment.n, head=segment.head.hex())
    own.cover(bakery.db, Covered(segment=segment.id, n=segment.n))
    archive.prune(bakery.db, young=True)
    return sale


@pytest.mark.row("F5")
def test_a_sale_older_than_the_archive_is_fetched_from_the_hub_and_paid_back(glass: Glass) -> None:
    sale = archived(glass)
    open_the_sale(glass)
    assert glass.reads("On demande cette vente")
    (asked,) = elsewhere.asked(glass.bakery.db)
    assert asked.sale == sale.id
    told(glass, sale)
    assert glass.reads("Baguette tradition", "21,35 €")
    glass.tap("Rembourser", "Tout rendre", "Rembourser")
    glass.keys(NADIA)
    glass.tap("Le client a changé d’avis")
    (part,) = refunded(glass)
    assert (part.sale, part.cents) == (sale.id, 2135)


@pytest.mark.row("F5", "T5")
def test_offline_a_sale_older_than_the_archive_says_that_it_needs_the_network(glass: Glass) -> None:
    archived(glass)
    glass.bakery.online(up=False)
    open_the_sale(glass)
    assert glass.reads("Cette vente n’est plus dans le terminal", "avec le réseau")
    assert glass.reads("Hors ligne")
