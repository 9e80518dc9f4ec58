# SPDX-License-Identifier: Apache-2.0
"""A merchant gives another program a token, sees its use, and takes it back."""

import re

import pytest
from django.test import Client

from hub.merchants.tokens import MARK, May, Token
from tests.hub.console.world import World, appointment

LIST, MAKE = "/terminaux/logiciels/", "/terminaux/logiciels/donner/"
SECRET = re.compile(MARK + r"[\w-]{30,}")


def made(client: Client, name: str = "Caisse du bar", *may: May) -> str:
    """Make a token on the page; gives the secret that the page shows."""
    rights = may or (May.CUSTOMERS_READ, May.SALES_WRITE)
    page = client.post(MAKE, {"name": name, "may": [one.value for one in rights]})
    found = SECRET.search(page.content.decode())
    assert found
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return found[0]


def asks(secret: str, path: str = "/shops") -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get(f"/api/1{path}", headers=headers).status_code


def read(client: Client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_the_secret_is_shown_once_and_opens_what_was_ticked(world: World, isabelle: Client) -> None:
    secret = made(isabelle)
    assert asks(secret) == 200
    assert asks(secret, "/customers") == 200
    assert asks(secret, "/appointments") == 403
    token = Token.objects.get()
    for address in (LIST, f"{LIST}{token.pk}/", MAKE):
        assert secret not in read(isabelle, address)
    assert f"cpt_…{secret[-4:]}" in read(isabelle)
    assert (token.merchant, token.made_by) == (world.lucet, world.isabelle)


def test_the_page_tells_when_it_was_last_used(world: World, isabelle: Client) -> None:
    secret = made(isabelle)
    assert "jamais" in read(isabelle)
    asks(secret)
    assert "jamais" not in read(isabelle)


def test_a_revoked_token_is_worth_nothing_and_stays_in_the_list(
    world: World, isabelle: Client
) -> None:
    secret = made(isabelle)
    token = Token.objects.get()
    answer = isabelle.post(f"{LIST}{token.pk}/", follow=True)
    assert "Le jeton de Caisse du bar ne vaut plus rien." in answer.content.decode()
    assert asks(secret) == 401
    page = read(isabelle, f"{LIST}{token.pk}/")
    assert "Révoqué" in page
    assert "Isabelle Lucet" in page
    assert "Révoquer ce jeton" not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "", "may": ["sales.write"]}, "Quel logiciel s’en servira ?"),
        ({"name": "Bar", "may": []}, "Cochez au moins un droit."),
        ({"name": "Bar", "may": ["all"]}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_missing_is_said_beside_it(
    world: World, isabelle: Client, wrong: dict[str, object], said: str
) -> None:
    assert said in isabelle.post(MAKE, wrong).content.decode()
    assert not Token.objects.exists()


def test_what_a_program_did_bears_its_name(world: World, isabelle: Client) -> None:
    headers = {"Authorization": f"Bearer {made(isabelle)}", "Idempotency-Key": "1"}
    sale = {
        "shop": world.denis.pk,
        "receipt": "BAR-1",
        "customer": world.elodie.uuid,
        "lines": [{"label": "Café", "unit_cents": 2500}],
    }
    told = Client().post("/api/1/sales", sale, content_type="application/json", headers=headers)
    assert told.status_code == 201
    row = world.lucet.journalentry_set.get(receipt="BAR-1")
    for address in (
        f"/transactions/{row.pk}/",
        f"/clients/{world.elodie.pk}/",
        "/rapports/points/",
    ):
        assert "Caisse du bar" in read(isabelle, address), address


def test_an_appointment_that_a_program_moved_says_so(world: World, isabelle: Client) -> None:
    one = appointment(world.denis, world.elodie)
    headers = {"Authorization": f"Bearer {made(isabelle, 'Agenda', May.APPOINTMENTS_WRITE)}"}
    Client().post(f"/api/1/appointments/{one.uuid}/cancel", headers=headers)
    page = read(isabelle, f"/rendez-vous/{one.pk}/")
    assert "Annulé" in page
    assert "Agenda" in page
