# SPDX-License-Identifier: Apache-2.0
"""Sums of movements are kept by day, and are at any moment what all movements come to."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ledger import audit, counting, listings, summing
from hub.ledger.daysums import DaySum, SumBook
from hub.ledger.meetings import Meeting
from hub.ledger.models import Count, Customer, JournalEntry, Movement
from hub.ledger.statements import points as statement
from hub.ledger.statements import transactions
from hub.ledger.statements.transactions import Asked, Listed
from hub.ledger.summing import Wanted
from hub.merchants.enrolment import enrol
from hub.merchants.models import Merchant
from hub.merchants.registry import open_shop
from loyalty.account import Kind
from tests.hub.till import NOON, Till

EVERYTHING = ("kind", "key", "lost", "entry", "cause", "up", "shop", "day")


def afresh(merchant: Merchant) -> dict[tuple, summing.Summed]:
    """The same, where nothing is kept."""
    DaySum.objects.all().delete()
    SumBook.objects.all().delete()
    return summing.sums([merchant], EVERYTHING)


def busy(till: Till) -> None:
    till.joins("ana", welcome=1)
    till.sells(1250, "ana", purse=50)
    till.sells(1270, "ana", uses=3, purse_used=20)
    till.scans("ana")
    till.sells_gift("f1", 3000)
    till.sells(900, "ana", at=NOON + timedelta(days=1))
    till.send()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(["sell", "use", "gift", "sum", "sum a bit"]), max_size=12))
def test_what_is_kept_and_the_rest_are_what_a_new_reading_gives(
    steps, till: Till, merchant: Merchant
) -> None:
    for step in steps:
        match step:
            case "sell":
                till.sells(1000, "ana")
            case "use":
                till.sells(500, "ana", uses=1)
            case "gift":
                till.sells_gift(f"g{Movement.objects.count()}", 2000)
            case "sum":
                summing.sum_due()
            case _:
                _some(merchant)
        till.send()
    found = summing.sums([merchant], EVERYTHING)
    assert summing.faults(merchant) == []
    assert found == afresh(merchant)


def _some(merchant: Merchant) -> None:
    """As a hub that was stopped in the middle of it."""
    most, summing.AT_ONCE = summing.AT_ONCE, 2
    try:
        with summing.feed.writing(merchant.pk) as out:
            summing._sum(out)
    finally:
        summing.AT_ONCE = most


def test_points_of_days_are_those_of_the_movements(till: Till, merchant: Merchant) -> None:
    busy(till)
    every = statement.moved(merchant)
    for _ in range(2):  # nothing kept; everything kept
        assert statement.of_days(merchant, Wanted()) == statement.sums(every)
        assert statement.sums(every)[1] == every.count()
        first = statement.between(every, None, NOON + timedelta(hours=12))
        of_first = statement.of_days(merchant, Wanted(last=NOON.date()))
        assert of_first == statement.sums(first)
        used = statement.went(every, statement.Way.USED)
        of_used = statement.of_days(merchant, Wanted(up=False))
        assert of_used == statement.sums(used)
        summing.sum_due()


def test_another_merchants_movements_are_in_no_sum(
    till: Till, stranger: Till, merchant: Merchant
) -> None:
    stranger.sells(5000, "eve")
    stranger.send()
    till.sells(1000, "ana")
    till.send()
    summing.sum_due()
    stranger.sells(7000, "eve")
    stranger.send()
    assert statement.of_days(merchant, Wanted())[0] == statement.Sums(earned=10, used=0)
    assert summing.faults(merchant) == []


def test_a_merchant_who_does_nothing_looks_for_nothing_among_others(
    till: Till, stranger: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summing, "FAR", 1)
    stranger.send()
    for _ in range(3):
        till.sells(1000, "ana")
    till.send()
    summing.sum_due()
    newest = Movement.objects.latest("pk").pk
    assert {*SumBook.objects.values_list("upto", flat=True)} == {newest}


def test_the_audit_sees_a_sum_that_was_changed(till: Till, merchant: Merchant) -> None:
    busy(till)
    summing.sum_due()
    assert audit.faults(merchant.pk) == []
    kept = DaySum.objects.get(kind=Kind.POINTS, up=True, entry="sold", day=NOON.date())
    kept.amount += 1
    kept.save()
    (fault,) = (one for one in audit.faults(merchant.pk) if one.startswith("somme du "))
    assert fault == (
        f"somme du {NOON.date()} : saint-denis/points//False/sold//True : (2, 25) tenue,"
        " (2, 24) aux mouvements"
    )


def test_the_audit_sees_a_movement_that_is_gone_though_its_sum_is_kept(
    till: Till, merchant: Merchant
) -> None:
    busy(till)
    summing.sum_due()
    Movement.objects.filter(account__owner="ana")[:1].get().delete()
    assert any(fault.startswith("somme du ") for fault in audit.faults(merchant.pk))


def test_transactions_are_counted_as_the_list_has_them(till: Till, merchant: Merchant) -> None:
    busy(till)
    for _ in range(2):  # nothing counted; everything counted
        for kind in ("", "sold", "gift_sold", "refunded"):
            rows = listings.sales(merchant)
            rows = rows.filter(kind=kind) if kind else rows
            told = transactions.listed(merchant, Asked(kind=kind))
            assert told == Listed(rows.count(), listings.cents_of_all(rows))
        counting.count_due()
    till.sells(100)
    till.send()
    assert transactions.listed(merchant, Asked(kind="sold")).times == 4


def test_whom_a_shop_met_is_known_at_once_and_kept(till: Till, merchant: Merchant) -> None:
    till.sells(1000, "ana")
    till.send()
    shop = till.terminal.shop
    for customer in listings.customers(merchant):
        customer.joined_shop = None
        customer.save()
    assert [one.uuid for one in listings.customers(merchant, shop)] == ["ana"]
    assert not Meeting.objects.exists()
    counting.count_due()
    till.sells(1000, "ana")
    till.send()
    counting.count_due()
    assert list(Meeting.objects.values_list("shop", "customer__uuid")) == [(shop.pk, "ana")]
    assert [one.uuid for one in listings.customers(merchant, shop)] == ["ana"]


def test_who_is_met_before_anybody_knows_them_is_met_when_they_join(
    till: Till, merchant: Merchant
) -> None:
    other = Till(enrol(open_shop(merchant.pk, "Saint-Paul"), "saint-paul-1")).opened()
    till.sells_gift("f1", 3000, customer="ana")
    till.send()
    counting.count_due()
    other.joins("ana")
    other.send()
    counting.count_due()
    shop = till.terminal.shop
    assert Customer.objects.get(uuid="ana").joined_shop == other.terminal.shop
    assert [one.uuid for one in listings.customers(merchant, shop)] == ["ana"]


def test_the_hours_of_days_are_counted_as_they_were(till: Till, merchant: Merchant) -> None:
    busy(till)
    told = transactions.by_hour(merchant, Asked())
    counting.count_due()
    assert transactions.by_hour(merchant, Asked()) == told
    cents = JournalEntry.objects.filter(kind="sold").values_list("cents", flat=True)
    assert sum(one.cents for one in told.values()) == sum(cents)
    assert sum(one.times for one in told.values()) == 3
    assert Count.objects.filter(what="listed").exists()
