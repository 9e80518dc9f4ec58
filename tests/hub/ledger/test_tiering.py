# SPDX-License-Identifier: Apache-2.0
"""Tiers come from what was bought or earned in a period, once a day, and never from a balance."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hub.ledger import tiering
from hub.ledger.merging import merge
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.tellings import Reminder
from hub.ledger.tiering import evaluate_due
from hub.merchants import feed
from hub.merchants.models import Merchant
from loyalty.basket import Line
from loyalty.entry import Refunded
from loyalty.feed import CustomerIs
from loyalty.programme import EarnRule
from loyalty.tier import Criterion, Downgrade, Period, Tier, TierPlan
from loyalty.wire import decode_item
from tests.hub.rules import rules
from tests.hub.till import Till, fresh, sale

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def tiers(*thresholds: int) -> tuple[Tier, ...]:
    names = ("bronze", "silver", "gold")
    return tuple(
        Tier(id=name, name=name.capitalize(), threshold=threshold)
        for name, threshold in zip(names, thresholds, strict=False)
    )


def published(merchant: Merchant, *thresholds: int, **plan) -> None:
    rules(merchant.pk, tiers=tiers(*thresholds), tiering=TierPlan(**plan))


def buys(till: Till, cents: int, *, at: datetime = NOW, who: str = "ana", points: int = 0) -> str:
    entry = fresh("entry")
    facts = replace(sale(cents, who), points=points or cents // 100)
    till.write(facts, at=at, entry_id=entry)
    till.send()
    return entry


def has(who: str = "ana") -> str:
    return Customer.objects.get(uuid=who).tier


@pytest.fixture
def ana(till: Till) -> Till:
    till.joins("ana")
    till.send()
    return till


@pytest.mark.parametrize(
    ("criterion", "thresholds"),
    [
        (Criterion.AMOUNT, (30_00, 60_00)),
        (Criterion.POINTS, (30, 60)),
        (Criterion.VISITS, (2, 4)),
        (Criterion.ORDERS, (2, 4)),
    ],
)
def test_each_criterion_counts_what_it_says(
    ana: Till, merchant: Merchant, criterion: Criterion, thresholds: tuple[int, ...]
) -> None:
    published(merchant, *thresholds, criterion=criterion)
    for _ in range(2):
        ana.scans("ana", at=NOW)
        buys(ana, 15_00)
    assert evaluate_due(now=NOW) == 1
    assert has() == "bronze"


def test_points_spent_take_no_tier_away(ana: Till, merchant: Merchant) -> None:
    published(merchant, 30, criterion=Criterion.POINTS)
    buys(ana, 30_00)
    ana.write(sale(5_00, "ana", uses=30), at=NOW)
    ana.send()
    evaluate_due(now=NOW)
    assert has() == "bronze"


def test_points_by_hand_buy_no_tier(ana: Till, merchant: Merchant) -> None:
    from hub.ledger.bonus import adjust_points

    published(merchant, 30, criterion=Criterion.POINTS)
    adjust_points(Customer.objects.get(uuid="ana"), 500, note="Merci", shop=None, person_id=None)
    assert evaluate_due(now=NOW) == 0
    assert has() == ""


@pytest.mark.parametrize(
    ("period", "days_ago", "tier"),
    [
        (Period.ALL, 900, "bronze"),
        (Period.ROLLING, 360, "bronze"),
        (Period.ROLLING, 370, ""),
        (Period.YEAR, 320, "bronze"),
        (Period.YEAR, 330, ""),
    ],
)
def test_only_what_is_in_the_period_counts(
    ana: Till, merchant: Merchant, period: Period, days_ago: int, tier: str
) -> None:
    published(merchant, 30_00, period=period)
    buys(ana, 30_00, at=NOW - days_ago * DAY)
    evaluate_due(now=NOW)
    assert has() == tier


def test_a_refund_is_taken_off_where_its_sale_counts(ana: Till, merchant: Merchant) -> None:
    published(merchant, 30_00, period=Period.ROLLING)
    buys(ana, 30_00)
    old = buys(ana, 40_00, at=NOW - 400 * DAY)

    def back(entry: str, cents: int) -> None:
        refund = Refunded(
            receipt=fresh("R"), sale=entry, customer="ana", cents=cents, due_cents=cents,
            points=0, earn=EarnRule(), lines=(Line(label="Pain", unit_cents=cents),),
        )  # fmt: skip
        ana.write(refund, at=NOW)
        ana.send()

    back(old, 40_00)
    evaluate_due(now=NOW)
    assert has() == "bronze"
    back(JournalEntry.objects.filter(kind="sold").latest("at").event_id, 1_00)
    evaluate_due(now=NOW + DAY)
    assert has() == ""


@pytest.mark.parametrize(
    ("downgrade", "after"),
    [
        (Downgrade.AT_ONCE, ["", "", ""]),
        (Downgrade.STEP, ["silver", "bronze", ""]),
        (Downgrade.NEVER, ["gold", "gold", "gold"]),
    ],
)
def test_a_tier_is_lost_as_the_merchant_says(
    ana: Till, merchant: Merchant, downgrade: Downgrade, after: list[str]
) -> None:
    published(merchant, 10, 20, 30, period=Period.YEAR, downgrade=downgrade)
    buys(ana, 30)
    evaluate_due(now=NOW)
    assert has() == "gold"
    new_year = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
    found = []
    for night in range(3):
        evaluate_due(now=new_year + night * DAY)
        evaluate_due(now=new_year + night * DAY + timedelta(hours=3))
        found.append(has())
    assert found == after


def test_a_customer_is_warned_once_before_and_the_day_stays(ana: Till, merchant: Merchant) -> None:
    published(merchant, 10_00, period=Period.ROLLING, warn_days=30)
    buys(ana, 10_00)
    begins = NOW + 336 * DAY
    for night in range(20):
        evaluate_due(now=begins + night * DAY)
    reminder = Reminder.objects.get()
    assert (reminder.name, reminder.day) == ("Bronze", date(2027, 11, 22))
    assert Customer.objects.get(uuid="ana").losing_on == date(2027, 11, 22)
    buys(ana, 10_00, at=begins + 20 * DAY)
    evaluate_due(now=begins + 21 * DAY)
    assert Customer.objects.get(uuid="ana").losing_on is None
    assert has() == "bronze"


def test_new_rules_of_the_day_raise_and_take_nothing_twice(ana: Till, merchant: Merchant) -> None:
    published(merchant, 10, 20, 30, period=Period.YEAR, downgrade=Downgrade.STEP)
    buys(ana, 30)
    evaluate_due(now=NOW)
    next_year = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
    evaluate_due(now=next_year)
    published(merchant, 10, 20, 30, period=Period.YEAR, downgrade=Downgrade.STEP)
    evaluate_due(now=next_year)
    assert has() == "silver"
    published(merchant, 10, 20, 30, downgrade=Downgrade.STEP)
    evaluate_due(now=next_year)
    assert has() == "gold"


def test_a_segment_is_a_tier_without_counting(ana: Till, merchant: Merchant) -> None:
    friends = Tier(id="friends", name="Amis", segment="amis")
    rules(merchant.pk, tiers=(friends,), tiering=TierPlan(criterion=Criterion.SEGMENT))
    Customer.objects.filter(uuid="ana").update(segment="amis")
    evaluate_due(now=NOW)
    assert has() == "friends"
    Customer.objects.filter(uuid="ana").update(segment="")
    evaluate_due(now=NOW + DAY)
    assert has() == ""


def test_whoever_is_one_person_is_counted_together(ana: Till, merchant: Merchant) -> None:
    published(merchant, 30_00)
    ana.joins("bea")
    for who in ("ana", "bea"):
        buys(ana, 15_00, who=who)
    one, other = (Customer.objects.get(uuid=who) for who in ("ana", "bea"))
    merge(one, other, reason="La même", person_id=None)
    evaluate_due(now=NOW)
    assert (has("ana"), has("bea")) == ("bronze", "bronze")


def test_the_tills_are_told_of_a_change_and_only_then(ana: Till, merchant: Merchant) -> None:
    published(merchant, 30_00)
    buys(ana, 30_00)
    before = feed.position(merchant.pk)
    evaluate_due(now=NOW)
    lines = feed.stretch(ana.terminal, before).lines
    (item,) = [decode_item(line) for line in lines]
    assert isinstance(item, CustomerIs)
    assert (item.id, item.tier) == ("ana", "bronze")
    after = feed.position(merchant.pk)
    evaluate_due(now=NOW + DAY)
    assert feed.position(merchant.pk) == after


def test_what_a_crash_cut_goes_on_where_it_was(
    ana: Till, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiering, "AT_ONCE", 2)
    published(merchant, 10, 20, 30, period=Period.YEAR, downgrade=Downgrade.STEP)
    for who in ("bea", "cid", "dan", "eve"):
        ana.joins(who)
    for who in ("ana", "bea", "cid", "dan", "eve"):
        buys(ana, 30, who=who)
    evaluate_due(now=NOW)
    next_year = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
    items = tiering.customer_items
    calls = []

    def cut(people):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return items(people)

    monkeypatch.setattr(tiering, "customer_items", cut)
    with pytest.raises(KeyboardInterrupt):
        evaluate_due(now=next_year)
    evaluate_due(now=next_year)
    assert {has(who) for who in ("ana", "bea", "cid", "dan", "eve")} == {"silver"}
