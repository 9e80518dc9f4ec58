# SPDX-License-Identifier: Apache-2.0
"""What the points that customers have will cost, from their own movements, month by month."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from hub.ledger.bonus import adjust_points
from loyalty.basket import Use
from tests.hub.console.test_publishing import said
from tests.hub.console.world import World, baguette

PROVISION = "/rapports/provision/"
ZONE = ZoneInfo("Indian/Reunion")


def text(answer: object) -> str:
    return answer.content.decode()


def files(isabelle: Client) -> list[str]:
    answer = isabelle.get(PROVISION, {"format": "csv"})
    return b"".join(answer.streaming_content).decode().splitlines()


@pytest.fixture
def year(world: World) -> World:
    """Élodie earned 500 in the month before last, used 60 and earned 10 a month later."""
    first = timezone.now().astimezone(ZONE).replace(day=15) - timedelta(days=61)
    world.till.sell(baguette(50_000), customer=world.elodie, at=first)
    world.till.send()
    world.till.sell(
        baguette(1000), customer=world.elodie, uses=[Use(world.croissant.pk)], held=500,
        at=first + timedelta(days=31),
    )  # fmt: skip
    world.till.send()
    return world


@pytest.mark.row("I1")
def test_the_provision_is_outstanding_points_times_expected_use_times_cost(
    year: World, isabelle: Client
) -> None:
    page = said(text(isabelle.get(PROVISION)))
    assert "Points en circulation 450" in page
    assert "Provision 4,50 €" in page  # all used, at the 0.01 € that a point is worth
    assert "Sur douze mois, 11,76 % des points gagnés ont été utilisés." in page
    page = said(text(isabelle.post(PROVISION, {"use": "60", "cost": "0,55"}, follow=True)))
    assert "Provision 1,49 €" in page  # 450 × 60 % × 0.0055 = 1.485, half up
    lines = files(isabelle)
    assert lines[1].split(";")[1:] == ["0", "0", "450", "60,00", "0,55", "1,49"]
    assert lines[2].split(";")[1:4] == ["10", "60", "450"]
    assert lines[3].split(";")[1:4] == ["500", "0", "500"]
    book = isabelle.get(PROVISION, {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(book.getvalue())).active
    assert [cell.value for cell in sheet[2]][3:] == [450, 60, 0.55, 1.49]


@pytest.mark.row("I1")
def test_a_month_is_the_merchant_s_own(world: World, isabelle: Client) -> None:
    late = datetime(2026, 9, 30, 23, 30, tzinfo=ZONE)
    world.till.sell(baguette(1000), customer=world.elodie, at=late)
    world.till.sell(baguette(2000), customer=world.elodie, at=late + timedelta(hours=1))
    world.till.send()
    months = {line.split(";")[0]: line.split(";")[1] for line in files(isabelle)[1:]}
    assert months["2026-09-01"] == "10"
    assert months["2026-10-01"] == "20"


def test_points_by_hand_count_and_nothing_yet_is_nothing(world: World, isabelle: Client) -> None:
    assert "Provision 0,00 €" in said(text(isabelle.get(PROVISION)))
    adjust_points(world.elodie, 300, note="Merci", shop=None, person_id=None)
    page = said(text(isabelle.get(PROVISION)))
    assert "Points en circulation 300" in page
    assert "Provision 3,00 €" in page


@pytest.mark.parametrize(
    ("wrong", "said_"),
    [
        ({"use": ""}, "Quelle part des points sera utilisée ?"),
        ({"use": "101"}, "Entre 0,01 et 100,00."),
        ({"cost": ""}, "Combien coûtent 100 points utilisés ?"),
        ({"cost": "x"}, "Un montant en euros, comme 12,50."),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    isabelle: Client, wrong: dict[str, str], said_: str
) -> None:
    assert said_ in text(isabelle.post(PROVISION, {"use": "60", "cost": "1"} | wrong))
