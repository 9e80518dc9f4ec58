# SPDX-License-Identifier: Apache-2.0
"""A birthday opens one reward for some days a year; two tills can't both use it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.ledger import restored
from hub.ledger.audit import day_faults, faults
from hub.ledger.birthdays import celebrate_due
from hub.ledger.models import Account, Customer, JournalEntry
from hub.ledger.records import Record, change
from hub.merchants import feed
from hub.merchants.models import Merchant
from loyalty.account import Holding, birthday_of
from loyalty.programme import Options, Reward
from tests.hub.rules import rules
from tests.hub.till import Till

CAKE = Reward(
    id="cake", kind="gift", title="Un gâteau", cost=0, gift_title="Gâteau",
    options=Options(birthday=True),
)  # fmt: skip
BORN = date(2026, 11, 25)


def on(day: date, zone: str = "Indian/Reunion") -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def left(year: int = 2026) -> int:
    row = Account.objects.filter(owner="ana", kind="birthday", key=str(year)).first()
    return row.balance if row else -1


@pytest.fixture
def ana(till: Till, merchant: Merchant) -> Till:
    rules(merchant.pk, rewards=(CAKE,), birthday_days=7)
    till.joins("ana")
    till.send()
    ana = Customer.objects.get(uuid="ana")
    change(ana, replace(Record.of(ana), birthday="11-25"))
    return till


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
def test_it_opens_and_closes_with_its_days_where_the_merchant_is(
    ana: Till, merchant: Merchant, zone: str
) -> None:
    Merchant.objects.update(zone=zone)
    begins, ends = on(BORN, zone), on(BORN + timedelta(days=7), zone)
    assert celebrate_due(now=begins - timedelta(seconds=1)) == 0
    assert (celebrate_due(now=begins), celebrate_due(now=begins)) == (1, 0)
    assert left() == 1
    assert celebrate_due(now=ends - timedelta(seconds=1)) == 0
    assert (celebrate_due(now=ends), celebrate_due(now=ends)) == (1, 0)
    assert left() == 0
    assert list(
        JournalEntry.objects.exclude(cause="").order_by("at").values_list("cause", "at")
    ) == [
        ("birthday", begins),
        ("lapse", ends),
    ]
    assert faults(merchant.pk) == day_faults(merchant) == []


@pytest.mark.parametrize(
    ("birthday", "year", "first"),
    [
        ("10-25", 2026, date(2026, 10, 25)),
        ("03-28", 2027, date(2027, 3, 28)),
        ("02-29", 2027, date(2027, 2, 28)),
        ("02-29", 2028, date(2028, 2, 29)),
        ("12-31", 2026, date(2026, 12, 31)),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
def test_nights_that_turn_the_clocks_and_years_without_the_day(
    ana: Till, zone: str, birthday: str, year: int, first: date
) -> None:
    Merchant.objects.update(zone=zone)
    Customer.objects.filter(uuid="ana").update(birthday=birthday)
    assert celebrate_due(now=on(first, zone) - timedelta(minutes=1)) == 0
    assert celebrate_due(now=on(first, zone)) == 1
    assert left(year) == 1
    assert celebrate_due(now=on(first + timedelta(days=6), zone)) == 0
    assert celebrate_due(now=on(first + timedelta(days=7), zone)) == 1


def test_it_opens_once_a_year_however_often_the_day_is_changed(ana: Till) -> None:
    celebrate_due(now=on(BORN))
    Customer.objects.filter(uuid="ana").update(birthday="12-24")
    celebrate_due(now=on(date(2026, 12, 1)))
    assert left() == 0
    assert celebrate_due(now=on(date(2026, 12, 24))) == 0
    assert left() == 0
    assert celebrate_due(now=on(date(2027, 12, 24))) == 1
    assert left(2027) == 1


def test_two_tills_can_t_both_use_it(ana: Till, other: Till, merchant: Merchant) -> None:
    celebrate_due(now=on(BORN))
    account = birthday_of("ana", 2026)
    assert ana.ask(account, 1) == 1
    assert other.ask(account, 1) == 0
    assert celebrate_due(now=on(BORN + timedelta(days=7))) == 0
    ana.releases(Holding(account, 1))
    ana.send()
    assert celebrate_due(now=on(BORN + timedelta(days=7))) == 1
    assert left() == 0
    assert faults(merchant.pk) == []


def test_days_of_silence_open_what_is_still_open_and_nothing_else(ana: Till) -> None:
    assert celebrate_due(now=on(BORN + timedelta(days=3))) == 1
    Customer.objects.filter(uuid="ana").update(birthday="10-01")
    celebrate_due(now=on(BORN + timedelta(days=3)))
    assert left() == 0


def test_a_merchant_without_such_a_reward_opens_none(ana: Till, merchant: Merchant) -> None:
    rules(merchant.pk, birthday_days=7)
    assert celebrate_due(now=on(BORN)) == 0


def test_a_restored_hub_opens_it_again_before_it_settles(ana: Till, merchant: Merchant) -> None:
    from django.utils import timezone

    today = timezone.now().astimezone(ZoneInfo(merchant.zone)).date()
    Customer.objects.filter(uuid="ana").update(birthday=f"{today:%m-%d}")
    restored.begin("test")
    with feed.writing(merchant.pk) as out:
        restored.resume(out)
    assert left(today.year) == 1
    assert celebrate_due() == 0
