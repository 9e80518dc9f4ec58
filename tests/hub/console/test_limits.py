# SPDX-License-Identifier: Apache-2.0
"""How far tills may go by themselves, and what the merchant is told that this could cost."""

import pytest
from django.test import Client

from hub.ledger import restored
from hub.merchants.models import FeedItem, Merchant
from loyalty.feed import TillMay
from loyalty.rights import Policy
from loyalty.wire import decode_item
from tests.hub.console.world import ENTERING, World

ADDRESS = "/terminaux/limites/"
GIVEN = {"card_cents": "5", "terminal_cents": "100", "unheard_cents": "50"}


def read(client: Client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode()


def test_it_says_what_a_till_could_cost_at_most(world: World, isabelle: Client) -> None:
    assert "Au plus 400,00\N{NO-BREAK SPACE}€ pourraient être dépensés à tort" in read(isabelle)
    page = read(isabelle, "/terminaux/saint-denis-1/journal/")
    assert "400,00\N{NO-BREAK SPACE}€" in page


def test_changed_limits_are_told_to_every_till(world: World, isabelle: Client) -> None:
    before = FeedItem.objects.filter(merchant=world.lucet).latest("position").position
    isabelle.post(ADDRESS, GIVEN)
    told = FeedItem.objects.filter(merchant=world.lucet, position__gt=before)
    items = [(item.audience, decode_item(bytes(item.body))) for item in told]
    policy = Policy(card_cents=500, terminal_cents=10_000, unheard_cents=5_000)
    for till in ("saint-denis-1", "saint-paul-1"):
        assert (f"terminal:{till}", TillMay(policy)) in items
    assert "Au plus 150,00" in read(isabelle)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("", "obligatoire"), ("-1", "Entre 0,00 et 10000,00."), ("beaucoup", "Un montant en euros")],
)
def test_what_can_not_be_a_limit_is_said(
    world: World, isabelle: Client, wrong: str, said: str
) -> None:
    page = isabelle.post(ADDRESS, GIVEN | {"card_cents": wrong}).content.decode()
    assert said in page
    assert Merchant.objects.get(pk=world.lucet.pk).card_cents == 1000


def test_nothing_at_all_is_the_strict_setting(world: World, isabelle: Client) -> None:
    isabelle.post(ADDRESS, dict.fromkeys(GIVEN, "0"))
    assert "Au plus 0,00" in read(isabelle)


def test_an_operator_reads_them(world: World, odile: Client) -> None:
    odile.post("/commerces/maison-lucet/entrer/", ENTERING)
    page = read(odile)
    assert "Au plus 400,00" in page
    assert "Enregistrer" not in page


def test_while_a_restored_hub_waits_the_equation_says_what_is_in_suspense(
    world: World, isabelle: Client
) -> None:
    world.till.visit(world.elodie)
    world.till.send()
    assert "en suspens" not in read(isabelle, "/a-voir/equation/")
    restored.begin("command")
    assert "en suspens" in read(isabelle, "/a-voir/equation/")


def test_where_a_sale_may_be_paid_back_is_the_merchant_s_to_say(
    world: World, isabelle: Client
) -> None:
    """The hub keeps to it; a till asks for each sale of another anyway (SPEC F5)."""
    box = 'type="checkbox" name="refunds_anywhere"'
    assert f"{box} id" in read(isabelle), "not ticked"
    isabelle.post(ADDRESS, GIVEN | {"refunds_anywhere": "on"})
    assert Merchant.objects.get(pk=world.lucet.pk).refunds_anywhere
    isabelle.post(ADDRESS, GIVEN)
    assert not Merchant.objects.get(pk=world.lucet.pk).refunds_anywhere
