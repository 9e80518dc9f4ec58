# SPDX-License-Identifier: Apache-2.0
"""What was posted is counted by day and shop, once each, whenever it was posted (SPEC B4)."""

from datetime import timedelta

from django.utils import timezone

from hub.ledger import counting
from hub.ledger.counts import Count, CountBook, What
from hub.ledger.statements import period
from hub.ledger.statements.period import Period
from hub.ledger.waiting import post_waiting
from hub.merchants.models import Merchant
from tests.hub.ledger.test_waiting import before_the_update
from tests.hub.till import Till, sale


def times(what: What) -> int:
    return sum(Count.objects.filter(what=what).values_list("times", flat=True))


def test_an_entry_that_was_passed_while_it_waited_is_counted_once_it_is_posted(till: Till) -> None:
    till.joins("ana")
    till.sells(1250, "ana")
    till.sells_gift("f1", 2000)
    with before_the_update("sold"):
        till.send()
        counting.count_due()
    assert times(What.SALES) == 0
    post_waiting()
    counting.count_due()
    assert times(What.SALES) == 1


def test_an_entry_that_waited_and_was_not_passed_is_counted_once(till: Till) -> None:
    till.sells(1250, "ana")
    with before_the_update("sold"):
        till.send()
    post_waiting()
    counting.count_due()
    counting.count_due()
    assert times(What.SALES) == 1


def test_many_entries_are_counted_some_at_a_time(
    till: Till, merchant: Merchant, monkeypatch
) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    for _ in range(8):
        till.write(sale(100))
    till.send()
    assert counting.count_due() == 9
    assert times(What.SALES) == 8
    assert CountBook.objects.get(merchant=merchant).upto > 0


def test_a_merchant_behind_whom_nothing_is_left_is_not_held(till: Till, django_assert_num_queries):
    till.send()
    counting.count_due()
    with django_assert_num_queries(3):
        counting.count_due()


def test_a_month_is_compared_to_the_same_days_of_the_month_before() -> None:
    day = timezone.localdate().replace(year=2026, month=3, day=31)
    assert Period(day.replace(day=1), day).before == Period(
        day.replace(month=2, day=1), day.replace(month=2, day=28)
    )
    part = Period(day.replace(day=1), day.replace(day=10)).before
    assert part == Period(day.replace(month=2, day=1), day.replace(month=2, day=10))
    week = Period(day - timedelta(days=6), day).before
    assert (week.first, len(week.days)) == (day - timedelta(days=13), 7)


def test_a_renamed_article_is_one(merchant: Merchant) -> None:
    today = timezone.localdate()
    rows = (("pain", "Pain", 2, 400), ("pain", "Pain de campagne", 1, 300), ("", "Divers", 1, 900))
    for key, label, n, cents in rows:
        Count.objects.create(
            merchant=merchant, what=What.ARTICLE, day=today, key=key, label=label,
            times=n, cents=cents,
        )  # fmt: skip
    best = period.best(merchant, Period(today, today), What.ARTICLE)
    assert best == [
        period.Line("Divers", 1, 900),
        period.Line("Pain de campagne", 3, 700),
    ]
