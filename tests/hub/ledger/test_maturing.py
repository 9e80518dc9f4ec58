# SPDX-License-Identifier: Apache-2.0
"""Points that wait come on their day, where the merchant is, once, however late the job runs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.ledger import restored
from hub.ledger.audit import day_faults, faults
from hub.ledger.maturing import mature_due
from hub.ledger.models import Account, JournalEntry
from hub.ledger.own import derived_ids
from hub.merchants import feed
from hub.merchants.models import Merchant
from loyalty.entry import Refunded
from loyalty.programme import EarnRule
from tests.hub.till import Till, fresh, sale

DAY = date(2026, 11, 25)


def waits(till: Till, cents: int, *, day: str = "2026-11-25", who: str = "ana") -> None:
    till.write(replace(sale(cents, who), matures=day))
    till.send()


def held(kind: str) -> int:
    accounts = Account.objects.filter(kind=kind).exclude(owner="merchant")
    return sum(accounts.values_list("balance", flat=True))


def midnight(zone: str, day: date = DAY) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def waiting(till: Till) -> Till:
    till.joins("ana")
    waits(till, 2000)
    return till


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
def test_points_mature_when_their_day_begins_where_the_merchant_is(
    waiting: Till, merchant: Merchant, zone: str
) -> None:
    Merchant.objects.update(zone=zone)
    began = midnight(zone)
    assert mature_due(now=began - timedelta(seconds=1)) == 0
    assert (held("pending"), held("points")) == (20, 0)
    assert mature_due(now=began) == 1
    assert (held("pending"), held("points")) == (0, 20)
    assert JournalEntry.objects.get(kind="matured").at == began
    assert faults(merchant.pk) == day_faults(merchant) == []


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_day_after_a_night_that_turns_the_clocks_begins_at_its_midnight(
    till: Till, merchant: Merchant, zone: str, day: date
) -> None:
    Merchant.objects.update(zone=zone)
    till.joins("ana")
    for on in (day, day + timedelta(days=1)):
        waits(till, 1000, day=on.isoformat())
    following = midnight(zone, day + timedelta(days=1))
    assert mature_due(now=midnight(zone, day)) == 1
    assert mature_due(now=following - timedelta(minutes=1)) == 0
    assert mature_due(now=following) == 1


def test_days_of_silence_are_caught_up_with_in_one_run(till: Till) -> None:
    till.joins("ana")
    for after in range(4):
        waits(till, 1000, day=(DAY + timedelta(days=after)).isoformat())
    late = midnight("Indian/Reunion") + timedelta(days=9)
    assert (mature_due(now=late), mature_due(now=late)) == (4, 0)
    days = JournalEntry.objects.filter(kind="matured").order_by("at").values_list("at", flat=True)
    assert [at - midnight("Indian/Reunion") for at in days] == [
        timedelta(days=after) for after in range(4)
    ]


def test_what_a_till_brings_after_the_day_matures_as_well(waiting: Till) -> None:
    late = midnight("Indian/Reunion") + timedelta(days=2)
    mature_due(now=late)
    waits(waiting, 500)
    assert (mature_due(now=late), mature_due(now=late)) == (1, 0)
    assert held("points") == 25


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "no day"])
def test_a_till_that_knew_no_day_keeps_nobody_waiting(till: Till, day: str) -> None:
    till.joins("ana")
    waits(till, 1000, day=day)
    assert mature_due() == 1
    assert held("points") == 10


def test_a_refund_takes_them_where_they_are(waiting: Till) -> None:
    bought = JournalEntry.objects.get(kind="sold")

    def back(points: int) -> None:
        refund = Refunded(
            receipt=fresh("R"), sale=bought.event_id, customer="ana", cents=points * 100,
            due_cents=points * 100, points=points, earn=EarnRule(), matures="2026-11-25",
        )  # fmt: skip
        waiting.write(refund)
        waiting.send()

    back(5)
    assert (held("pending"), held("points")) == (15, 0)
    mature_due(now=midnight("Indian/Reunion"))
    back(5)
    assert (held("pending"), held("points"), held("owed")) == (0, 10, 0)


def test_a_restored_hub_gives_them_again_under_the_same_id_before_it_goes_on(
    waiting: Till, merchant: Merchant
) -> None:
    now = midnight("Indian/Reunion")
    mature_due(now=now)
    first = JournalEntry.objects.get(kind="matured")
    # the backup was made before
    first.movements.all().delete()
    first.delete()
    for kind, amount in (("pending", 20), ("points", -20)):
        for account in Account.objects.filter(kind=kind):
            account.balance += amount if account.owner == "ana" else -amount
            account.save()
    restored.begin("test", now=now)
    with feed.writing(merchant.pk) as out:
        restored.resume(out)
    again = JournalEntry.objects.get(kind="matured")
    assert again.event_id == first.event_id
    assert held("points") == 20
    assert mature_due() == 0
    assert faults(merchant.pk) == []


def test_the_command_lets_them_mature(till: Till, capsys) -> None:
    till.joins("ana")
    waits(till, 2000, day="2020-01-01")
    call_command("run_jobs", "--once")
    assert held("points") == 20
    assert "points=1" in capsys.readouterr().out


def test_ids_are_asked_for_once_however_many_points_mature(till: Till, merchant: Merchant) -> None:
    for n in range(12):
        till.joins(f"c{n}")
        waits(till, 1000, who=f"c{n}")
    with CaptureQueriesContext(connection) as asked:
        assert mature_due(now=midnight(merchant.zone)) == 12
    ids = [one["sql"] for one in asked if '"event_id" IN' in one["sql"]]
    assert len(ids) == 1


def test_what_comes_too_late_for_the_first_entry_has_one_of_its_own(till: Till) -> None:
    till.joins("ana")
    space, about = uuid4(), [("lucet", "ana"), ("lucet", "ben")]
    first = derived_ids(space, about)
    assert len(set(first)) == 2
    assert derived_ids(space, about) == first
    till.write(sale(100, "ana"), entry_id=first[0])
    till.send()
    again = derived_ids(space, about)
    assert again[0] not in first
    assert again[1] == first[1]
