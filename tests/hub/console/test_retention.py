# SPDX-License-Identifier: Apache-2.0
"""Who does not come for years is warned, then anonymised; coming back once is enough to stay."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from hub.ledger import crediting, merging, notices, retention
from hub.ledger.acts import create_gift_card
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.tellings import Reminder
from hub.merchants.models import Merchant
from tests.hub.console.test_customers import listed
from tests.hub.console.world import World, appointment

YEARS = timedelta(days=3 * 366)


def absent_since(customer: Customer, moment: datetime, *, email: str = "") -> None:
    """Let somebody have been here for the last time then."""
    Customer.objects.filter(pk=customer.pk).update(seen_at=moment, joined_at=moment, email=email)


def state(customer: Customer) -> str:
    """How far somebody is on the way out."""
    row = Customer.objects.get(pk=customer.pk)
    return "forgotten" if row.forgotten_at else "warned" if row.warned_at else "kept"


@pytest.mark.row("M7")
def test_who_does_not_come_for_three_years_is_warned_and_a_month_later_forgotten(
    world: World, isabelle: Client
) -> None:
    now = timezone.now()
    zoe, lea, noe = (world.till.join(name, "Técher", serial=n) for n, name in enumerate("ZLN", 1))
    absent_since(zoe, now - YEARS, email="zoe@exemple.re")
    absent_since(lea, now - YEARS)
    absent_since(noe, now - YEARS)
    appointment(world.denis, noe)
    assert retention.keep_due(now=now) == 2
    notices.send_reminders_due(now=now)
    assert [letter.to for letter in mail.outbox] == [["zoe@exemple.re"]]
    assert "Nous ne vous avons pas vu depuis longtemps" in mail.outbox[0].body
    page = isabelle.get("/clients/absents/").content.decode()
    assert "Z Técher" in page
    assert "L Técher" in page
    assert "N Técher" not in page, "who has an appointment comes back"
    assert "Élodie" not in page
    # the same day and the next ones nothing more happens
    assert retention.keep_due(now=now) == 0
    assert retention.keep_due(now=now + timedelta(days=20)) == 0
    assert [state(one) for one in (zoe, lea, noe)] == ["warned", "warned", "kept"]
    # Léa comes back; then the hub sleeps for a week
    world.till.visit(lea, at=now + timedelta(days=21))
    world.till.send()
    assert retention.keep_due(now=now + timedelta(days=37)) == 1
    assert [state(one) for one in (zoe, lea, noe)] == ["forgotten", "kept", "kept"]
    gone = isabelle.get(f"/clients/{zoe.pk}/").content.decode()
    assert "Plus venu depuis 36 mois." in gone
    assert retention.keep_due(now=now + timedelta(days=37)) == 0
    assert Reminder.objects.count() == 0


@pytest.mark.row("M7")
def test_the_merchant_says_for_how_long_and_one_of_two_records_keeps_both(
    world: World, isabelle: Client
) -> None:
    now = timezone.now()
    zoe, twin = (world.till.join(name, "Técher", serial=n) for n, name in ((1, "Zoé"), (2, "Zo")))
    for one in (zoe, twin):
        absent_since(one, now - timedelta(days=400))
    assert retention.keep_due(now=now) == 0
    url = "/clients/absents/"
    assert "Entre 6 et 120." in isabelle.post(url, {"months": "2"}).content.decode()
    page = isabelle.post(url, {"months": "12"}, follow=True).content.decode()
    assert "La durée est enregistrée." in page
    assert "cette nuit" in page
    merging.merge(zoe, twin, reason="la même", person_id=None)
    assert retention.keep_due(now=now) == 1, "two records are one person"
    absent_since(twin, now)
    assert retention.keep_due(now=now + timedelta(days=31)) == 0
    assert [state(one) for one in (zoe, twin)] == ["kept", "kept"]


@pytest.mark.row("M7")
def test_who_comes_for_an_appointment_or_a_gift_card_alone_is_not_absent(world: World) -> None:
    now = timezone.now()
    zoe, lea, twin, ida = (
        world.till.join(name, "Técher", serial=n)
        for n, name in enumerate(("Zoé", "Léa", "Lé", "Ida"), 1)
    )
    meeting = appointment(world.denis, zoe, starts_at=now - timedelta(days=300))
    for one in (zoe, lea, twin, ida):
        absent_since(one, now - YEARS)
    create_gift_card(world.denis, cents=4000, buyer="Lé", recipient="Max", email="", customer=twin)
    merging.merge(lea, twin, reason="la même", person_id=None)
    crediting.credit_due(now=now)
    meeting.refresh_from_db()
    assert meeting.state == "done"
    assert list(retention.absent(world.lucet, now=now)) == [ida]
    assert retention.keep_due(now=now) == 1


def test_the_last_visit_that_pages_show_is_what_keeps_somebody(
    world: World, isabelle: Client
) -> None:
    now = timezone.now()
    zoe, lea, noe = (world.till.join(name, "Técher", serial=n) for n, name in enumerate("ZLN", 1))
    for one in (zoe, lea, noe):
        absent_since(one, now - YEARS)
    assert listed(isabelle, seen="365") == []
    appointment(world.denis, zoe, starts_at=now - timedelta(days=300))
    crediting.credit_due(now=now)
    create_gift_card(world.denis, cents=4000, buyer="L", recipient="Max", email="", customer=lea)
    assert set(listed(isabelle, seen="365")) == {"Z Técher", "L Técher"}
    rows = Customer.objects.in_bulk([zoe.pk, lea.pk])
    assert rows[zoe.pk].seen_at == now - timedelta(days=300)
    assert {row.seen_shop for row in rows.values()} == {world.denis}


def test_who_came_before_the_last_visit_counted_everything_was_seen_then(world: World) -> None:
    zoe, lea = (world.till.join(name, "Técher", serial=n) for n, name in enumerate("ZL", 1))
    then = timezone.now() - timedelta(days=300)
    appointment(world.denis, zoe, starts_at=then)
    crediting.credit_due(now=timezone.now())
    create_gift_card(world.paul, cents=4000, buyer="L", recipient="Max", email="", customer=lea)
    sold = JournalEntry.objects.get(kind="gift_sold")
    Customer.objects.filter(pk__in=[zoe.pk, lea.pk]).update(seen_at=None, seen_shop=None)
    import_module("hub.ledger.migrations.0008_last_seen").backfill(apps, None)
    for one, at, shop in ((zoe, then, world.denis), (lea, sold.at, world.paul)):
        one.refresh_from_db()
        assert (one.seen_at, one.seen_shop) == (at, shop)


def test_a_restored_hub_forgets_nobody_before_its_tills_have_said_who_came(world: World) -> None:
    now = timezone.now()
    zoe = world.till.join("Zoé", "Técher", serial=1)
    absent_since(zoe, now - YEARS)
    Customer.objects.filter(pk=zoe.pk).update(warned_at=now - timedelta(days=40))
    Merchant.objects.filter(pk=world.lucet.pk).update(suspended_at=now)
    assert retention.keep_due(now=now) == 0
    assert state(zoe) == "warned"
    Merchant.objects.filter(pk=world.lucet.pk).update(suspended_at=None)
    assert retention.keep_due(now=now) == 1, "the same day"
    assert state(zoe) == "forgotten"
