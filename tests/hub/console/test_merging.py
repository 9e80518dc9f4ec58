# SPDX-License-Identifier: Apache-2.0
"""Make two records one, and two again, on the page; possible duplicates are shown."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.ledger import audit
from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.merges import Apart, Merge
from hub.ledger.models import Account, Customer
from tests.hub.console.world import World, baguette

WHY = "Même personne, deux cartes"


@pytest.fixture
def theo(world: World) -> Customer:
    """Théo has 12 points, Élodie 30."""
    theo = world.till.join("Théo", "Marchand", serial=700)
    world.till.sell(baguette(1200), customer=theo)
    world.till.sell(baguette(3000), customer=world.elodie)
    world.till.send()
    theo.refresh_from_db()
    return theo


def merged(client: Client, one: Customer, other: Customer) -> str:
    """Merge them on the page; what it then says."""
    url = f"/clients/{one.pk}/reunir/"
    answer = client.post(url, {"other": other.pk, "reason": WHY}, follow=True)
    return answer.content.decode()


@pytest.mark.row("E12")
def test_the_other_record_is_searched_both_are_previewed_and_they_become_one(
    world: World, theo: Customer, isabelle: Client
) -> None:
    url = f"/clients/{world.elodie.pk}/reunir/"
    found = isabelle.get(url, {"q": "marchand"}).content.decode()
    assert f"?other={theo.pk}" in found
    preview = isabelle.get(url, {"other": theo.pk}).content.decode()
    assert preview.index("Ensemble") < preview.index("<b>42</b>")
    page = merged(isabelle, world.elodie, theo)
    assert "ne font plus qu’un client" in page
    assert "<b>42</b>" in page
    assert WHY in page
    assert isabelle.get(f"/clients/{theo.pk}/").url == f"/clients/{world.elodie.pk}/"
    rows = isabelle.get("/clients/").content.decode()
    assert "Élodie Marchand" in rows
    assert "Théo" not in rows


@pytest.mark.row("E12")
def test_one_click_and_a_reason_part_them_again_and_nothing_is_lost(
    world: World, theo: Customer, isabelle: Client
) -> None:
    page = merged(isabelle, world.elodie, theo)
    done = Merge.objects.get()
    assert f"/clients/separer/{done.pk}/" in page
    asked = isabelle.get(f"/clients/separer/{done.pk}/").content.decode()
    assert "<b>12</b>" in asked
    page = isabelle.post(
        f"/clients/separer/{done.pk}/", {"reason": "Deux sœurs"}, follow=True
    ).content.decode()
    assert "sont de nouveau deux" in page
    assert "<b>30</b>" in page
    assert "Deux sœurs" in page
    assert "<b>12</b>" in isabelle.get(f"/clients/{theo.pk}/").content.decode()
    assert audit.faults(world.lucet.pk) == []
    again = isabelle.post(f"/clients/separer/{done.pk}/", {"reason": "x"}, follow=True)
    assert "déjà séparés" in again.content.decode()


def test_what_one_of_them_owes_is_taken_off_in_the_preview_as_it_will_be(
    world: World, theo: Customer, isabelle: Client
) -> None:
    url = f"/clients/{world.elodie.pk}/reunir/"
    # a refund could not take back what a till held: 20 of which his own 12 are not enough
    Account.objects.create(
        merchant=world.lucet, owner=theo.uuid, kind="owed", key="points", balance=20
    )
    preview = isabelle.get(url, {"other": theo.pk}).content.decode()
    assert "8 points à rattraper" in preview
    assert preview.index("Ensemble") < preview.index("<b>22</b>")
    assert "<b>42</b>" not in preview


def test_nothing_is_merged_without_a_reason(world: World, theo: Customer, isabelle: Client) -> None:
    answer = isabelle.post(f"/clients/{world.elodie.pk}/reunir/", {"other": theo.pk, "reason": " "})
    assert "Dites pourquoi" in answer.content.decode()
    assert not Merge.objects.exists()


def test_who_is_one_already_or_has_no_name_yet_is_refused_in_words(
    world: World, theo: Customer, isabelle: Client
) -> None:
    url = f"/clients/{world.elodie.pk}/reunir/"
    same = isabelle.get(url, {"other": world.elodie.pk}).content.decode()
    assert "C’est déjà le même client." in same
    merged(isabelle, world.elodie, theo)
    twice = isabelle.post(url, {"other": theo.pk, "reason": WHY}).content.decode()
    assert "C’est déjà le même client." in twice
    assert Merge.objects.count() == 1
    stub = Customer.objects.create(
        merchant=world.lucet, uuid="nobody-yet", joined_at=world.elodie.joined_at, stub=True
    )
    unnamed = isabelle.get(url, {"other": stub.pk}).content.decode()
    assert "pas encore de nom" in unnamed


@pytest.mark.parametrize("other", ["x", "0", "-1", "9" * 30])
def test_an_address_that_names_nobody_is_not_found(
    world: World, isabelle: Client, other: str
) -> None:
    assert isabelle.get(f"/clients/{world.elodie.pk}/reunir/", {"other": other}).status_code == 404
    assert isabelle.post("/clients/doublons/", {"one": other}).status_code == 404


def test_another_merchants_customer_is_not_there_to_merge_with(
    world: World, isabelle: Client
) -> None:
    url = f"/clients/{world.elodie.pk}/reunir/"
    assert isabelle.get(url, {"other": world.chloe.pk}).status_code == 404


def test_a_shop_is_not_offered_what_it_may_not_do(
    world: World, theo: Customer, isabelle: Client, bruno: Client
) -> None:
    merged(isabelle, world.elodie, theo)
    page = bruno.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "reunir" not in page
    assert "separer" not in page
    assert "doublons" not in bruno.get("/clients/").content.decode()


# ── possible duplicates ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def twins(world: World) -> list[Customer]:
    """Anaïs joined twice under one phone, her mother gave the same, her brother's e-mail is his."""
    same = {"last_name": "Payet", "phone": "0692 11 22 33"}
    return register_customers(
        world.denis,
        [
            NewCustomer(first_name="Anaïs", email="anais@client.example", **same),
            NewCustomer(first_name="Anais", email="ANAIS@client.example", **same),
            NewCustomer(first_name="Marie", **same),
            NewCustomer(first_name="Loïc", last_name="Payet", email="loic@client.example"),
        ],
    )


def rows(client: Client) -> list[tuple[int, int]]:
    """The pairs that are listed."""
    page = client.get("/clients/doublons/").content.decode()
    parts = page.split('name="one" value="')[1:]
    return [
        (int(p.split('"')[0]), int(p.split('name="other" value="')[1].split('"')[0])) for p in parts
    ]


def test_the_same_phone_or_email_is_listed_once_with_what_is_in_common(
    twins: list[Customer], isabelle: Client
) -> None:
    anais, again, marie, _loic = twins
    assert rows(isabelle) == [(anais.pk, marie.pk), (anais.pk, again.pk)]
    page = isabelle.get("/clients/doublons/").content.decode()
    assert "0692 11 22 33" in page
    assert "anais@client.example" in page
    assert "Loïc" not in page


def test_a_page_of_pairs_costs_as_much_as_one_pair(
    world: World, twins: list[Customer], isabelle: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert rows(isabelle)
        return len(asked)

    isabelle.get("/clients/")  # the first page of a session notes where it is open
    few = queries()
    more = [NewCustomer(first_name=f"Ana{n}", phone="0692 11 22 33") for n in range(5)]
    register_customers(world.denis, more)
    assert queries() == few


def test_two_people_are_not_asked_about_again(twins: list[Customer], isabelle: Client) -> None:
    anais, again, marie, _loic = twins
    for one, other in ((marie, anais), (again, marie)):
        page = isabelle.post("/clients/doublons/", {"one": one.pk, "other": other.pk}, follow=True)
        assert "restent deux clients" in page.content.decode()
    assert rows(isabelle) == [(anais.pk, again.pk)]
    assert Apart.objects.count() == 2


def test_who_is_told_apart_from_one_is_still_compared_with_the_next(
    twins: list[Customer], isabelle: Client
) -> None:
    anais, again, marie, _loic = twins
    isabelle.post("/clients/doublons/", {"one": anais.pk, "other": marie.pk})
    assert rows(isabelle) == [(again.pk, marie.pk), (anais.pk, again.pk)]


def test_who_is_merged_is_no_duplicate_any_more(twins: list[Customer], isabelle: Client) -> None:
    anais, again, marie, _loic = twins
    merged(isabelle, anais, again)
    assert rows(isabelle) == [(anais.pk, marie.pk)]
    merged(isabelle, anais, marie)
    page = isabelle.get("/clients/doublons/").content.decode()
    assert "Aucun doublon" in page
