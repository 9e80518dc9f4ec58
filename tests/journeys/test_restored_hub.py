# SPDX-License-Identifier: Apache-2.0
"""A hub put back from a copy of ten minutes ago: its tills give it every later sale again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.hands import until
from tests.journeys.rewards import COFFEE, COFFEE_POINTS, fill, newcomer
from tests.journeys.test_never_twice import adds_up
from tests.journeys.test_sales import sign_in
from tests.journeys.world import BRIDGE, JOBS, WEB, World

RESTORED = "Hub remis depuis une sauvegarde"
LONG_S = 120.0


@pytest.fixture
def mended(world: World) -> Iterator[World]:
    """The world; what a test that failed left dead is started again."""
    yield world
    for name in world.cast.dead:
        world.cast.start(name)


def test_fault_18_a_hub_put_back_from_a_copy_gets_every_later_sale_from_its_tills(
    mended: World, page: Page, tmp_path: Path
) -> None:
    world = mended
    first, second = world.tills
    card = newcomer(world, first, "Colette")
    first.sell(9000, card=card)
    world.settled()
    before = world.sales_at_hub()
    world.copy_books(tmp_path / "copy")

    # after the copy: sales at both tills, a right granted to the second, used there, and one
    # customer whom the copy has never heard of
    newer = newcomer(world, second, "Damien")
    fill(second, card, COFFEE)
    second.save()
    assert second.outcome == "Saved", second.words
    for till, cents in ((first, 1100), (second, 1200), (first, 1300)):
        till.sell(cents, card=newer)
    world.settled()
    second.network(up=False)
    second.sell(1400, card=card)
    after = (before[0] + 4, before[1] + 1000 + 1100 + 1200 + 1300)
    assert world.sales_at_hub() == after

    world.cast.kill(WEB, JOBS, BRIDGE)
    world.put_books_back(tmp_path / "copy")
    assert world.sales_at_hub() == before
    world.cast.start(BRIDGE, JOBS, WEB)

    until(lambda: world.sales_at_hub()[0] >= before[0] + 2, "the first till's", timeout_s=LONG_S)
    noticed = "SELECT count(*) FROM ledger_incident WHERE kind = ? AND merchant_id = 'maison-lucet'"
    assert world.at_hub(noticed, "restored") == 1, "seen at its start, before any sale came"
    waits_for(world, page, "Saint-Paul", "Saint-Pierre")
    # the shop goes on meanwhile
    first.sell(500, card=card)

    second.network(up=True)
    after = (after[0] + 2, after[1] + 1400 + 500)
    until(lambda: world.sales_at_hub() == after, "every later sale, once", timeout_s=LONG_S)
    world.settled()
    goes_on_without(page, "Saint-Pierre", heard="Saint-Paul")
    points = {card: 90 - COFFEE_POINTS + 10 + 14 + 5, newer: 11 + 12 + 13}
    for each, wanted in points.items():
        until(lambda e=each, w=wanted: first.points(e) == second.points(e) == w, "the balances")
    assert world.sales_at_hub() == after

    # rights are granted again: what the first till earned is used at the second
    first.sell(3000, card=newer)
    world.settled()
    fill(second, newer, COFFEE)
    second.save()
    assert second.outcome == "Saved", second.words
    adds_up(world, page)


def waits_for(world: World, page: Page, *shops: str) -> None:
    """The merchant reads what happened, and which tills have to speak before rights are given."""
    sign_in(world, page)
    page.goto(f"{world.house.web_url}a-voir/")
    page.get_by_role("link", name=RESTORED).click()
    expect(page.get_by_text("aucun droit n’est accordé avant qu’elles aient parlé")).to_be_visible()
    for shop in shops:
        expect(awaited(page).filter(has_text=shop)).to_have_count(1)


def awaited(page: Page) -> Locator:
    """The tills that the page waits for."""
    heading = page.locator(".headline", has=page.get_by_role("heading", name="Caisses attendues"))
    return heading.locator("+ dl.rows dt")


def goes_on_without(page: Page, shop: str, *, heard: str) -> None:
    """All that ever will have spoken: a person says to go on without the others, and why."""
    page.reload()
    expect(awaited(page).filter(has_text=heard)).to_have_count(0)
    expect(awaited(page).filter(has_text=shop)).to_have_count(1)
    page.fill("[name=reason]", "Celle-là est en réparation, elle ne tenait rien")
    page.get_by_role("button", name="Reprendre sans elles").click()
    expect(page.get_by_text("Les caisses reçoivent à nouveau des droits.")).to_be_visible()
