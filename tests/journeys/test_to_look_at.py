# SPDX-License-Identifier: Apache-2.0
"""What went wrong at the tills is on a page that explains it, and the sums still agree."""

import re

import pytest
from playwright.sync_api import Page, expect

from loyalty import giftcard
from tests.hands import Till, until
from tests.journeys.test_sales import sign_in
from tests.journeys.world import World


def sell_gift_card(till: Till, number: str, cents: int, recipient: str) -> None:
    """Sell a physical card."""
    till.open()
    till.tap("Carte cadeau", "Vendre une carte cadeau", "Physique remise en main propre")
    till.scan(number)
    till.tap(*str(cents))
    till.tap("Continuer")
    for text in ("Ana", recipient, f"{recipient}@client.example".lower(), ""):
        till.answer(text)
    till.tap_first("Aujourd’hui")
    assert till.outcome == "GiftSaved"


@pytest.mark.row("H8", "I7")
def test_one_card_sold_twice_offline_holds_both_amounts_and_is_shown(
    world: World, page: Page
) -> None:
    number = giftcard.number(0x0BAD_0000_7654_321)
    for till in world.tills:
        till.network(up=False)
    for till, cents, recipient in zip(world.tills, (2500, 4000), ("Bo", "Chloe"), strict=True):
        sell_gift_card(till, number, cents, recipient)
    for till in world.tills:
        till.network(up=True)
    world.settled()
    first, _ = world.tills

    def shown() -> bool:
        first.open()
        first.line(9000)
        first.scan(number)
        return "65,00 €" in first.words

    until(shown, "both amounts on the card, at the till")

    sign_in(world, page)
    page.locator("nav a[href='/a-voir/']").first.click()
    page.get_by_role("link", name="Carte cadeau vendue deux fois").click()
    expect(page.get_by_text("Les deux montants sont sur la carte")).to_be_visible()
    expect(page.get_by_text(re.compile("25,00.€ . 40,00.€|40,00.€ . 25,00.€"))).to_be_visible()
    page.get_by_role("link", name="Ouvrir la carte cadeau").click()
    expect(page.get_by_text("65,00\N{NO-BREAK SPACE}€").first).to_be_visible()

    page.locator("nav a[href='/a-voir/']").first.click()
    page.get_by_role("link", name="Équation").click()
    expect(page.get_by_text("Tout s’additionne : l’écart est de 0.")).to_be_visible()

    page.get_by_role("link", name="Points à voir").click()
    page.get_by_role("link", name="Carte cadeau vendue deux fois").click()
    page.fill("[name=reason]", "Une seconde carte a été donnée à Chloé")
    page.get_by_role("button", name="Classer avec cette note").click()
    expect(page.get_by_text("C’est classé, avec votre note.")).to_be_visible()
    expect(page.get_by_role("link", name="Carte cadeau vendue deux fois")).to_have_count(0)
