# SPDX-License-Identifier: Apache-2.0
"""A day's figures are those of the merchant's own day, whatever the zone of the machine."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.ledger import acts
from hub.ledger.statements import figures
from hub.merchants import enrolment, registry
from loyalty.refund import refunded
from loyalty.wire import decode_entry
from tests.hub.till import NOON, Till

REUNION = ZoneInfo("Indian/Reunion")
SATURDAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 14, 32, tzinfo=REUNION)


def at(hour: int, minute: int = 0, *, weeks_ago: int = 0) -> datetime:
    moment = datetime(2026, 11, 21, hour, minute, tzinfo=REUNION)
    return moment - timedelta(weeks=weeks_ago)


@pytest.fixture
def day(merchant, till):
    def of(shop_id: str = "") -> figures.Day:
        if till.acked < len(till.raws):
            till.send()
        return figures.day(merchant, SATURDAY, now=NOW, shop_id=shop_id)

    return of


def test_a_quiet_day(day):
    quiet = day()
    assert (quiet.sales_cents, quiet.visits, quiet.basket_cents) == (0, 0, None)
    assert len(quiet.hours) == 24


def test_sales_visits_and_baskets(day, till):
    till.joins("ana")
    till.scans("ana", at=at(9))
    till.sells(1000, "ana", at=at(9))
    till.sells(500, at=at(9, 59))
    till.sells(2400, purse_used=400, at=at(13))
    till.sells_gift("f1", 5000)
    today = day()
    assert (today.sales_cents, today.sales, today.basket_cents) == (3500, 3, 1167)
    assert (today.visits, today.without_card) == (3, 2)
    by_hour = {hour.hour: hour.cents for hour in today.hours if hour.cents}
    assert by_hour == {9: 1500, 13: 2000}


def test_half_a_cent_of_a_mean_basket_is_a_cent(day, till):
    till.sells(2, at=at(9))
    till.sells(3, at=at(9))
    assert day().basket_cents == 3


def test_midnight_is_the_merchants(day, till):
    till.sells(1, at=at(0))
    till.sells(2, at=at(23, 59))
    till.sells(4, at=at(0) - timedelta(seconds=1))
    till.sells(8, at=at(23, 59) + timedelta(minutes=1))
    assert day().sales_cents == 3


def test_the_same_day_a_week_before_counts_up_to_the_same_time(day, till):
    till.sells(1, at=at(14, 31, weeks_ago=1))
    till.sells(2, at=at(14, 33, weeks_ago=1))
    assert day().week_ago_cents == 1


def test_usual_is_the_mean_of_the_days_that_were_open(day, till):
    for weeks, cents in [(1, 100), (2, 300), (9, 9_900)]:
        till.sells(cents, at=at(10, weeks_ago=weeks))
    usual = {hour.hour: hour.usual_cents for hour in day().hours if hour.usual_cents}
    assert usual == {10: 200}


def test_the_basket_of_the_month_before(day, till):
    till.sells(100, at=datetime(2026, 10, 1, 0, 0, tzinfo=REUNION))
    till.sells(301, at=datetime(2026, 10, 31, 23, 0, tzinfo=REUNION))
    till.sells(999, at=datetime(2026, 11, 1, 0, 0, tzinfo=REUNION))
    assert day().month_basket_cents == 201


def test_a_shop_sees_its_own(day, till, merchant):
    elsewhere = registry.open_shop(merchant.pk, "Saint-Paul", id="saint-paul")
    far = Till(enrolment.enrol(elsewhere, "saint-paul-1")).opened()
    far.sells(700, at=at(9))
    far.send()
    till.sells(500, at=at(9))
    assert day().sales_cents == 1200
    assert day("saint-paul").sales_cents == 700
    lines = {line.shop.pk: line for line in figures.shops(merchant, SATURDAY)}
    assert [lines[s].sales_cents for s in ("saint-denis", "saint-paul")] == [500, 700]
    assert lines["saint-paul"].visits == lines["saint-paul"].sales == 1


def test_another_merchants_day_is_nobody_elses(day, till, stranger):
    stranger.sells(9_000, at=at(9))
    stranger.send()
    assert day().sales_cents == 0


def test_new_customers_of_tills_and_of_the_web(day, till, shop):
    till.joins("ana")
    acts.register_customers(shop, [acts.NewCustomer(first_name="Bob", joined_at=NOON)])
    today = day()
    assert (today.new_customers, today.new_at_terminals) == (2, 1)


def test_what_is_owed(till, merchant):
    till.joins("ana")
    till.sells(1250, "ana", purse=40)
    till.sells_gift("f1", 3000)
    till.send()
    owed = figures.liability(merchant.pk)
    assert (owed.points, owed.points_cents) == (12, 12)
    assert (owed.purse_cents, owed.gift_cents) == (40, 3000)


def test_the_week_shows_the_mean_of_each_hour(till, merchant):
    for weeks in (1, 2):
        for _ in range(3):
            till.sells(100, at=at(11, weeks_ago=weeks))
    till.scans("ana", at=at(11, weeks_ago=2))
    till.sells(100, at=at(11))
    till.send()
    kept = figures.week(merchant, SATURDAY)
    assert kept[5][11] == 3.5
    assert sum(map(sum, kept)) == 3.5


def test_a_refund_lowers_the_day_it_is_made_on_and_is_no_sale(day, till):
    entry = decode_entry(till.sells(1000, at=at(9)))
    till.write(refunded(entry.facts, sale=entry.id, left=1000, cents=400, receipt="R"), at=at(10))
    today = day()
    assert (today.sales_cents, today.sales, today.visits) == (600, 1, 1)
    by_hour = {hour.hour: hour.cents for hour in today.hours if hour.cents}
    assert by_hour == {9: 1000, 10: -400}
