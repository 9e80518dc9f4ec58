# SPDX-License-Identifier: Apache-2.0
"""What is known of a customer is written on their page, and every till knows it from then on."""

import pytest
from django.test import Client

from hub.ledger.models import Account, Customer
from hub.merchants import feed
from loyalty.entry import Joined
from loyalty.feed import CustomerIs
from loyalty.wire import decode_item
from tests.hub.console.world import Counter, World, baguette

KNOWN = {
    "first_name": "Élodie",
    "last_name": "Marchand",
    "pro": "on",
    "day": "29",
    "month": "2",
    "segment": "Presse",
}


def told(till: Counter, customer: Customer) -> CustomerIs:
    """What a till reads of them last."""
    lines = feed.stretch(till.terminal, 0).lines
    items = [item for line in lines if isinstance(item := decode_item(line), CustomerIs)]
    return next(item for item in reversed(items) if item.id == customer.uuid)


def stranger(till: Counter) -> Customer:
    """Somebody with a card, who has not joined."""
    till.write(Joined(customer="zoe", code="2000", first_name="Zoé", initial="P", member=False))
    till.send()
    return Customer.objects.get(uuid="zoe")


@pytest.mark.row("E9")
def test_the_record_says_who_is_a_professional_and_the_tills_know(
    world: World, isabelle: Client
) -> None:
    url = f"/clients/{world.elodie.pk}/fiche/"
    page = isabelle.post(url, KNOWN, follow=True).content.decode()
    assert "Professionnel</dt><dd>oui" in page
    assert "29 février" in page
    assert "Presse" in page
    assert told(world.till, world.elodie).pro
    form = isabelle.get(url).content.decode()
    assert 'value="29" selected' in form
    assert 'name="pro" id="id_pro" checked' in form
    isabelle.post(url, {"first_name": "Élodie", "segment": ""})
    assert not told(world.till, world.elodie).pro


@pytest.mark.parametrize(("day", "month"), [("31", "4"), ("30", "2"), ("12", ""), ("", "5")])
def test_a_birthday_that_is_no_day_is_refused(
    world: World, isabelle: Client, day: str, month: str
) -> None:
    url = f"/clients/{world.elodie.pk}/fiche/"
    page = isabelle.post(url, {"first_name": "Élodie", "day": day, "month": month}).content.decode()
    assert "corrigez ce qui est marqué" in page
    assert not Customer.objects.exclude(birthday="").exists()


@pytest.mark.row("C15")
def test_who_joins_on_the_web_earns_from_then_on_and_is_welcome(
    world: World, bruno: Client
) -> None:
    zoe = stranger(world.till)
    assert not told(world.till, zoe).member
    page = bruno.get(f"/clients/{zoe.pk}/").content.decode()
    assert "N’a pas rejoint le programme." in page
    page = bruno.post(f"/clients/{zoe.pk}/adherer/", follow=True).content.decode()
    assert "Zoé P a rejoint le programme" in page
    assert "N’a pas rejoint" not in page
    assert "Adhésion au programme" in page
    assert told(world.till, zoe).member
    assert Account.objects.get(owner="zoe", kind="welcome").balance == 1
    bruno.post(f"/clients/{zoe.pk}/adherer/")
    assert Account.objects.get(owner="zoe", kind="welcome").balance == 1


def test_who_has_ordered_before_they_join_has_no_welcome(world: World, bruno: Client) -> None:
    zoe = stranger(world.till)
    world.till.sell(baguette(), customer=zoe)
    world.till.send()
    bruno.post(f"/clients/{zoe.pk}/adherer/")
    assert not Account.objects.filter(owner="zoe", kind="welcome").exists()


def test_a_snapshot_says_all_of_it_too(world: World, isabelle: Client) -> None:
    from hub.ledger import snapshot

    isabelle.post(f"/clients/{world.elodie.pk}/fiche/", KNOWN)
    Customer.objects.filter(pk=world.elodie.pk).update(tier="gold", member=False)
    made = snapshot.make(world.till.terminal)
    _, lines = snapshot.part(world.till.terminal, made.pk, 1)
    items = [item for line in lines if isinstance(item := decode_item(line), CustomerIs)]
    one = next(item for item in items if item.id == world.elodie.uuid)
    assert (one.pro, one.member, one.tier) == (True, False, "gold")
