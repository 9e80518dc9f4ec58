# SPDX-License-Identifier: Apache-2.0
"""A merchant sees what expires when, a customer's page too, and what expired is in the history."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger.awards import read_due
from hub.ledger.expiring import expire_due
from loyalty.account import Holding, points_of
from loyalty.calendar import ExpiryKind, ExpiryRule, months_after
from loyalty.entry import ReleaseCause, Released
from tests.hub.console.world import World, baguette
from tests.hub.rules import rules

PAGE = "/rapports/expiration/"


def buys(world: World, cents: int) -> None:
    world.till.sell(baguette(cents), customer=world.elodie)
    holds = (Holding(points_of(world.elodie.uuid), cents // 100),)
    world.till.write(Released(cause=ReleaseCause.COVERED, holds=holds))
    world.till.send()


@pytest.mark.row("C19")
def test_what_expires_when_is_on_a_page_and_on_the_customer_s(
    world: World, isabelle: Client
) -> None:
    assert "Rien n’expire" in isabelle.get(PAGE).content.decode()
    rules(world.lucet.pk, expiry=ExpiryRule(ExpiryKind.AWARD, 1))
    buys(world, 40_00)
    rules(world.lucet.pk, expiry=ExpiryRule(ExpiryKind.AWARD, 12))
    buys(world, 25_00)
    read_due()
    page = isabelle.get(PAGE).content.decode()
    assert page.index("<b>40</b>") < page.index("<b>25</b>")
    assert page.count("1 client<") == 2
    assert "prévenu" not in page
    mine = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "40 points expirent" in mine
    assert "25 points expirent" in mine
    expire_due(now=timezone.now() + timedelta(days=1))
    assert "prévenu" in isabelle.get(PAGE).content.decode()
    gone = timezone.now() + timedelta(days=32)
    expire_due(now=gone)
    mine = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert "Points expirés" in mine
    assert "<b>25</b><span>utilisables" in mine
    assert "40 points expirent" not in mine


@pytest.mark.row("C19")
def test_a_shorter_rule_moves_no_day_that_was_given(world: World, isabelle: Client) -> None:
    rules(world.lucet.pk, expiry=ExpiryRule(ExpiryKind.AWARD, 12))
    buys(world, 40_00)
    read_due()
    day = months_after(timezone.localdate(), 12)
    before = isabelle.get(PAGE).content.decode()
    assert str(day.year) in before
    rules(world.lucet.pk, expiry=ExpiryRule(ExpiryKind.AWARD, 1))
    read_due()
    after = isabelle.get(PAGE).content.decode()
    assert before.split("<tbody>")[1] == after.split("<tbody>")[1]
