# SPDX-License-Identifier: Apache-2.0
"""The till in a real browser: a scanner that types, a keyboard, a narrow screen, and no scripts."""

import pytest
from playwright.sync_api import Browser, expect

from tests.hub.console.test_browser import signed_in
from tests.hub.console.test_every_page import NO_SCROLL
from tests.hub.console.tilling import bread, code, gained
from tests.hub.console.world import World


@pytest.mark.row("B2", "F1", "F3", "G1", "G2")
def test_a_scanner_and_a_keyboard_sell_in_a_narrow_browser_without_scripts(
    browser: Browser, transactional_db: None, world: World, live_server
) -> None:
    bread(world)
    gained(world, 70)
    card, site = code(world.elodie), live_server.url
    size = {"width": 360, "height": 800}
    context = browser.new_context(locale="fr-FR", viewport=size, java_script_enabled=False)
    page = signed_in(context, site, world.bruno)
    bar = page.get_by_role("searchbox")
    for scan in (card, "3270190000013", "3270190000013"):
        expect(bar).to_be_focused()
        page.keyboard.type(scan)
        page.keyboard.press("Enter")
        expect(bar).to_have_value("")
    expect(page.locator(".served")).to_contain_text("70 points")
    expect(page.locator(".basket")).to_contain_text("2 × 1,35")
    page.get_by_label("Montant").first.fill("12,50")
    page.keyboard.press("Enter")
    expect(page.locator(".badge", has_text="Remise de 10 %")).to_contain_text("encore 130 points")
    page.get_by_role("button", name="Croissant").click()
    expect(page.locator(".badge.taken")).to_contain_text("dans la vente")
    expect(page.locator(".sum")).to_contain_text("15,20")
    assert page.evaluate(NO_SCROLL)
    page.get_by_role("button", name="Enregistrer la vente").press("Enter")
    expect(page.locator("h1")).to_have_text("C’est enregistré")
    expect(page.locator(".paper")).to_contain_text("Nouveau solde25")
    expect(page.get_by_role("link", name="Vente suivante")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bar).to_be_focused()
    expect(page.locator(".basket")).to_contain_text("Rien encore")
    page.goto(f"{site}/transactions/?q=W0001")
    page.locator("#rows a.name").first.click()
    page.get_by_role("link", name="Ticket", exact=True).click()
    expect(page.locator(".paper")).to_contain_text("DUPLICATA")
    context.close()
