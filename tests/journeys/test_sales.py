# SPDX-License-Identifier: Apache-2.0
"""A sale goes from the counter to the merchant's pages, with the network and without it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.hands import until
from tests.journeys.world import World

OWNER = "isabelle@maison-lucet.example"


def sign_in(world: World, page: Page, email: str = OWNER) -> None:
    page.goto(world.house.web_url)
    page.fill("[name=username]", email)
    page.fill("[name=password]", world.account(email)["password"])
    page.get_by_role("button", name="Se connecter").click()
    # what explains a section the first time is read and closed, whenever it comes
    explanation = page.get_by_role("dialog", name="À quoi sert cette page ?")
    page.add_locator_handler(
        explanation, lambda: explanation.get_by_role("button", name="J’ai compris").click()
    )


def euros(text: str) -> int:
    """Cents of an amount as a page writes it."""
    return int(re.sub(r"\D", "", text))


@pytest.mark.row("F1", "E8", "T11")
def test_a_sale_at_a_terminal_is_on_the_dashboard(world: World, page: Page) -> None:
    sign_in(world, page)
    figure = page.locator("dl.figures b").first
    before = euros(figure.inner_text())
    till, _ = world.tills

    till.sell(1960, card=world.card("Élodie"))

    expect(figure).not_to_have_text(figure.inner_text(), timeout=60_000)
    assert euros(figure.inner_text()) == before + 1960


@pytest.mark.row("T11")
def test_everything_can_be_done_in_the_page_of_the_terminal(world: World, page: Page) -> None:
    standing, _ = world.standing
    count, cents = world.sales_at_hub()
    page.goto(standing.url)
    page.get_by_role("button", name="Élodie Marchand").click()
    for label in ("Commande", "7", "8", "0"):
        page.locator("#widgets").get_by_role("button", name=label, exact=True).click()
    page.locator("#widgets").get_by_role("button", name=re.compile("^Ajouter")).click()
    page.locator("#widgets").get_by_role("button", name="Enregistrer").click()
    page.locator("#widgets").get_by_role("button", name="Imprimer").click()

    paper = page.locator("#papers img").first
    expect(paper).to_be_visible(timeout=60_000)
    expect(page.locator("#sound-word")).to_have_text("enregistré")
    until(lambda: world.sales_at_hub() == (count + 1, cents + 780), "the sale at the hub")
    till, _ = world.tills
    assert "7,80 €" in till.get("/paper.json")["receipts"][-1]["text"]


@pytest.mark.row("F1", "F3", "T11")
def test_without_network_a_sale_is_saved_shown_as_waiting_and_arrives_once(
    world: World, page: Page
) -> None:
    till, _ = world.tills
    count, cents = world.sales_at_hub()
    till.network(up=False)

    till.sell(540, card=world.card("Élodie"))
    till.sell(310)

    waiting = till.state["waiting"]
    assert waiting >= 2
    page.goto(world.standing[0].url)
    expect(page.locator("#waiting")).to_have_text(re.compile(rf"^{waiting} "))
    assert world.sales_at_hub() == (count, cents)

    page.get_by_role("button", name="coupé").click()
    expect(page.locator("#waiting")).to_have_text("tout est chez le hub", timeout=60_000)
    assert world.sales_at_hub() == (count + 2, cents + 850)
    till.sell(100)
    world.settled()
    assert world.sales_at_hub() == (count + 3, cents + 950)


@pytest.mark.row("F3")
def test_the_shop_s_sales_are_listed_at_its_terminal_and_on_the_web(
    world: World, page: Page
) -> None:
    till, _ = world.tills
    till.sell(4321)
    till.open()
    till.tap("Ventes")
    assert till.outcome == "SalesShown"
    assert "43,21 €" in till.words
    world.settled()
    sign_in(world, page)
    page.goto(f"{world.house.web_url}transactions/")
    expect(page.get_by_text(re.compile(r"43,21\s€")).first).to_be_visible()


def test_a_receipt_waits_for_paper_and_the_sale_does_not(world: World) -> None:
    till, _ = world.tills
    count, cents = world.sales_at_hub()
    printed = len(till.get("/paper.json")["receipts"])
    till.post("/printer", {"condition": "paper_out"})
    till.sell(275)
    till.tap("Imprimer")
    until(lambda: till.outcome == "PrinterTrouble", "the printer's trouble in words")
    assert "Plus de papier" in till.words
    until(lambda: world.sales_at_hub() == (count + 1, cents + 275), "the sale at the hub")

    till.post("/printer", {"condition": "ready"})
    until(lambda: len(till.get("/paper.json")["receipts"]) == printed + 1, "the receipt")


def test_another_merchant_sees_nothing_of_it(world: World, page: Page) -> None:
    till, _ = world.tills
    till.sell(8888)
    world.settled()
    sign_in(world, page, "charlotte@charlottes.example")
    page.goto(f"{world.house.web_url}transactions/")
    expect(page.get_by_text(re.compile(r"88,88"))).to_have_count(0)
    page.goto(f"{world.house.web_url}clients/")
    expect(page.get_by_text("Marchand")).to_have_count(0)
