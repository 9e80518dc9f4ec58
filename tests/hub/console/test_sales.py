# SPDX-License-Identifier: Apache-2.0
"""The transactions, as their receipts say them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger.history import facts_of
from hub.ledger.models import JournalEntry
from loyalty.account import Account, Holding, points_of, purse_of
from loyalty.basket import GiftUse, Use
from loyalty.entry import ReleaseCause, Released, Sold
from loyalty.refund import refunded
from tests.hub.console.world import World, baguette

GAP = "\N{NO-BREAK SPACE}"


def the_sale(world: World) -> JournalEntry:
    return JournalEntry.objects.filter(merchant=world.lucet, kind="sold").latest("pk")


def test_a_sale_and_a_gift_card_are_listed_together(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(1234), customer=world.elodie)
    world.till.sell_gift_card(2500, fingerprint="a" * 32, last4="QQQQ")
    world.till.send()
    page = isabelle.get("/transactions/").content.decode()
    assert f"12,34{GAP}€" in page
    assert f"25,00{GAP}€" in page
    assert f"2 transactions · 37,34{GAP}€ en tout" in page
    only = isabelle.get("/transactions/?kind=gift_sold").content.decode()
    assert f"12,34{GAP}€" not in only


@pytest.mark.parametrize("q", ["0001", "marchand", "2000417004415"])
def test_a_sale_is_found_by_receipt_or_by_customer(world: World, isabelle: Client, q: str) -> None:
    world.till.sell(baguette(1234), customer=world.elodie)
    world.till.send()
    world.till.receipts = 40
    world.till.sell(baguette(777))
    world.till.send()
    page = isabelle.get("/transactions/", {"q": q}).content.decode()
    assert f"12,34{GAP}€" in page
    assert f"7,77{GAP}€" not in page


def test_dates_are_those_of_the_merchants_clock(world: World, isabelle: Client) -> None:
    # 21:30 of the 20th in Paris and in UTC is the 21st already in La Réunion
    late = timezone.now().replace(year=2026, month=11, day=20, hour=21, minute=30)
    world.till.sell(baguette(1234), at=late)
    world.till.send()
    assert "12,34" in isabelle.get("/transactions/?from=2026-11-21&to=2026-11-21").content.decode()
    assert "12,34" not in isabelle.get("/transactions/?to=2026-11-20").content.decode()
    assert "sam. 21 nov." in isabelle.get("/transactions/").content.decode()


def test_one_sale_shows_lines_rewards_points_and_where_it_came_from(
    world: World, isabelle: Client
) -> None:
    world.till.sell(
        baguette(500, quantity=2),
        customer=world.elodie,
        uses=[Use(world.discount.pk)],
        held=200,
        staff=world.marius,
    )
    world.till.send()
    sale = the_sale(world)
    page = isabelle.get(f"/transactions/{sale.pk}/").content.decode()
    assert "Baguette" in page
    assert "Remise de 10 %" in page
    assert f"−1,00{GAP}€" in page
    assert f"<dt>Payé</dt><dd>9,00{GAP}€</dd>" in page
    assert "+9" in page
    assert "Élodie Marchand" in page
    assert "Marius" in page
    assert "saint-denis-1" in page
    assert sale.event_id in page
    assert "version 1" in page


@pytest.mark.row("C4")
def test_cashback_shows_what_it_added_and_what_it_took(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(10000), customer=world.elodie)
    world.till.send()
    page = isabelle.get(f"/transactions/{the_sale(world).pk}/").content.decode()
    assert f"<dt>Ajouté à la cagnotte</dt><dd>+3,00{GAP}€</dd>" in page
    world.till.sell(
        baguette(1000),
        customer=world.elodie,
        uses=[Use(world.cashback.pk, 250)],
        held=100,
        purse_cents=300,
    )
    world.till.send()
    page = isabelle.get(f"/transactions/{the_sale(world).pk}/").content.decode()
    assert "Cagnotte 3 % : cagnotte utilisée" in page
    assert f"−2,50{GAP}€" in page
    customer = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert f"<dt>Cagnotte</dt><dd><b>0,73{GAP}€</b>" in customer  # 3,00 − 2,50 + 3 % of 7,50


@pytest.mark.row("H2", "H3")
def test_a_gift_card_used_in_part_is_told_on_the_sale_and_on_the_card(
    world: World, isabelle: Client
) -> None:
    card = "b" * 32
    world.till.sell_gift_card(4000, fingerprint=card, last4="BBBB")
    world.till.sell(baguette(3000), gifts=[GiftUse(card, 2500)])
    world.till.send()
    page = isabelle.get(f"/transactions/{the_sale(world).pk}/").content.decode()
    assert f"<dt>Payé par carte cadeau</dt><dd>−25,00{GAP}€</dd>" in page
    assert f"<dt>Payé</dt><dd>5,00{GAP}€</dd>" in page
    cards = isabelle.get("/cartes-cadeaux/").content.decode()
    assert f"15,00{GAP}€" in cards
    assert "entamée" in cards


def test_a_sale_of_an_untrusted_clock_says_so(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(1234), at=timezone.now() - timedelta(days=1))
    world.till.send()
    JournalEntry.objects.update(dated=False)
    assert "heure incertaine" in isabelle.get("/transactions/").content.decode()


@pytest.mark.row("F5")
def test_a_sale_shows_what_was_paid_back_of_it_and_a_refund_its_sale_and_who_allowed_it(
    world: World, isabelle: Client
) -> None:
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.send()
    sale = the_sale(world)
    sold = facts_of(sale)
    assert isinstance(sold, Sold)
    part = refunded(
        sold, sale=sale.event_id or "", left=1000, cents=400, receipt="0002", reason="defect"
    )
    own = (Holding(_points(world), part.points), Holding(purse_of(part.customer or ""), 12))
    world.till.write(replace(part, approved_by=world.marius.pk, own=own))
    world.till.send()
    refund = JournalEntry.objects.get(kind="refunded")
    page = isabelle.get(f"/transactions/{sale.pk}/").content.decode()
    assert "Remboursements" in page
    assert f"-4,00{GAP}€" in page or f"−4,00{GAP}€" in page
    page = isabelle.get(f"/transactions/{refund.pk}/").content.decode()
    assert f"/transactions/{sale.pk}/" in page
    assert "Avec l’accord de" in page
    assert "Marius" in page
    assert "article défectueux" in page
    listed = isabelle.get("/transactions/?kind=refunded").content.decode()
    assert "Remboursement" in listed
    story = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "rendus du ticket 0001" in story
    assert "4 points à rattraper" not in story, "they were there: nothing is owed"


@pytest.mark.row("F5")
def test_what_a_customer_owes_is_said_in_words(world: World, isabelle: Client) -> None:
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.send()
    sale = the_sale(world)
    sold = facts_of(sale)
    assert isinstance(sold, Sold)
    world.till.write(Released(cause=ReleaseCause.COVERED, holds=(Holding(_points(world), 10),)))
    world.till.sell(
        baguette(500), customer=world.elodie, uses=[Use(str(world.croissant.pk))], held=80
    )
    world.till.write(refunded(sold, sale=sale.event_id or "", left=1000, cents=1000, receipt="3"))
    world.till.send()
    story = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "points à rattraper" in story


def _points(world: World) -> Account:
    return points_of(world.elodie.uuid)
