# SPDX-License-Identifier: Apache-2.0
"""What was bought at one shop is brought back at another, and everybody's figures say so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.hands import Till, until
from tests.journeys.rewards import newcomer
from tests.journeys.test_never_twice import adds_up
from tests.journeys.test_sales import sign_in
from tests.journeys.world import World

MANAGER = "2580"
"""Mathilde's PIN."""


def look_elsewhere(till: Till, receipt: str, *, for_: str) -> None:
    """The sales of other tills that a receipt's number names, as somebody looks for something.

    A till waits two seconds for the hub, and people look again.
    """

    def looks() -> bool:
        till.open()
        till.tap("Ventes", "Ailleurs", "Chercher")
        till.type(receipt)
        till.tap("Chercher")
        until(lambda: "On demande" not in till.words, "the hub's answer")
        return for_ in till.words

    until(looks, f"the hub's answer: {for_}")


def row_of(till: Till, text: str) -> str:
    """The label of the first row of a list that holds a text."""
    labels = (" ".join(w["label"].split()) for w in till.widgets if w["kind"] == "row")
    return next(label for label in labels if text in label)


def let_refunds_go_anywhere(world: World, page: Page, *, yes: bool) -> None:
    page.goto(f"{world.house.web_url}terminaux/limites/")
    box = page.get_by_label("Une vente peut être remboursée dans une autre boutique")
    box.set_checked(yes)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Les limites sont enregistrées")).to_be_visible()


def net_cents(world: World) -> int:
    """Sales less refunds, as the hub has them."""
    return world.at_hub(
        "SELECT coalesce(sum(cents), 0) FROM ledger_journalentry"
        " WHERE kind IN ('sold', 'refunded') AND outcome = 'posted'"
        " AND merchant_id = 'maison-lucet'"
    )


@pytest.mark.row("F5", "F7")
def test_a_sale_is_paid_back_at_another_shop_once_the_merchant_lets_it(
    world: World, page: Page
) -> None:
    first, second = world.tills
    card = newcomer(world, first, "Firmin")
    before = net_cents(world)
    first.sell(4321, card=card)
    receipt, _ = first.latest_sale()
    number = f"{receipt:04d}"
    world.settled()

    sign_in(world, page)
    let_refunds_go_anywhere(world, page, yes=False)
    look_elsewhere(second, number, for_="autre boutique")
    assert "se rembourse là-bas" in second.words

    let_refunds_go_anywhere(world, page, yes=True)
    look_elsewhere(second, number, for_="43,21 €")
    row = row_of(second, "43,21 €")
    assert "Saint-Denis" in row
    second.tap(row, "Rembourser")
    until(lambda: second.outcome == "RefundAsked", "the right to pay it back")
    second.tap_first("Rembourser")  # its only line is chosen already
    second.tap(*MANAGER, "Article défectueux")
    assert second.outcome == "RefundSaved", second.words
    assert "43,21 €" in second.words
    world.settled()

    assert net_cents(world) == before
    assert first.points(card) == second.points(card) == 0
    look_elsewhere(second, number, for_="remboursée")
    page.goto(f"{world.house.web_url}transactions/")
    expect(page.get_by_text(re.compile(r"−\s?43,21")).first).to_be_visible()
    adds_up(world, page)

    # its own till hears that nothing is left of it
    first.open()
    first.tap("Ventes")
    first.tap(row_of(first, "43,21 €"), "Rembourser")
    until(lambda: first.outcome == "Refused", "nothing is left")


@pytest.mark.row("A10", "F7")
def test_who_is_named_on_the_web_allows_a_refund_at_the_till(world: World, page: Page) -> None:
    sign_in(world, page)
    page.goto(f"{world.house.web_url}equipe/ajouter/")
    page.get_by_label("Nom").fill("Nadia")
    page.get_by_label("Code").fill("8642")
    page.get_by_label("Responsable").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Nadia peut ouvrir les caisses.")).to_be_visible()
    world.settled()

    till, _ = world.tills
    till.sell(500)
    till.tap("Annuler la vente")
    till.tap_first("Annuler la vente")
    till.tap(*"8642")
    assert "Vente annulée" in till.words
    world.settled()
