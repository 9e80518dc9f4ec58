# SPDX-License-Identifier: Apache-2.0
"""Who guesses is slowed down by account and by address, and told when to come back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.merchants import tries
from hub.merchants.signing import Try
from hub.merchants.tries import LIMITS, Of, TooMany, What
from tests.hub.console.test_accounts import without_token
from tests.hub.console.test_second_factor import at_the_door, code
from tests.hub.console.world import PASSWORD, PHONE, World

WRONG = "faux"


def sign_in(email: str, password: str, *, from_: str = "192.0.2.1"):
    return Client(REMOTE_ADDR=from_).post("/connexion/", {"username": email, "password": password})


@pytest.mark.row("A9")
def test_a_known_and_an_unknown_account_are_closed_alike(world: World) -> None:
    pages = []
    for email in (world.isabelle.email, "personne@nulle.example"):
        for _ in range(10):
            answer = sign_in(email, WRONG)
        assert answer.status_code == 429
        assert 880 < int(answer.headers["Retry-After"]) <= 901
        pages.append(without_token(answer.content.decode()))
    assert "pendant 15 minutes" in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.row("A9")
def test_many_addresses_gain_nothing_on_one_account(world: World) -> None:
    most = LIMITS[What.PASSWORD][Of.ACCOUNT].most
    for n in range(most):
        tries.attempt(What.PASSWORD, account=world.isabelle.email, address=f"198.51.100.{n}")
    assert sign_in(world.isabelle.email, PASSWORD, from_="203.0.113.9").status_code == 429
    assert sign_in(world.bruno.email, PASSWORD, from_="203.0.113.9").status_code == 302


@pytest.mark.row("A9")
def test_one_address_gains_nothing_on_many_accounts(world: World) -> None:
    for n in range(LIMITS[What.PASSWORD][Of.ADDRESS].most):
        tries.attempt(What.PASSWORD, account=f"{n}@lucet.example", address="2001:db8::1")
    # the same household, another of its addresses
    assert sign_in(world.isabelle.email, PASSWORD, from_="2001:db8::2").status_code == 429
    assert sign_in(world.isabelle.email, PASSWORD, from_="2001:db8:1::1").status_code == 302


def test_getting_in_forgets_what_was_mistyped_and_nothing_of_other_accounts(
    world: World,
) -> None:
    for _ in range(3):
        for _ in range(9):
            sign_in(world.isabelle.email, WRONG)
        assert sign_in(world.isabelle.email, PASSWORD).status_code == 302
    for _ in range(9):
        sign_in(world.charlotte.email, WRONG)
    sign_in(world.isabelle.email, PASSWORD)
    assert sign_in(world.charlotte.email, WRONG).status_code == 429


def test_a_closed_door_opens_by_itself_and_knocking_does_not_keep_it_shut(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(15):
        sign_in(world.isabelle.email, WRONG)
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert sign_in(world.isabelle.email, PASSWORD).status_code == 302


@pytest.mark.row("A9")
def test_codes_of_the_second_factor_are_not_guessed(world: World) -> None:
    client = at_the_door(world.odile)
    for _ in range(5):
        answer = client.post("/connexion/code/", {"code": "000000"})
    assert answer.status_code == 429
    assert "Trop d’essais" in answer.content.decode()
    right = {"code": code(PHONE, steps=1)}
    assert at_the_door(world.odile).post("/connexion/code/", right).status_code == 429


@pytest.mark.row("A9")
def test_asking_for_mails_ends_for_an_address_whether_anybody_is_known(world: World) -> None:
    client = Client()
    for n in range(LIMITS[What.LINK][Of.ADDRESS].most):
        assert client.post("/lien/", {"email": f"{n}@nulle.example"}).status_code == 200
    told = [
        client.post("/lien/", {"email": email})
        for email in (world.isabelle.email, "personne@nulle.example")
    ]
    assert [answer.status_code for answer in told] == [429, 429]
    assert len({without_token(answer.content.decode()) for answer in told}) == 1
    assert "pendant 60 minutes" in told[0].content.decode()


def test_behind_a_proxy_the_visitors_own_address_counts(world: World, settings) -> None:
    settings.HUB_BEHIND_PROXY = True
    for _ in range(10):
        Client(REMOTE_ADDR="127.0.0.1").post(
            "/connexion/",
            {"username": world.isabelle.email, "password": WRONG},
            # what the visitor sends comes first, and is anything
            headers={"X-Forwarded-For": "203.0.113.7, 192.0.2.66"},
        )
    right = {"username": world.isabelle.email, "password": PASSWORD}
    for visitor, status in (("192.0.2.66", 429), ("192.0.2.67", 302)):
        answer = Client().post("/connexion/", right, headers={"X-Forwarded-For": visitor})
        assert answer.status_code == status


def test_neither_who_nor_from_where_is_kept(world: World) -> None:
    sign_in(world.isabelle.email, WRONG)
    kept = str(list(Try.objects.values()))
    assert "isabelle" not in kept
    assert "192.0.2.1" not in kept


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_further_than_one_by_one(beside) -> None:
    def once() -> bool:
        try:
            tries.attempt(What.CODE, account="isabelle@lucet.example", address="192.0.2.1")
        except TooMany:
            return False
        return True

    trying = [beside(once) for _ in range(12)]
    passed = sum(one.result(60) for one in trying)
    assert 1 <= passed <= LIMITS[What.CODE][Of.PAIR].most
