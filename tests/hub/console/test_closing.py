# SPDX-License-Identifier: Apache-2.0
"""A merchant is closed and opened again: nobody gets in meanwhile, and nothing is lost."""

import pytest
from django.test import Client

from hub.ledger import decisions
from hub.ledger.models import Customer
from hub.merchants import claims, links, tokens
from hub.merchants.claims import Reason
from hub.merchants.mailed import Link
from hub.merchants.models import FeedItem, Terminal
from loyalty.feed import TillMay
from loyalty.wire import decode_item
from tests.hub.console.world import PASSWORD, World, baguette
from tests.hub.merchants.test_claims import asked, refused

CLOSE = "/commerces/maison-lucet/fermer/"
BECAUSE = {"reason": "Il cesse son activité"}


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def sign_in(email: str) -> str:
    typed = {"username": email, "password": PASSWORD}
    return Client().post("/connexion/", typed, follow=True).content.decode()


def leaving(world: World) -> list[bool]:
    """What the till of Saint-Denis was last told about leaving."""
    items = FeedItem.objects.filter(audience=f"terminal:{world.till.terminal.pk}")
    told = [decode_item(bytes(body)) for body in items.values_list("body", flat=True)]
    return [item.leaving for item in told if isinstance(item, TillMay)][-1:]


@pytest.mark.row("A7")
def test_the_page_says_what_closing_does_and_wants_to_know_why(world: World, odile: Client) -> None:
    page = read(odile, CLOSE)
    assert "Rien n’est effacé" in page
    assert "Comptes qui n’entrent plus</dt><dd>2" in page
    assert "Caisses qui sortent du service</dt><dd>2" in page
    assert "Dites pourquoi" in odile.post(CLOSE, {"reason": ""}).content.decode()
    world.lucet.refresh_from_db()
    assert world.lucet.closed_at is None


def test_nobody_of_a_closed_merchant_gets_in_and_who_was_in_is_out(
    world: World, odile: Client
) -> None:
    client = Client()
    client.post("/connexion/", {"username": world.isabelle.email, "password": PASSWORD})
    assert client.get("/clients/").status_code == 200
    page = odile.post(CLOSE, BECAUSE, follow=True).content.decode()
    assert "Maison Lucet est fermé ; rien n’est effacé." in page
    assert client.get("/clients/").url.startswith("/connexion/")
    for email in (world.isabelle.email, world.bruno.email):
        assert "Ce compte est fermé : appelez l’exploitant du hub." in sign_in(email)
    links.ask_again(world.isabelle.email, page="http://testserver/lien/", language="fr")
    assert not Link.objects.exists()
    assert "Ce compte est fermé" not in sign_in(world.charlotte.email)


def test_a_session_that_was_forgotten_shows_nothing(
    world: World, odile: Client, isabelle: Client
) -> None:
    odile.post(CLOSE, BECAUSE)
    assert isabelle.get("/clients/").status_code == 403


def test_other_programs_are_not_let_in_either(world: World, odile: Client) -> None:
    _token, secret = tokens.make(
        world.lucet.pk, "Agenda", [tokens.May.CUSTOMERS_READ], by_id=world.isabelle.pk
    )
    tokens.admit(secret)
    odile.post(CLOSE, BECAUSE)
    with pytest.raises(tokens.Unknown):
        tokens.admit(secret)
    assert Client().get("/p/maison-lucet/fidelite/").status_code == 404


def test_its_tills_leave_in_good_order_and_what_they_still_send_counts(
    world: World, odile: Client
) -> None:
    odile.post(CLOSE, BECAUSE)
    assert leaving(world) == [True]
    assert Terminal.objects.filter(leaving=True).count() == 2, "not the other merchant's"
    world.till.sell(baguette(1000), customer=world.elodie)
    assert world.till.send() is None
    assert Customer.objects.filter(merchant=world.lucet).exists()


def test_opened_again_all_is_as_it_was(world: World, odile: Client) -> None:
    world.bruno.is_active = False
    world.bruno.save()
    decisions.leave(world.till_of_paul.terminal, reason="en panne", person_id=world.odile.pk)
    odile.post(CLOSE, BECAUSE)
    page = odile.post(CLOSE, {"reason": "Il reprend"}, follow=True).content.decode()
    assert "Maison Lucet est rouvert." in page
    assert "Ce compte est fermé" not in sign_in(world.isabelle.email)
    assert "Se connecter" in sign_in(world.bruno.email), "closed for itself"
    assert leaving(world) == [False]
    still = Terminal.objects.filter(leaving=True).values_list("pk", flat=True)
    assert list(still) == [world.till_of_paul.terminal.pk], "it was leaving before"


def test_closing_is_in_the_merchants_log_with_its_reason(
    world: World, odile: Client, isabelle: Client
) -> None:
    odile.post(CLOSE, BECAUSE)
    odile.post(CLOSE, {"reason": "Il reprend"})
    page = read(isabelle, "/journal/?kind=operator")
    assert page.index("Commerce rouvert") < page.index("Commerce fermé")
    assert BECAUSE["reason"] in page


def test_closed_merchants_are_found_by_their_state(world: World, odile: Client) -> None:
    odile.post(CLOSE, BECAUSE, follow=True)
    assert "Maison Lucet" not in read(odile, "/commerces/?state=open")
    page = read(odile, "/commerces/?state=closed")
    assert "Maison Lucet" in page
    assert "Librairie" not in page


def test_no_board_becomes_a_till_of_a_closed_merchant(world: World, odile: Client) -> None:
    odile.post(CLOSE, BECAUSE)
    odile.post("/commerces/maison-lucet/entrer/", BECAUSE)
    typed = {"shop": world.denis.pk, "terminal": "saint-denis-9"}
    page = odile.post("/terminaux/enroler/", typed).content.decode()
    assert "Ce commerce est fermé : rouvrez-le d’abord." in page


def test_a_code_that_was_given_before_the_closing_is_over(world: World, odile: Client) -> None:
    before = claims.make(world.denis, "saint-denis-9")
    again = claims.make(world.denis, world.till.terminal.pk)
    odile.post(CLOSE, BECAUSE)
    for code in (before, again):
        assert refused(asked(code)) is Reason.UNKNOWN
    assert not Terminal.objects.filter(pk="saint-denis-9").exists()
    assert leaving(world) == [True]
