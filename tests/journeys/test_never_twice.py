# SPDX-License-Identifier: Apache-2.0
"""Nothing is spent twice, with every network cut: what a screen promises is kept, and adds up."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.hands import Till, until
from tests.journeys.rewards import (
    COFFEE,
    COFFEE_LATER,
    COFFEE_POINTS,
    CROISSANT_LATER,
    fill,
    lit,
    newcomer,
    promised,
    rests,
)
from tests.journeys.test_sales import sign_in
from tests.journeys.world import World

LOST = "saint-paul-1"


def save_up_at_both(world: World, name: str) -> str:
    """A card of 130 points, of which each till may spend a coffee's worth by itself."""
    first, second = world.tills
    card = newcomer(world, first, name)
    for till in (first, second):
        till.sell(6500, card=card)
        world.settled()
    until(lambda: rests(world, card, 2 * COFFEE_POINTS), "a coffee rests at each till")
    until(lambda: first.points(card) == second.points(card) == 130, "the points at both tills")
    return card


def spend_what_is_promised(till: Till, card: str) -> None:
    """Ask for more than the badges promise, then for what they do."""
    fill(till, card, CROISSANT_LATER)
    assert lit(till) == set(), "the croissant takes more than there is here, and all that there is"
    till.save()
    assert promised(till) == COFFEE_POINTS
    till.tap("Sans récompense")
    assert lit(till) == {COFFEE}
    till.tap(COFFEE)
    till.save()
    assert till.outcome == "Saved", till.words


@pytest.mark.row("I7")
def test_fault_34_two_tills_offline_spend_from_one_account_and_keep_what_their_screens_promise(
    world: World, page: Page
) -> None:
    first, second = world.tills
    card = save_up_at_both(world, "Aline")
    beyond = beyond_rights(world)
    for till in world.tills:
        till.network(up=False)
    for till in world.tills:
        spend_what_is_promised(till, card)
    # the 70 points that this till believes in are 60 of the other till's, already gone, and 10
    fill(first, card, COFFEE_LATER)
    assert lit(first) == set(), "nothing is promised of what may be gone"
    first.save()
    assert promised(first) == 10
    first.tap("Sans récompense")
    first.save()
    assert first.outcome == "Saved"

    for till in world.tills:
        till.network(up=True)
    world.settled()
    until(lambda: first.points(card) == second.points(card) == 40, "130 − 2 × 60 + 3 × 10")
    assert beyond_rights(world) == beyond
    sign_in(world, page)
    adds_up(world, page)


def test_fault_36_what_a_retired_till_spent_is_the_merchant_s_loss_when_its_card_comes_back(
    world: World, page: Page
) -> None:
    first, second = world.tills
    card = save_up_at_both(world, "Basile")
    second.network(up=False)
    fill(second, card, COFFEE)
    second.save()
    assert second.outcome == "Saved"

    sign_in(world, page)
    page.goto(f"{world.house.web_url}terminaux/{LOST}/journal/")
    page.get_by_role("link", name="Retirer").click()
    expect(page.get_by_text(re.compile(r"^\d+ points$"))).to_be_visible()
    expect(page.get_by_text("d’après ses dernières nouvelles")).to_be_visible()
    if (given_up := page.locator("[name=give_up]")).count():  # it may have said so before it went
        given_up.check()
    page.fill("[name=reason]", "Volée dans la nuit")
    page.get_by_role("button", name="Retirer cette caisse").click()
    expect(page.get_by_text("Retirée", exact=False).first).to_be_visible()

    # whole at once: the points that the stolen till held buy what they always did
    until(lambda: rests(world, card, COFFEE_POINTS), "what it held is free")
    fill(first, card, COFFEE)
    first.save()
    assert first.outcome == "Saved", first.words
    fill(first, card, COFFEE)
    first.save()
    assert first.outcome == "Saved", first.words

    lost = lost_points(world)
    enrol_again(world, page)
    second.post("/network", {"up": True})
    until(lambda: second.state["waiting"] == 0, "what it had kept is at the hub", timeout_s=120)
    # the third coffee was not hers, and is paid first by the 10 points of its own sale
    until(lambda: first.points(card) == 30, "130 − 2 × 60 + 2 × 10")
    until(lambda: second.points(card) == 30, "the same at the till that came back")
    assert lost_points(world) == lost + COFFEE_POINTS - 10
    adds_up(world, page)


def enrol_again(world: World, page: Page) -> None:
    """The board is found again and gets a new certificate; what its card has kept stays."""
    programs = [f"{LOST} virtual", f"{LOST} sync"]
    world.cast.kill(*programs)
    page.goto(f"{world.house.web_url}terminaux/enroler/?terminal={LOST}")
    page.get_by_label("Nom du terminal").fill(LOST)
    page.get_by_role("button", name="Donner un code").click()
    code = page.locator(".code").inner_text()
    settings = world.layout.terminal(LOST) / "terminal.toml"
    argv = [sys.executable, "-m", "firmware", "enrol", world.house.web_url, code]
    done = subprocess.run(
        [*argv, "--config", str(settings)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    world.cast.start(*programs)


def beyond_rights(world: World) -> int:
    """How many incidents say that something was spent beyond a right."""
    return world.at_hub("SELECT count(*) FROM ledger_incident WHERE kind IN ('loss', 'overheld')")


def lost_points(world: World) -> int:
    """What the merchant's loss reserve has paid, in points."""
    return world.at_hub(
        "SELECT coalesce(-sum(balance), 0) FROM ledger_account"
        " WHERE owner = 'loss' AND kind = 'points'"
    )


def adds_up(world: World, page: Page) -> None:
    """The command says so, and the page of a merchant who has signed in."""
    audited = world.audited()
    assert audited.returncode == 0, audited.stdout
    page.goto(f"{world.house.web_url}a-voir/equation/")
    expect(page.get_by_text("Tout s’additionne : l’écart est de 0.")).to_be_visible()
