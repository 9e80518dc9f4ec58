# SPDX-License-Identifier: Apache-2.0
"""The figures of a shop and a period: chosen, compared, drawn, listed, given as a file (SPEC B4)."""

import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from hub.console.sheets import BOM
from hub.ledger import counting
from hub.ledger.counts import Count
from loyalty.basket import Use
from tests.hub.console.world import World, baguette

PAGE = "/rapports/chiffres/"
ZONE = ZoneInfo("Indian/Reunion")
"""Of the merchant."""


def shown(client: Client, **asked: object) -> dict[str, str]:
    """Give each figure of the page by its name."""
    parts = client.get(PAGE, asked).content.decode().split('<dl class="tiles">')[1]
    found = {}
    for tile in parts.split("</dl>")[0].split("<dt>")[1:]:
        name, rest = tile.split("</dt>", 1)
        found[name] = rest.split("<b>")[1].split("</b>")[0]
    return found


def noon(days_ago: int) -> datetime:
    """Midday of a day where the merchant is, whatever day it is here."""
    today = timezone.localtime(timezone=ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days_ago)


@pytest.fixture
def week(world: World) -> World:
    """Four days ago Élodie spent 60 €, the day before 10 € and 60 points; Saint-Paul sold 20 €."""
    world.till.visit(world.elodie, at=noon(4))
    world.till.sell(baguette(6000), customer=world.elodie, at=noon(4))
    uses = [Use(world.croissant.pk)]
    world.till.sell(baguette(1000), customer=world.elodie, uses=uses, held=60, at=noon(3))
    world.till.send()
    world.till_of_paul.sell(baguette(2000), at=noon(3))
    world.till_of_paul.send()
    counting.count_due()
    return world


def days(first: int, last: int) -> dict[str, str]:
    """Name the days from so many days ago to so many days ago."""
    return {
        "from": noon(first).date().isoformat(),
        "to": noon(last).date().isoformat(),
    }


@pytest.mark.row("B4")
def test_a_period_shows_what_it_came_to(week: World, isabelle: Client) -> None:
    figures = shown(isabelle, **days(4, 3))
    assert figures["Ventes"] == "90,00\u00a0€"
    assert figures["Nombre de ventes"] == "3"
    assert figures["Panier moyen"] == "30,00\u00a0€"
    assert figures["Visites"] == "2"
    assert figures["Clients actifs"] == "1"
    assert figures["Points gagnés"] == "70"
    assert figures["Points utilisés"] == "60"
    assert figures["Récompenses données"] == "1"
    assert figures["Points en circulation"] == "10"


@pytest.mark.row("B4")
def test_a_shop_is_chosen_and_a_shops_account_sees_its_own(
    week: World, isabelle: Client, bruno: Client
) -> None:
    assert shown(isabelle, **days(4, 3), shop=week.paul.pk)["Ventes"] == "20,00\u00a0€"
    assert shown(bruno, **days(4, 3))["Ventes"] == "70,00\u00a0€"


@pytest.mark.row("B4")
def test_it_is_compared_to_as_many_days_before(week: World, isabelle: Client) -> None:
    text = isabelle.get(PAGE, days(3, 3)).content.decode()
    assert "60,00\u00a0€ avant, −50\u00a0%" in text


@pytest.mark.row("B4")
def test_the_best_articles_and_rewards_are_listed(week: World, isabelle: Client) -> None:
    text = isabelle.get(PAGE, days(4, 3)).content.decode()
    assert "Baguette" in text.split("Articles les plus vendus")[1]
    assert "Croissant offert" in text.split("Récompenses les plus utilisées")[1]


@pytest.mark.row("B4")
def test_the_figures_of_each_day_are_given_as_a_file(week: World, isabelle: Client) -> None:
    answer = isabelle.get(PAGE, days(5, 3) | {"format": "csv"})
    whole = b"".join(answer.streaming_content).decode().removeprefix(BOM)
    rows = list(csv.DictReader(io.StringIO(whole, newline=""), delimiter=";"))
    assert [row["Ventes"] for row in rows] == ["0,00", "60,00", "30,00"]
    assert [row["Points gagnés"] for row in rows] == ["0", "60", "10"]


def test_an_entry_is_counted_once_however_often_it_is_counted(week: World) -> None:
    before = list(Count.objects.order_by("pk").values("times", "cents"))
    assert counting.count_due() == 0
    assert list(Count.objects.order_by("pk").values("times", "cents")) == before


def test_what_is_paid_back_is_off_the_day_of_the_refund(week: World, isabelle: Client) -> None:
    assert shown(isabelle, **days(0, 0))["Ventes"] == "0,00\u00a0€"


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-11-20", "to": "2026-11-01"},
        {"from": "nonsense", "to": "2099-12-31"},
        {"from": "2000-01-01", "to": "2026-11-01"},
        {"to": "2020-02-29"},
    ],
)
def test_whatever_days_are_asked_there_is_a_page(
    world: World, isabelle: Client, asked: dict[str, str]
) -> None:
    assert isabelle.get(PAGE, asked).status_code == 200


def test_a_longer_period_asks_the_database_no_more_often(
    week: World, isabelle: Client, django_assert_max_num_queries
) -> None:
    isabelle.get("/clients/")  # the first page of a session notes where it is open
    with django_assert_max_num_queries(24):
        isabelle.get(PAGE, {"from": "2024-01-01", "to": "2026-11-01"})
