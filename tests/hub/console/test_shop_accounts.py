# SPDX-License-Identifier: Apache-2.0
"""A shop's own account: opened by a link in a mail, and walled in its shop from then on."""

import pytest
from django.core import mail
from django.test import Client

from hub.merchants import links
from hub.merchants.accounts import Taken, let_in, open_shop_account
from hub.merchants.models import Person, Role
from tests.hub.console.world import PASSWORD, World, baguette

NEW = "Brioche-2027"
CAISSE = "Saint-Paul@lucet.example"


def opened(world: World) -> Person:
    return open_shop_account(world.paul, CAISSE, page="http://testserver/lien/", language="fr")


def link() -> str:
    mail.outbox.clear()
    links.send_due()
    return mail.outbox[-1].body.splitlines()[0].removeprefix("http://testserver")


def signed_in(password: str) -> Client | None:
    client = Client()
    answer = client.post("/connexion/", {"username": CAISSE, "password": password})
    return client if answer.status_code == 302 else None


@pytest.mark.row("A2", "A3", "A6")
def test_nobody_gets_in_before_the_link_was_followed_and_a_password_chosen(world: World) -> None:
    person = opened(world)
    assert (person.role, person.shop, person.merchant) == (Role.SHOP, world.paul, world.lucet)
    assert not signed_in("")
    assert not signed_in(PASSWORD)
    url = link()
    assert "Maison Lucet vous ouvre le compte de Saint-Paul" in mail.outbox[-1].body
    weak = Client().post(url, {"password": "brioche-2027"})
    assert "Il manque : une majuscule." in weak.content.decode()
    assert not signed_in("brioche-2027")
    Client().post(url, {"password": NEW})
    assert signed_in(NEW)
    assert Client().post(url, {"password": NEW}).status_code == 404


@pytest.mark.row("A3", "B2")
def test_it_sees_its_shop_and_neither_another_nor_the_business(world: World) -> None:
    opened(world)
    Client().post(link(), {"password": NEW})
    world.till.sell(baguette(777))
    world.till.send()
    world.till_of_paul.sell(baguette(555))
    world.till_of_paul.send()
    client = signed_in(NEW)
    assert client is not None
    page = client.get("/transactions/").content.decode()
    assert "5,55" in page
    assert "7,77" not in page
    assert client.get("/boutiques/").status_code == 403


def test_the_link_can_be_sent_again(world: World) -> None:
    opened(world)
    link()
    Client().post("/lien/", {"email": CAISSE})
    Client().post(link(), {"password": NEW})
    assert signed_in(NEW)


def test_an_address_opens_one_account(world: World) -> None:
    opened(world)
    with pytest.raises(Taken):
        opened(world)


def test_a_closed_account_is_out_at_once(world: World) -> None:
    person = opened(world)
    Client().post(link(), {"password": NEW})
    client = signed_in(NEW)
    assert client is not None
    let_in(person, allowed=False)
    assert client.get("/transactions/").status_code == 302
    assert not signed_in(NEW)
