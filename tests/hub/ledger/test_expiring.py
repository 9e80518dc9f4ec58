# SPDX-License-Identifier: Apache-2.0
"""Points expire by award, oldest first, free ones only, and nobody's day ever moves nearer."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from hub.ledger import restored
from hub.ledger.audit import day_faults, equation, faults
from hub.ledger.awards import read_due
from hub.ledger.bonus import adjust_points
from hub.ledger.expiring import expire_due
from hub.ledger.foreseeing import lots_of
from hub.ledger.lots import Fall, FallMonth, LotBook
from hub.ledger.models import Account, Customer, JournalEntry
from hub.ledger.notices import send_reminders_due
from hub.ledger.statements import expiry
from hub.ledger.tellings import Reminder
from hub.merchants import feed
from hub.merchants.models import Merchant
from loyalty.account import Holding, points_of
from loyalty.calendar import ExpiryKind, ExpiryRule
from loyalty.entry import ClockQuality, Refunded, ReleaseCause, Released, Saw
from loyalty.programme import EarnRule
from loyalty.wire import Ack
from tests.hub.rules import rules
from tests.hub.till import Till, fresh, sale

BOUGHT = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
A_YEAR = ExpiryRule(ExpiryKind.AWARD, 12)
LATE = date(2027, 3, 20)
SINCE_PURCHASE = ExpiryRule(ExpiryKind.PURCHASE, 12)


def on(day: date, zone: str = "Indian/Reunion") -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def points(who: str = "ana") -> int:
    return sum(Account.objects.filter(owner=who, kind="points").values_list("balance", flat=True))


def buys(
    till: Till, cents: int, *, at: datetime, version: int = 2, release: bool = True, **more
) -> str:
    entry = fresh("entry")
    facts = replace(sale(cents, "ana", **more), saw=Saw(programme=version))
    till.write(facts, at=at, entry_id=entry)
    if release and facts.points:
        till.releases(Holding(points_of("ana"), facts.points))
    till.send()
    return entry


@pytest.fixture
def ana(till: Till, merchant: Merchant) -> Till:
    rules(merchant.pk, expiry=A_YEAR, at=BOUGHT - DAY)
    till.joins("ana")
    till.send()
    return till


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
def test_points_expire_when_their_day_begins_where_the_merchant_is(
    ana: Till, merchant: Merchant, zone: str
) -> None:
    Merchant.objects.update(zone=zone)
    buys(ana, 20_00, at=BOUGHT)
    ends = on(date(2027, 1, 10), zone)
    assert expire_due(now=ends - timedelta(seconds=1)) == 0
    assert (expire_due(now=ends), expire_due(now=ends + DAY)) == (1, 0)
    assert points() == 0
    entry = JournalEntry.objects.get(cause="expiry")
    assert (entry.at, entry.points) == (ends, -20)
    assert faults(merchant.pk) == day_faults(merchant) == []
    (line,) = [one for one in equation(merchant.pk) if one.unit == "points"]
    assert (line.flow.issued, line.flow.expired, line.flow.spent) == (20, 20, 0)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
@pytest.mark.parametrize("night", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_night_that_turns_the_clocks_takes_nothing_early(
    ana: Till, zone: str, night: date
) -> None:
    Merchant.objects.update(zone=zone)
    before = on(night.replace(year=night.year - 1), zone) + timedelta(hours=12)
    rules("maison-lucet", expiry=A_YEAR, at=before - DAY)
    buys(ana, 20_00, at=before, version=3)
    assert expire_due(now=on(night, zone) - timedelta(minutes=1)) == 0
    assert expire_due(now=on(night, zone)) == 1


def test_the_oldest_is_spent_first(ana: Till) -> None:
    buys(ana, 20_00, at=BOUGHT)
    buys(ana, 30_00, at=BOUGHT + 60 * DAY)
    ana.rights[points_of("ana")] = ana.ask(points_of("ana"), 15)
    buys(ana, 1_00, at=BOUGHT + 90 * DAY, uses=15)
    expire_due(now=on(date(2027, 1, 10)))
    assert points() == 31


def test_what_a_till_holds_expires_when_it_is_back(ana: Till, merchant: Merchant) -> None:
    buys(ana, 20_00, at=BOUGHT)
    assert ana.ask(points_of("ana"), 8) == 8
    assert expire_due(now=on(date(2027, 1, 10))) == 1
    assert points() == 8
    ana.releases(Holding(points_of("ana"), 8))
    ana.send()
    assert expire_due(now=on(date(2027, 1, 10))) == 0
    assert expire_due(now=on(date(2027, 1, 11))) == 1
    assert points() == 0
    assert faults(merchant.pk) == []


def test_a_new_policy_never_moves_a_day_nearer(ana: Till, merchant: Merchant) -> None:
    buys(ana, 20_00, at=BOUGHT)
    rules(merchant.pk, expiry=ExpiryRule(ExpiryKind.AWARD, 1), at=BOUGHT + DAY)
    buys(ana, 10_00, at=BOUGHT + DAY, version=3)
    expire_due(now=on(date(2026, 2, 11)))
    assert points() == 20
    rules(merchant.pk, expiry=ExpiryRule(), at=BOUGHT + 2 * DAY)
    expire_due(now=on(date(2027, 1, 9)))
    assert points() == 20
    expire_due(now=on(date(2027, 1, 10)))
    assert points() == 0


def test_what_was_awarded_before_anything_expired_never_does(
    till: Till, merchant: Merchant
) -> None:
    till.joins("ana")
    buys(till, 20_00, at=BOUGHT, version=1)
    rules(merchant.pk, expiry=A_YEAR, at=BOUGHT + DAY)
    buys(till, 10_00, at=BOUGHT + DAY)
    expire_due(now=on(date(2030, 1, 1)))
    assert points() == 20


def test_a_purchase_gives_all_of_it_another_year(ana: Till, merchant: Merchant) -> None:
    rules(merchant.pk, expiry=SINCE_PURCHASE, at=BOUGHT - DAY)
    buys(ana, 20_00, at=BOUGHT, version=3)
    buys(ana, 10_00, at=BOUGHT + 300 * DAY, version=3)
    expire_due(now=on(date(2027, 1, 10)))
    assert points() == 30
    expire_due(now=on((BOUGHT + 300 * DAY).date().replace(year=2027)))
    assert points() == 0


def test_days_of_silence_take_it_once(ana: Till) -> None:
    buys(ana, 20_00, at=BOUGHT)
    buys(ana, 20_00, at=BOUGHT + 3 * DAY)
    late = on(date(2027, 3, 1))
    assert (expire_due(now=late), expire_due(now=late)) == (1, 0)
    assert points() == 0


def test_a_refund_takes_from_the_day_of_its_sale(ana: Till, merchant: Merchant) -> None:
    old = buys(ana, 20_00, at=BOUGHT)
    buys(ana, 30_00, at=BOUGHT + 60 * DAY)
    refund = Refunded(
        receipt=fresh("R"), sale=old, customer="ana", cents=15_00, due_cents=15_00,
        points=15, earn=EarnRule(),
    )  # fmt: skip
    ana.write(refund, at=BOUGHT + 70 * DAY)
    ana.send()
    read_due()
    assert sorted(lots_of(merchant, ["ana"])["ana"].values()) == [5, 30]
    expire_due(now=on(date(2027, 1, 10)))
    assert points() == 30


def test_points_by_hand_expire_too_and_a_minus_changes_no_day(
    ana: Till, merchant: Merchant
) -> None:
    who = Customer.objects.get(uuid="ana")
    adjust_points(who, 30, note="Merci", shop=None, person_id=None)
    adjust_points(who, -10, note="Pardon", shop=None, person_id=None)
    read_due()
    (day,) = lots_of(merchant, ["ana"])["ana"]
    assert day is not None
    expire_due(now=on(day))
    assert points() == 0


def test_what_nobody_can_date_never_expires(ana: Till) -> None:
    facts = replace(sale(20_00, "ana"), saw=Saw(programme=2))
    told = {"prev_segment": ana.segment, "prev_n": len(ana.raws), "prev_head": ana.head.hex()}
    blind = Till(ana.terminal).opened(quality=ClockQuality.GUESS, **told)
    blind.write(facts, at=BOUGHT, quality=ClockQuality.GUESS)
    back = Released(cause=ReleaseCause.COVERED, holds=(Holding(points_of("ana"), 20),))
    blind.write(back, at=BOUGHT, quality=ClockQuality.GUESS)
    assert isinstance(blind.send(), Ack), "posted"
    assert points() == 20
    expire_due(now=on(date(2040, 1, 1)))
    assert points() == 20


def test_nothing_expires_while_a_restored_hub_does_not_know_all(
    ana: Till, merchant: Merchant
) -> None:
    buys(ana, 20_00, at=BOUGHT)
    read_due()
    restored.begin("test")
    assert expire_due(now=on(date(2027, 1, 10))) == 0
    with feed.writing(merchant.pk) as out:
        restored.resume(out)
    assert points() == 20
    assert expire_due(now=on(date(2027, 1, 10))) == 1


def test_who_has_them_is_reminded_once_of_each_day(ana: Till) -> None:
    Customer.objects.update(email="ana@client.example")
    buys(ana, 20_00, at=BOUGHT)
    buys(ana, 10_00, at=BOUGHT + 2 * DAY)
    for night in range(5):
        expire_due(now=on(date(2026, 12, 10)) + night * DAY)
    assert [(one.day, one.amount) for one in Reminder.objects.order_by("day")] == [
        (date(2027, 1, 10), 20)
    ]
    assert (send_reminders_due(), send_reminders_due()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.subject == "20 points chez Maison Lucet à utiliser"
    assert "20 de vos points expirent le 10 janvier 2027." in letter.body
    expire_due(now=on(date(2027, 1, 10)))
    assert [(one.day, one.amount) for one in Reminder.objects.order_by("day")] == [
        (date(2027, 1, 10), 20),
        (date(2027, 1, 12), 10),
    ]


def test_a_merchant_who_awards_nothing_looks_for_nothing_among_others(
    ana: Till, stranger: Till
) -> None:
    buys(ana, 20_00, at=BOUGHT)
    stranger.send()
    read_due()
    newest = JournalEntry.objects.latest("pk").pk
    assert {*LotBook.objects.values_list("upto", flat=True)} == {newest}
    buys(ana, 20_00, at=BOUGHT)
    read_due()
    assert sum(lots_of(ana.terminal.merchant, ["ana"])["ana"].values()) == 40


def test_what_will_fall_is_kept_as_it_comes_out_afresh(ana: Till, merchant: Merchant) -> None:
    buys(ana, 20_00, at=BOUGHT)
    buys(ana, 30_00, at=BOUGHT + 60 * DAY)
    read_due()
    assert falling() == [(date(2027, 1, 10), 20), (date(2027, 3, 11), 30)]
    ana.rights[points_of("ana")] = ana.ask(points_of("ana"), 25)
    buys(ana, 1_00, at=BOUGHT + 61 * DAY, uses=25)
    read_due()
    assert falling() == [(date(2027, 3, 11), 25), (date(2027, 3, 12), 1)]
    adjust_points(Customer.objects.get(uuid="ana"), -26, note="", shop=None, person_id=None)
    read_due()
    assert (falling(), FallMonth.objects.count()) == ([], 0)
    assert faults(merchant.pk) == []


def test_what_fell_before_it_was_kept_is_kept_from_then_on(ana: Till, merchant: Merchant) -> None:
    buys(ana, 20_00, at=BOUGHT)
    read_due()
    Fall.objects.all().delete()
    FallMonth.objects.all().delete()
    LotBook.objects.update(foreseen=None)
    assert faults(merchant.pk) == []
    read_due()
    assert falling() == [(date(2027, 1, 10), 20)]
    assert [*FallMonth.objects.values_list("points", "customers")] == [(20, 1)]
    buys(ana, 5_00, at=BOUGHT + DAY)
    read_due()
    assert falling() == [(date(2027, 1, 10), 20), (date(2027, 1, 11), 5)]


def test_what_is_kept_wrongly_is_a_fault(ana: Till, merchant: Merchant) -> None:
    buys(ana, 20_00, at=BOUGHT)
    read_due()
    FallMonth.objects.update(customers=2)
    (month,) = faults(merchant.pk)
    assert month == "expiration du mois 2027-01-01 : [20, 2] tenus, [20, 1]"
    FallMonth.objects.update(customers=1)
    Fall.objects.update(points=19)
    assert "expiration de ana" in faults(merchant.pk)[0]


def test_what_is_late_falls_into_this_month_and_who_has_more_is_one_customer(
    ana: Till, merchant: Merchant
) -> None:
    buys(ana, 20_00, at=BOUGHT)
    buys(ana, 30_00, at=BOUGHT + 60 * DAY)
    buys(ana, 5_00, at=BOUGHT + 100 * DAY)
    read_due()
    told = [(one.first, one.points, one.customers) for one in expiry.by_month(merchant, today=LATE)]
    assert told == [(date(2027, 3, 1), 50, 1), (date(2027, 4, 1), 5, 1)]
    assert [one.day for one in expiry.coming_of(merchant, ["ana"], today=LATE)] == [
        LATE,
        date(2027, 4, 20),
    ]


def falling() -> list[tuple[date, int]]:
    return [*Fall.objects.order_by("day").values_list("day", "points")]
