# SPDX-License-Identifier: Apache-2.0
"""Find a customer among many, and read the cause of every point they ever had."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger.acts import NewCustomer, register_customers
from loyalty.basket import Use
from tests.hub.console.world import World, baguette

GAP = "\N{NO-BREAK SPACE}"


def names(page: str) -> list[str]:
    """Give the names of a list, in their order."""
    return [part.split("</a>")[0] for part in page.split('class="name" href="/clients/')[1:]]


def listed(client: Client, **asked: object) -> list[str]:
    page = client.get("/clients/", asked).content.decode()
    return [name.split(">")[1] for name in names(page)]


@pytest.fixture
def people(world: World) -> None:
    register_customers(
        world.denis,
        [
            NewCustomer(
                first_name="Solène",
                last_name="Le Goff-Técher",
                phone="+262 692 12 34 56",
                email="solene@client.example",
            ),
            NewCustomer(first_name="Nguyễn", last_name="Thị Minh Châu"),
        ],
    )


@pytest.mark.parametrize(
    "asked",
    ["Solène", "goff", "le goff solene", "TECHER", "0692123456", "06 92 12 34 56", "solene@client"],
)
def test_a_customer_is_found_by_any_part_of_name_phone_or_email(
    world: World, people: None, isabelle: Client, asked: str
) -> None:
    assert listed(isabelle, q=asked) == ["Solène Le Goff-Técher"]


def test_a_customer_is_found_by_card(world: World, isabelle: Client) -> None:
    code = world.elodie.cards.get().code
    assert listed(isabelle, q=code) == ["Élodie Marchand"]
    assert listed(isabelle, q=f"{code[0]} {code[1:7]} {code[7:]}") == ["Élodie Marchand"]


def test_nobody_found_says_what_to_try(isabelle: Client) -> None:
    page = isabelle.get("/clients/?q=xyzzy").content.decode()
    assert "Aucun client trouvé" in page


@pytest.mark.row("E10")
def test_the_list_shows_points_and_sorts_by_them_both_ways(world: World, isabelle: Client) -> None:
    theo = world.till.join("Théo", "Maillot", serial=900)
    world.till.sell(baguette(5000), customer=theo)
    world.till.sell(baguette(1200), customer=world.elodie)
    world.till.send()
    assert listed(isabelle, sort="-points") == ["Théo Maillot", "Élodie Marchand"]
    assert listed(isabelle, sort="points") == ["Élodie Marchand", "Théo Maillot"]
    page = isabelle.get("/clients/").content.decode()
    assert "2 clients · 62 points en tout" in page


def test_a_sort_nobody_knows_is_the_usual_one(world: World, isabelle: Client) -> None:
    assert listed(isabelle, sort="password") == ["Élodie Marchand"]


def test_long_lists_are_paged_by_the_server(world: World, isabelle: Client) -> None:
    register_customers(
        world.denis, [NewCustomer(first_name=f"Client{i:02d}", last_name="") for i in range(30)]
    )
    first = isabelle.get("/clients/?sort=name").content.decode()
    assert "1 à 25 sur 31 clients" in first
    assert "page=2" in first
    assert len(names(first)) == 25
    second = isabelle.get("/clients/?sort=name&page=2").content.decode()
    assert "26 à 31 sur 31 clients" in second
    assert not set(names(first)) & set(names(second))
    assert len(names(isabelle.get("/clients/?page=9999").content.decode())) == 6


def test_a_longer_list_asks_the_database_no_more_often(
    world: World, isabelle: Client, django_assert_max_num_queries
) -> None:
    register_customers(
        world.denis, [NewCustomer(first_name=f"Client{i:02d}", last_name="") for i in range(30)]
    )
    isabelle.get("/clients/")  # the first page of a session notes where it is open
    with django_assert_max_num_queries(13):  # the credits left, above every page, are one
        isabelle.get("/clients/?sort=-points")


def test_a_filter_narrows_to_who_came_lately(world: World, isabelle: Client) -> None:
    theo = world.till.join("Théo", "Maillot", serial=900)
    world.till.visit(theo, at=timezone.now() - timedelta(days=40))
    world.till.visit(world.elodie, at=timezone.now() - timedelta(days=3))
    world.till.send()
    assert listed(isabelle, seen="7") == ["Élodie Marchand"]
    assert set(listed(isabelle, seen="90")) == {"Élodie Marchand", "Théo Maillot"}


@pytest.mark.row("I6")
def test_every_movement_of_a_customer_tells_its_cause(world: World, isabelle: Client) -> None:
    receipt = world.till.sell(baguette(6050), customer=world.elodie, staff=world.marius)
    world.till.send()
    world.till.sell(baguette(1050), customer=world.elodie, uses=[Use(world.croissant.pk)], held=60)
    world.till.send()
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert f"Vente {receipt}" in page
    assert "Marius" in page  # who
    assert "Saint-Denis" in page  # where
    assert "règles v1" in page  # under which rules
    assert "Croissant offert" in page  # what was used
    assert "+60" in page
    assert "−50" in page  # 10 earned, 60 used
    assert "Reports devenus points" in page  # 0,50 + 0,50


@pytest.mark.row("C9")
def test_remainders_are_carried_and_never_lost(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(150), customer=world.elodie)
    world.till.send()
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert f"<b>0,50{GAP}€</b><span>comptera avec le prochain achat" in page
    world.till.sell(baguette(150), customer=world.elodie)
    world.till.send()
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "<dt>Points</dt><dd><b>3</b>" in page
    assert f"<b>0,00{GAP}€</b><span>comptera avec le prochain achat" in page


def test_the_running_balance_follows_what_happened(world: World, isabelle: Client) -> None:
    now = timezone.now()
    for i, cents in enumerate((1000, 2000, 3000)):
        world.till.sell(baguette(cents), customer=world.elodie, at=now - timedelta(hours=3 - i))
    world.till.send()
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    balances = [part.split("</td>")[0] for part in page.split('data-name="Solde">')[1:]]
    assert balances == ["60", "60", "30", "10"]  # joined just now, bought before


def test_a_history_is_narrowed_by_kind_and_date(world: World, isabelle: Client) -> None:
    world.till.visit(world.elodie)
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.send()
    url = f"/clients/{world.elodie.pk}/"
    visits = isabelle.get(url, {"kind": "visited"}).content.decode()
    assert "+1 visite" in visits
    assert "Vente 0001" not in visits
    past = isabelle.get(url, {"to": "2020-01-01"}).content.decode()
    assert "Rien à cet endroit de son histoire" in past


@pytest.mark.parametrize("asked", ["from=hier", "from=2026-99-99", "to=9999-12-31", "page=-1"])
def test_a_filter_that_makes_no_sense_narrows_nothing(
    world: World, isabelle: Client, asked: str
) -> None:
    assert isabelle.get(f"/clients/{world.elodie.pk}/?{asked}").status_code == 200
    assert isabelle.get(f"/transactions/?{asked}").status_code == 200


@pytest.mark.parametrize("q", ["%", "_", "'; DROP", "<script>", "9" * 5000])
def test_a_strange_search_finds_nobody_and_breaks_nothing(isabelle: Client, q: str) -> None:
    answer = isabelle.get("/clients/", {"q": q})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
