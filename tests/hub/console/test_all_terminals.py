# SPDX-License-Identifier: Apache-2.0
"""The operator finds the terminal that needs somebody, among those of every merchant."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hub.ledger.models import Segment
from hub.merchants import claims
from hub.merchants.deeds import Deed, Did
from hub.merchants.enrolment import enrol
from hub.merchants.models import Terminal
from tests.hub.console.browsing import opened
from tests.hub.console.test_costs import queries
from tests.hub.console.world import ENTERING, World, baguette

ALL = "/commerces/terminaux/"


def listed(client: Client, **asked: object) -> list[str]:
    """The terminals that the page lists, in its order."""
    return [line.till.terminal.pk for line in client.get(ALL, asked).context["tills"]]


def tell(terminal: Terminal, **facts: object) -> str:
    """Let a terminal have said so."""
    Terminal.objects.filter(pk=terminal.pk).update(**facts)
    return terminal.pk


@pytest.fixture
def fleet(world: World) -> dict[str, str]:
    """A terminal of each state, by its state; the three of the world among them."""
    now = timezone.now()
    Terminal.objects.update(online=True, last_contact=now)
    made = {
        name: enrol(world.denis, f"saint-denis-{name}")
        for name in ("stopped", "late", "silent", "full", "new", "gone")
    }
    return {
        "fine": tell(world.till.terminal),
        "clock": tell(world.till_of_paul.terminal),
        "fault": tell(world.till_of_port.terminal, printer="paper_out"),
        "stopped": tell(made["stopped"], online=True, last_contact=now, disk=97),
        "late": tell(made["late"], last_contact=now - timedelta(hours=3), waiting=12),
        "silent": tell(made["silent"], last_contact=now - timedelta(days=2)),
        "full": tell(made["full"], online=True, last_contact=now, disk=91),
        "new": tell(made["new"]),
        "gone": tell(made["gone"], last_contact=now - timedelta(days=9), retired_at=now),
    }


@pytest.fixture
def undated(world: World, fleet: dict[str, str]) -> None:
    """The till of Saint-Paul has begun, and no trusted clock has dated it."""
    for till in (world.till, world.till_of_paul):
        till.sell(baguette())
        till.send()
    Terminal.objects.filter(pk__in=(fleet["fine"], fleet["clock"])).update(online=True)
    Segment.objects.filter(terminal=fleet["clock"]).update(wall_minus_mono_ms=None)


@pytest.mark.usefixtures("undated")
def test_who_cannot_sell_comes_first_and_who_is_gone_last(
    fleet: dict[str, str], odile: Client
) -> None:
    order = ("stopped", "late", "silent")
    found = listed(odile)
    assert found[:3] == [fleet[state] for state in order]
    assert set(found[3:5]) == {fleet["full"], fleet["fault"]}
    assert found[5:] == [fleet[state] for state in ("clock", "new", "fine", "gone")]


@pytest.mark.usefixtures("undated")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("silent", {"late", "silent"}),
        ("late", {"late"}),
        ("fault", {"fault"}),
        ("disk", {"stopped", "full"}),
        ("clock", {"clock"}),
        ("new", {"new"}),
        ("fine", {"fine"}),
        ("gone", {"gone"}),
    ],
)
def test_each_state_finds_its_own_and_counts_them(
    fleet: dict[str, str], odile: Client, state: str, expected: set[str]
) -> None:
    assert set(listed(odile, state=state)) == {fleet[name] for name in expected}
    choices = dict(odile.get(ALL).context["states"])
    assert choices[state].endswith(f" · {len(expected)}")


def test_a_terminal_is_found_by_its_name_its_shop_or_its_merchant(
    world: World, fleet: dict[str, str], odile: Client
) -> None:
    port = fleet["fault"]
    assert listed(odile, q="librairie port") == [port]
    assert listed(odile, q="le-port") == [port]
    assert listed(odile, merchant=world.iles.pk) == [port]
    assert listed(odile, merchant=world.lucet.pk, shop=world.paul.pk) == [fleet["clock"]]
    assert port in listed(odile, state="what", shop=world.paul.pk), "no sense narrows nothing"
    page = odile.get(ALL, {"q": "nulle part"}).content.decode()
    assert "Aucun terminal trouvé" in page


def test_a_line_says_how_long_it_is_silent_and_what_it_has_still_to_send(
    fleet: dict[str, str], odile: Client
) -> None:
    page = odile.get(ALL, {"state": "late"}).content.decode()
    assert ">3\xa0heures</td>" in page
    assert 'data-name="À envoyer">12</td>' in page
    assert "Saint-Denis 4" in page, "by its place in its shop, not on the page"


def test_a_code_that_was_given_and_not_used_is_told(world: World, odile: Client) -> None:
    claims.make(world.denis, "saint-denis-9", by=world.odile)
    assert "saint-denis-9" in odile.get(ALL).content.decode()
    assert "saint-denis-9" in odile.get(ALL, {"state": "new"}).content.decode()
    assert "saint-denis-9" not in odile.get(ALL, {"state": "silent"}).content.decode()
    assert "saint-denis-9" not in odile.get(ALL, {"merchant": world.iles.pk}).content.decode()


def test_a_thousand_terminals_ask_no_more_than_three(world: World, odile: Client) -> None:
    queries(odile, ALL)
    few = queries(odile, ALL)
    Terminal.objects.bulk_create(
        Terminal(id=f"many-{n}", merchant=world.lucet, shop=world.denis) for n in range(1000)
    )
    assert queries(odile, ALL) <= few
    assert "1 à 25 sur 1" in odile.get(ALL).content.decode()
    assert len(listed(odile, page=41)) == 3


@pytest.mark.row("A10")
def test_the_operator_goes_from_the_list_into_the_journal_of_a_terminal(
    browser: Browser, transactional_db: None, live_server: Any, fleet: dict[str, str], odile: Client
) -> None:
    page = opened(browser, live_server.url, odile)
    page.goto(f"{live_server.url}/commerces/")
    page.get_by_role("navigation").get_by_role("link", name="Terminaux").first.click()
    page.get_by_label("État").select_option("silent")
    page.get_by_role("button", name="Chercher").click()
    rows = page.get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("12")
    rows.nth(1).get_by_role("link", name="Ouvrir").click()
    page.get_by_label("Raison").fill(ENTERING["reason"])
    page.get_by_role("button", name="Entrer pour une heure").click()
    page.wait_for_url(f"**/terminaux/{fleet['late']}/journal/")
    banner = page.get_by_role("complementary", name="Vous êtes chez un commerce")
    expect(banner).to_contain_text(ENTERING["reason"])
    assert Deed.objects.filter(did=Did.ENTERED).count() == 1
    page.context.close()
