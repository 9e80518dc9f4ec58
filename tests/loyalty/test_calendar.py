# SPDX-License-Identifier: Apache-2.0
"""Days and hours: windows, birthdays, points that wait and points that expire."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.calendar import (
    NO_EXPIRY,
    ExpiryKind,
    ExpiryRule,
    Window,
    awarded,
    birthday_open,
    days_to_keep,
    due,
    expires,
    mature,
    matures_on,
    months_after,
    next_due,
)
from tests.loyalty.strategies import OFTEN

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
TUESDAY_AFTERNOON = Window(weekdays=(1,), from_minute=14 * 60, until_minute=17 * 60)
YEAR = ExpiryRule(ExpiryKind.AWARD, 12)
LAST_PURCHASE = ExpiryRule(ExpiryKind.PURCHASE, 12)
TODAY = date(2026, 11, 29)

# ── windows ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("hour", "minute", "inside"), [(13, 59, False), (14, 0, True), (16, 59, True), (17, 0, False)]
)
def test_a_window_begins_with_its_first_minute_and_ends_before_its_last(
    hour: int, minute: int, inside: bool
) -> None:
    at = datetime(2026, 3, 31, hour, minute, tzinfo=PARIS)
    assert TUESDAY_AFTERNOON.holds(at) is inside
    assert not TUESDAY_AFTERNOON.holds(at + timedelta(days=1))


def test_a_window_is_in_the_time_of_the_shop() -> None:
    noon_in_paris = datetime(2026, 3, 31, 12, 30, tzinfo=PARIS)
    assert not TUESDAY_AFTERNOON.holds(noon_in_paris)
    assert TUESDAY_AFTERNOON.holds(noon_in_paris.astimezone(REUNION))


@pytest.mark.parametrize(("night", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_a_window_of_a_whole_day_holds_on_the_nights_when_clocks_change(night, hours) -> None:
    """An hour that is left out or comes twice is inside like all others."""
    whole = Window(from_day=date(*night).isoformat(), until_day=date(*night).isoformat())
    begin = datetime(*night, tzinfo=PARIS).astimezone(ZoneInfo("UTC"))
    inside = [
        whole.holds((begin + timedelta(minutes=m)).astimezone(PARIS)) for m in range(-60, 26 * 60)
    ]
    assert sum(inside) == hours * 60


# ── days ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 29), 14, date(2028, 1, 29)),
        (date(2026, 5, 3), 0, date(2026, 5, 3)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months, later) -> None:
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("month", "day", "today", "year"),
    [
        (11, 29, TODAY, 2026),
        (11, 22, TODAY, None),
        (11, 23, TODAY, 2026),
        (11, 30, TODAY, None),
        (12, 29, date(2027, 1, 3), 2026),
        (2, 29, date(2026, 2, 28), 2026),
        (2, 29, date(2028, 2, 28), None),
    ],
)
def test_a_birthday_is_open_from_its_day_for_a_week(month, day, today, year) -> None:
    assert birthday_open(month=month, day=day, today=today, days=7) == year


def test_points_wait_for_their_day_and_no_longer() -> None:
    day = matures_on(datetime(2026, 11, 29, 23, 59, tzinfo=PARIS), 14)
    assert day == "2026-12-13"
    assert not mature(day, date(2026, 12, 12))
    assert mature(day, date(2026, 12, 13))


def test_points_of_a_till_that_knew_no_day_wait_for_nothing() -> None:
    assert mature(matures_on(None, 14), TODAY)
    assert mature("2099-01-01", TODAY), "a clock in the future can't keep points for ever"


# ── expiry ──────────────────────────────────────────────────────────────────────────────────────


def test_the_oldest_is_spent_first_so_what_is_left_is_the_newest() -> None:
    lots = awarded({}, 100, on=date(2025, 11, 1), rule=YEAR)
    lots = awarded(lots, 50, on=date(2026, 5, 1), rule=YEAR)
    assert due(lots, balance=150, today=TODAY) == 100
    assert due(lots, balance=60, today=TODAY) == 10  # 90 were spent: of the oldest
    assert due(lots, balance=30, today=TODAY) == 0


def test_what_a_till_holds_does_not_expire_under_it() -> None:
    lots = awarded({}, 100, on=date(2025, 1, 1), rule=YEAR)
    assert expires(lots, balance=100, held=30, today=TODAY) == 70
    assert expires(lots, balance=100, held=100, today=TODAY) == 0


def test_after_each_purchase_all_points_live_on() -> None:
    lots = awarded({}, 100, on=date(2025, 12, 1), rule=LAST_PURCHASE)
    lots = awarded(lots, 5, on=TODAY, rule=LAST_PURCHASE)
    assert lots == {date(2027, 11, 29): 105}


def test_a_new_policy_never_brings_a_day_nearer() -> None:
    old = awarded({}, 100, on=TODAY, rule=ExpiryRule(ExpiryKind.PURCHASE, 24))
    now = awarded(old, 5, on=TODAY, rule=ExpiryRule(ExpiryKind.PURCHASE, 1))
    assert now == {date(2028, 11, 29): 100, date(2026, 12, 29): 5}
    never = awarded({}, 100, on=TODAY, rule=NO_EXPIRY)
    assert awarded(never, 5, on=TODAY, rule=LAST_PURCHASE)[None] == 100


def test_a_reminder_says_the_next_day_and_how_much() -> None:
    lots = awarded({}, 100, on=date(2026, 1, 15), rule=YEAR)
    lots = awarded(lots, 50, on=date(2026, 2, 1), rule=YEAR)
    assert next_due(lots, balance=150, today=TODAY) == (date(2027, 1, 15), 100)
    assert next_due(lots, balance=50, today=TODAY) == (date(2027, 2, 1), 50)
    assert next_due({None: 10}, balance=10, today=TODAY) is None


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
RULES = st.builds(ExpiryRule, st.sampled_from(ExpiryKind), st.integers(1, 36))


@OFTEN
@given(st.lists(st.tuples(DAYS, st.integers(0, 500), RULES), max_size=12), DAYS, st.data())
def test_expiry_conserves(awards, today: date, data: st.DataObject) -> None:
    """What expires and what stays is what was there; nothing that is not due yet expires."""
    lots: dict[date | None, int] = {}
    for on, points, rule in awards:
        lots = awarded(lots, points, on=on, rule=rule)
    total = sum(points for _, points, _ in awards)
    assert sum(lots.values()) == total
    balance = data.draw(st.integers(0, total))
    held = data.draw(st.integers(0, balance))
    gone = expires(lots, balance=balance, held=held, today=today)
    not_due = sum(n for day, n in days_to_keep(lots, today).items())
    assert 0 <= gone <= balance - held
    assert balance - gone >= min(balance, not_due)
    left = balance - gone
    assert expires(lots, balance=left, held=held, today=today) == 0, "running twice takes once"


@OFTEN
@given(st.lists(st.tuples(DAYS, st.integers(1, 500), RULES), min_size=1, max_size=12))
def test_a_day_once_given_never_moves_nearer(awards) -> None:
    lots: dict[date | None, int] = {}
    forever = date.max
    for on, points, rule in awards:
        later = awarded(lots, points, on=on, rule=rule)
        for day in [d or forever for d in lots]:
            before = sum(n for d, n in lots.items() if (d or forever) >= day)
            assert sum(n for d, n in later.items() if (d or forever) >= day) >= before
        lots = later
