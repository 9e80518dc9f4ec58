# SPDX-License-Identifier: Apache-2.0
"""Points that wait are on the customer's page with their day, and in the history once they come."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.ledger.maturing import mature_due
from tests.hub.console.world import World, baguette
from tests.hub.rules import rules


@pytest.mark.row("C18")
def test_a_customer_s_page_says_what_waits_and_until_when(world: World, isabelle: Client) -> None:
    rules(world.lucet.pk, pending_days=7)
    now = timezone.now()
    world.till.sell(baguette(4000), customer=world.elodie, at=now)
    world.till.send()
    url = f"/clients/{world.elodie.pk}/"
    page = isabelle.get(url).content.decode()
    assert "40 points deviennent utilisables" in page
    assert "+40 points en attente" in page
    assert "<b>0</b><span>utilisables" in page
    assert mature_due(now=now + timedelta(days=6)) == 0
    assert mature_due(now=now + timedelta(days=8)) == 1
    page = isabelle.get(url).content.decode()
    assert "deviennent utilisables" not in page
    assert "<b>40</b><span>utilisables" in page
    assert "Points devenus utilisables" in page
    assert "Points devenus utilisables" in isabelle.get(f"{url}?kind=matured").content.decode()


def test_the_equation_counts_them_as_a_unit_of_their_own(world: World, isabelle: Client) -> None:
    rules(world.lucet.pk, pending_days=7)
    world.till.sell(baguette(4000), customer=world.elodie)
    world.till.send()
    page = isabelle.get("/a-voir/equation/").content.decode()
    assert "Points en attente" in page
