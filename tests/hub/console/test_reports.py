# SPDX-License-Identifier: Apache-2.0
"""Every point earned and used with its cause, what it comes to, and the same as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from hub.console.sheets import BOM
from hub.ledger import groups
from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.models import Account, JournalEntry
from loyalty.basket import Use
from tests.hub.console.world import World, baguette

POINTS = "/rapports/points/"
CLIENTS = "/rapports/clients/"


def page(client: Client, url: str = POINTS, **asked: object) -> str:
    return client.get(url, asked).content.decode()


def rows(client: Client, url: str = POINTS, **asked: object) -> list[dict[str, str]]:
    """Give the CSV of a list, a row by its heads."""
    answer = client.get(url, asked | {"format": "csv"})
    whole = b"".join(answer.streaming_content).decode()
    assert whole.startswith(BOM)
    return list(csv.DictReader(io.StringIO(whole.removeprefix(BOM), newline=""), delimiter=";"))


@pytest.fixture
def week(world: World) -> World:
    """Élodie earned 60 and 10 and used 60 in Saint-Denis, Théo earned 20 in Saint-Paul."""
    now = timezone.now()
    world.till.sell(
        baguette(6000), customer=world.elodie, staff=world.marius, at=now - timedelta(days=9)
    )
    world.till.sell(
        baguette(1000), customer=world.elodie, uses=[Use(world.croissant.pk)], held=60, at=now
    )
    world.till.send()
    theo = world.till_of_paul.join("Théo", "Maillot", serial=900)
    world.till_of_paul.sell(baguette(2000), customer=theo, at=now - timedelta(days=2))
    world.till_of_paul.send()
    return world


@pytest.mark.row("I1")
def test_every_point_earned_and_used_is_listed_with_what_they_come_to(
    week: World, isabelle: Client
) -> None:
    text = page(isabelle)
    assert "4 mouvements" in text
    for sum_of in ("<b>90</b>", "<b>60</b>", "<b>+30</b>"):
        assert sum_of in text
    held = Account.objects.filter(merchant=week.lucet, kind="points")
    assert sum(held.exclude(owner="merchant").values_list("balance", flat=True)) == 30


@pytest.mark.row("I6")
def test_each_movement_names_its_cause_its_rules_its_shop_and_its_person(
    week: World, isabelle: Client
) -> None:
    used, earned, _theo, first = rows(isabelle)
    assert (used["Points"], used["Cause"], used["Détail"]) == (
        *("-60", "Croissant offert offert", "Vente 0002"),
    )
    assert (earned["Points"], earned["Cause"]) == ("10", "Vente 0002")
    assert first["Cause"] == "Vente 0001"
    assert first["Règles"] == "règles v1"
    assert (first["Boutique"], first["Par"]) == ("Saint-Denis", "Marius")
    assert first["Client"] == "Élodie Marchand"


@pytest.mark.row("I1")
@pytest.mark.parametrize(
    ("asked", "points"),
    [
        ({"way": "earned"}, ["10", "20", "60"]),
        ({"way": "used"}, ["-60"]),
        ({"kind": "refunded"}, []),
        ({"q": "maillot"}, ["20"]),
        ({"way": "nonsense", "kind": "nonsense"}, ["-60", "10", "20", "60"]),
    ],
)
def test_the_report_and_its_files_are_narrowed_alike(
    week: World, isabelle: Client, asked: dict[str, str], points: list[str]
) -> None:
    assert [row["Points"] for row in rows(isabelle, **asked)] == points
    answer = isabelle.get(POINTS, asked | {"format": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert [str(row[2]) for row in cells[1:]] == points
    text = page(isabelle, **asked)
    assert text.count('data-unit="points"') == len(points)


def test_shop_customer_and_period_narrow_it(week: World, isabelle: Client) -> None:
    today = timezone.localdate()
    since = today - timedelta(days=4)
    assert [row["Points"] for row in rows(isabelle, shop=week.paul.pk)] == ["20"]
    assert len(rows(isabelle, customer=week.elodie.pk)) == 3
    assert [row["Points"] for row in rows(isabelle, **{"from": since})] == ["-60", "10", "20"]
    assert [row["Points"] for row in rows(isabelle, to=since)] == ["60"]


def test_a_shop_reads_its_own_movements_only(week: World, bruno: Client) -> None:
    assert {row["Boutique"] for row in rows(bruno)} == {"Saint-Denis"}
    assert "Maillot" not in page(bruno)


def test_a_carry_that_becomes_points_says_so(world: World, isabelle: Client) -> None:
    for _ in range(2):
        world.till.sell(baguette(150), customer=world.elodie)
        world.till.send()
    converted = rows(isabelle, kind="carry_converted")
    assert [row["Points"] for row in converted] == ["1"]
    assert converted[0]["Cause"] == "Reports devenus points"
    assert converted[0]["Règles"].startswith("1 point pour 1,00")


def test_a_long_report_is_paged_by_the_server(world: World, isabelle: Client) -> None:
    for _ in range(30):
        world.till.sell(baguette(100), customer=world.elodie)
    world.till.send()
    assert "1 à 25 sur 30 mouvements" in page(isabelle)
    assert page(isabelle, page=2).count('data-unit="points"') == 5
    assert len(rows(isabelle)) == 30


def test_a_longer_report_asks_the_database_no_more_often(
    world: World, isabelle: Client, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        world.till.sell(baguette(100), customer=world.elodie)
    world.till.send()
    isabelle.get(CLIENTS)  # the first page of a session notes where it is open
    with django_assert_max_num_queries(15):
        isabelle.get(POINTS)


@pytest.mark.row("I5")
def test_the_clients_report_leads_from_each_amount_to_its_history(
    week: World, isabelle: Client
) -> None:
    found = {row["Prénom"]: row for row in rows(isabelle, CLIENTS)}
    elodie = found["Élodie"]
    assert (elodie["Gagnés"], elodie["Utilisés"], elodie["Solde"]) == ("70", "60", "10")
    assert (found["Théo"]["Gagnés"], found["Théo"]["Solde"]) == ("20", "20")
    text = page(isabelle, CLIENTS)
    way = f"{POINTS}?customer={week.elodie.pk}&amp;way=used"
    assert way in text
    history = isabelle.get(way.replace("&amp;", "&")).content.decode()
    assert "Croissant offert" in history
    assert "−60" in history
    assert "+10" not in history


def test_the_clients_report_counts_a_period_and_a_shop(week: World, isabelle: Client) -> None:
    since = timezone.localdate() - timedelta(days=4)
    found = {row["Prénom"]: row for row in rows(isabelle, CLIENTS, **{"from": since})}
    assert (found["Élodie"]["Gagnés"], found["Élodie"]["Solde"]) == ("10", "10")
    shop = rows(isabelle, CLIENTS, shop=week.paul.pk)
    assert [row["Prénom"] for row in shop] == ["Théo"]


def test_nothing_yet_says_what_will_come(isabelle: Client, world: World) -> None:
    assert "Aucun point encore" in page(isabelle)
    assert "Aucun mouvement de points ici" in page(isabelle, way="used")


@pytest.mark.parametrize("url", ["/clients/", "/transactions/", "/cartes-cadeaux/", CLIENTS])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_is_had_as_a_file(week: World, isabelle: Client, url: str, form: str) -> None:
    answer = isabelle.get(url, {"format": form})
    assert answer.headers["Content-Disposition"].endswith(f'.{form}"')
    assert b"".join(answer.streaming_content)
    assert f"format={form}" in page(isabelle, url) or url == "/cartes-cadeaux/"


def test_a_file_holds_what_its_list_was_narrowed_to(week: World, isabelle: Client) -> None:
    register_customers(
        week.denis, [NewCustomer(first_name="=cmd|' /C calc'!A0", phone="+262 692 12 34 56")]
    )
    found = rows(isabelle, "/clients/", q="0692123456")
    assert [row["Prénom"] for row in found] == ["'=cmd|' /C calc'!A0"]
    assert found[0]["Téléphone"] == "'+262 692 12 34 56"
    assert [row["Client"] for row in rows(isabelle, "/transactions/", q="maillot")] == [
        "Théo Maillot"
    ]


@pytest.mark.parametrize("url", [POINTS, CLIENTS, "/transactions/"])
@pytest.mark.parametrize("text", ["marchand", "maillot", "e", "0001", "zzzz"])
def test_who_is_one_of_very_many_is_found_all_the_same(
    week: World, isabelle: Client, monkeypatch: pytest.MonkeyPatch, url: str, text: str
) -> None:
    found = rows(isabelle, url, q=text)
    monkeypatch.setattr(groups, "FEW", 0)
    assert rows(isabelle, url, q=text) == found
    assert bool(found) == (text != "zzzz" and (url == "/transactions/" or text != "0001"))
    too_many = "Trop de clients pour additionner" in page(isabelle, url, q=text)
    assert too_many == (bool(found) and url != "/transactions/")


def test_a_receipt_of_another_program_is_found_though_it_has_no_digit(
    week: World, isabelle: Client
) -> None:
    JournalEntry.objects.filter(kind="sold", customer=week.elodie.uuid).update(receipt="CAISSE")
    assert {row["Ticket"] for row in rows(isabelle, "/transactions/", q="caisse")} == {"CAISSE"}


def test_an_english_reader_has_english_heads(week: World, isabelle: Client) -> None:
    isabelle.cookies["django_language"] = "en"
    assert rows(isabelle)[0]["Cause"]
    assert set(rows(isabelle)[0]) >= {"Date", "Customer", "Shop"}
