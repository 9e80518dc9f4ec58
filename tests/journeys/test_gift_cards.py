# SPDX-License-Identifier: Apache-2.0
"""A gift card that the merchant blocks on the web is refused at every till, until it is unblocked."""

import re

import pytest
from playwright.sync_api import Page, expect

from loyalty import giftcard
from tests.hands import Till, until
from tests.journeys.test_sales import sign_in
from tests.journeys.test_to_look_at import sell_gift_card
from tests.journeys.world import World


def pays(till: Till, number: str) -> bool:
    """Whether the till asks how much of the card is to pay, as it does for one that is good."""
    till.open()
    till.line(500)
    till.scan(number)
    return till.outcome == "AmountAsked"


@pytest.mark.row("H7")
def test_a_card_blocked_on_the_web_is_refused_at_the_till_in_words(
    world: World, page: Page
) -> None:
    first, second = world.tills
    number = giftcard.number(0x0B10_0000_0C4E_D01)
    sell_gift_card(first, number, 4000, "Anouk")
    world.settled()
    until(lambda: pays(second, number), "the other till knows the card")

    sign_in(world, page)
    page.locator("nav a[href='/cartes-cadeaux/']").first.click()
    page.get_by_role("searchbox").fill("Anouk")
    expect(page).to_have_url(re.compile("q=Anouk"))  # the list is narrowed, and stays as it is
    page.get_by_role("link", name=f"n° …{number[-4:]}").click()
    page.get_by_label("Raison").fill("Perdue dans le bus")
    page.get_by_role("button", name="Bloquer").click()
    expect(page.get_by_text("La carte est bloquée")).to_be_visible()
    until(lambda: not pays(second, number), "the other till refuses it")
    assert "Carte cadeau inconnue ou inutilisable" in second.words

    page.get_by_label("Raison").fill("Retrouvée sous le siège")
    page.get_by_role("button", name="Débloquer").click()
    expect(page.get_by_text("La carte peut de nouveau servir.")).to_be_visible()
    until(lambda: pays(second, number), "the other till takes it again")
