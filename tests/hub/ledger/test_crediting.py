# SPDX-License-Identifier: Apache-2.0
"""What appointments promised comes some hours after their end, once, however late or often."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from hub.ledger import booking
from hub.ledger.appointments import Appointment
from hub.ledger.audit import faults
from hub.ledger.crediting import credit_due, entry_of
from hub.ledger.models import Account, Customer, JournalEntry
from hub.merchants.models import Merchant, Shop
from hub.merchants.registry import change_shop
from tests.hub.console.world import appointment, service

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
END = START + timedelta(minutes=45)


@pytest.fixture
def one(merchant: Merchant, shop: Shop) -> Appointment:
    return appointment(shop, _customer(shop), starts_at=START)


def _customer(shop: Shop):
    from hub.ledger.acts import NewCustomer, register_customers

    return register_customers(shop, [NewCustomer(first_name="Léa")])[0]


def points(one: Appointment) -> int:
    held = Account.objects.filter(owner=one.customer.uuid, kind="points")
    return sum(held.values_list("balance", flat=True))


@pytest.mark.row("C17")
@pytest.mark.parametrize("delay_min", [180, 240])
def test_points_come_that_long_after_the_end_and_not_before(
    one: Appointment, delay_min: int
) -> None:
    Merchant.objects.update(credit_after_min=delay_min)
    due = END + timedelta(minutes=delay_min)
    assert credit_due(now=due - timedelta(seconds=1)) == 0
    assert points(one) == 0
    assert credit_due(now=due) == 1
    assert points(one) == 20
    entry = JournalEntry.objects.get(event_id=entry_of(one))
    assert (entry.kind, entry.at, entry.shop_id) == ("adjusted", due, one.shop_id)
    one.refresh_from_db()
    assert one.state == "done"


def test_a_job_run_twice_gives_once(one: Appointment) -> None:
    late = END + timedelta(days=9)
    assert (credit_due(now=late), credit_due(now=late)) == (1, 0)
    # the row was put back to what it was, the entry was not
    Appointment.objects.update(state="booked", credited_at=None)
    assert credit_due(now=late) == 1
    assert points(one) == 20


def test_who_has_not_joined_the_programme_earns_nothing(one: Appointment) -> None:
    Customer.objects.update(member=False)
    assert credit_due(now=END + timedelta(days=1)) == 1
    one.refresh_from_db()
    assert (points(one), one.state, one.credited_at) == (0, "done", None)


def test_days_of_silence_are_caught_up_with(merchant: Merchant, shop: Shop) -> None:
    product, who = service(merchant), _customer(shop)
    for day in range(5):
        at = START + timedelta(days=day)
        appointment(shop, who, starts_at=at, product=product)
    assert credit_due(now=START + timedelta(days=3)) == 3
    assert credit_due(now=START + timedelta(days=30)) == 2
    dates = JournalEntry.objects.filter(kind="adjusted").order_by("at")
    assert [row.at - END - timedelta(hours=3) for row in dates] == [
        timedelta(days=day) for day in range(5)
    ]


@pytest.mark.row("C17")
@pytest.mark.parametrize("end", [booking.cancel, booking.miss])
def test_a_cancelled_or_missed_one_earns_nothing(one: Appointment, end) -> None:
    end(one)
    assert credit_due(now=END + timedelta(days=1)) == 0
    assert points(one) == 0


def test_a_moved_one_is_credited_after_its_new_end(one: Appointment) -> None:
    booking.move(one, starts_at=START + timedelta(days=2), minutes=45)
    assert credit_due(now=END + timedelta(hours=4)) == 0
    assert credit_due(now=END + timedelta(days=2, hours=3)) == 1


def test_a_service_that_earns_nothing_is_done_without_an_entry(
    merchant: Merchant, shop: Shop
) -> None:
    silent = appointment(
        shop, _customer(shop), starts_at=START, product=service(merchant, earns=False)
    )
    assert credit_due(now=END + timedelta(hours=3)) == 1
    silent.refresh_from_db()
    assert (silent.state, silent.credited_at) == ("done", None)
    assert not JournalEntry.objects.filter(kind="adjusted").exists()


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
@pytest.mark.parametrize("night", [date(2026, 10, 24), date(2027, 3, 27)])
def test_three_hours_are_three_hours_in_a_night_that_turns_the_clocks(
    merchant: Merchant, shop: Shop, zone: str, night: date
) -> None:
    change_shop(shop, zone=zone)
    starts_at = datetime.combine(night, time(23, 30), ZoneInfo(zone))
    one = appointment(shop, _customer(shop), starts_at=starts_at)
    due = one.starts_at.astimezone(UTC) + timedelta(minutes=45, hours=3)
    assert credit_due(now=due - timedelta(minutes=1)) == 0
    assert credit_due(now=due) == 1


def test_the_command_does_what_is_due_and_ends(one: Appointment, capsys) -> None:
    Appointment.objects.update(starts_at=timezone.now() - timedelta(days=2))
    call_command("run_jobs", "--once")
    assert points(one) == 20
    assert "rendez-vous=1" in capsys.readouterr().out


def test_the_books_add_up_afterwards(one: Appointment) -> None:
    credit_due(now=END + timedelta(hours=3))
    assert faults(one.merchant_id) == []
