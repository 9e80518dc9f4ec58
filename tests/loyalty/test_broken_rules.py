# SPDX-License-Identifier: Apache-2.0
"""Break one rule of the game at a time: the story that tells of it must not come out any more."""

from dataclasses import replace
from typing import Final

import pytest

from loyalty import account, badge, calendar, conditions, decide, movements, price, refund, tier
from loyalty.account import Holding, Kind
from loyalty.calendar import NO_EXPIRY, Window
from loyalty.conditions import Bill
from loyalty.decide import Decided
from loyalty.entry import Adjusted, Cause
from loyalty.money import share
from loyalty.programme import PLAIN, EarnRule, Reward
from loyalty.rewards.cashback import CASHBACK
from loyalty.rewards.points import POINTS
from loyalty.rewards.stamps import STAMPS
from loyalty.situation import Situation
from tests.loyalty.breaking import FAILURES, break_rule
from tests.scenarios.domain import STORIES, tell_by_domain

STORY: Final = {str(story): story for story in STORIES}

_costs, _undone, _refunded = conditions.costs, refund.undone, refund.refunded
_awarded, _matures_on, _earn = calendar.awarded, calendar.matures_on, EarnRule.earn


def _costs_without(kind: Kind):
    return lambda bill, reward, points: tuple(
        hold for hold in _costs(bill, reward, points) if hold.account.kind is not kind
    )


def _dated_anew(lots, points, *, on, rule):
    """All points by the newest rule."""
    everything = {rule.day(on): sum(lots.values())} if lots else {}
    return _awarded(everything, points, on=on, rule=rule)


def _newest_first(lots, *, balance, today):
    over = sum(n for day, n in lots.items() if day is not None and day <= today)
    return min(balance, over)


def _part_alone(sold, **more):
    """Each part rounded by itself."""
    return _refunded(sold, **more | {"left": sold.total_cents})


def _money_first(sale, due_cents):
    left = due_cents - sale.paid_cents
    back = []
    for gift in sale.gifts:
        cents = max(0, min(gift.cents, left))
        left -= cents
        back.append(replace(gift, cents=cents))
    return tuple(back)


def _adjust_blindly(situation, command):
    points = account.points_of(situation.customer or "")
    move = account.Movement(points, command.points)
    return Decided(Adjusted(cause=Cause.BY_HAND, moves=(move,), customer=situation.customer))


def _carry_too(self, base_cents, factor_bp=PLAIN):
    return _earn(self, base_cents * factor_bp // PLAIN)


@property
def _all_windows(self):
    factor = PLAIN
    for window in self.programme.windows:
        factor = factor * (window.factor_bp if window.holds(self.at) else PLAIN) // PLAIN
    return factor


@property
def _whatever_it_is(self):
    return self.due_cents


def _lost_at_once(plan, tiers, *, had, earned):
    return earned.id if earned else ""


def _dearest(self, bill, reward, amount):
    off, place = max((left, place) for place, left in enumerate(bill.left))
    bill.left[place] -= off
    return off


def _stamp_for_the_free_one(self, bill, reward):
    count = sum(line.quantity for line in bill.order.lines)
    return (Holding(account.stamps_of(bill.customer, reward.id), count),)


def _purse_of_all(self, bill, reward):
    cents = share(bill.order.total_cents, reward.rate_bp)
    return (Holding(account.purse_of(bill.customer), cents),)


MUTANTS: list[tuple[str, object, str, object, str]] = [
    (
        "points wait for nothing",
        movements,
        "earned_by",
        lambda facts: account.points_of(facts.customer or ""),
        "days: Points can be spent after fourteen days, not before",
    ),
    (
        "points wait for today",
        price,
        "matures_on",
        lambda at, days: _matures_on(at, 0),
        "days: Points can be spent after fourteen days, not before",
    ),
    (
        "what waited is taken from where it is not any more",
        account,
        "grown_from",
        lambda one: one,
        "days: What is there by now is taken back, though the till has not heard of it",
    ),
    (
        "the newest points are spent first",
        calendar,
        "due",
        _newest_first,
        "days: The oldest is spent first",
    ),
    (
        "a new rule dates old points anew",
        calendar,
        "awarded",
        _dated_anew,
        "days: A new rule never takes away sooner what was earned under the old one",
    ),
    (
        "a purchase moves no other points",
        calendar,
        "awarded",
        lambda lots, points, *, on, rule: (
            _awarded({}, points, on=on, rule=rule) | _awarded(lots, 0, on=on, rule=NO_EXPIRY)
        ),
        "days: After the last purchase, all together",
    ),
    (
        "a birthday lasts for ever",
        calendar,
        "birthday_open",
        lambda *, month, day, today, days: (
            today.year if (month, day) <= (today.month, today.day) else None
        ),
        "days: After seven days a birthday is over",
    ),
    (
        "a birthday is spent by nobody",
        conditions,
        "costs",
        _costs_without(Kind.BIRTHDAY),
        "days: A birthday, once a year",
    ),
    (
        "a welcome is spent by nobody",
        conditions,
        "costs",
        _costs_without(Kind.WELCOME),
        "joining: Who was a customer before the programme had a welcome has none",
    ),
    (
        "a welcome stays after the first order",
        price,
        "_lapses",
        lambda bill: (),
        "joining: Without network, too, the welcome goes with the first order",
    ),
    (
        "stock has no end",
        conditions,
        "costs",
        _costs_without(Kind.STOCK),
        "scarce: While stock lasts",
    ),
    (
        "a limit limits nobody",
        conditions,
        "costs",
        _costs_without(Kind.LIMIT),
        "scarce: Twice for each customer",
    ),
    (
        "a limit that nobody touched is empty",
        conditions,
        "_untouched",
        lambda one, reward: 0,
        "scarce: Twice for each customer",
    ),
    (
        "visits are not taken",
        conditions,
        "costs",
        _costs_without(Kind.VISITS),
        "scarce: A coffee at the third visit, by itself",
    ),
    (
        "nothing comes by itself",
        badge,
        "automatic",
        lambda situation, order, *, offline=False: order,
        "scarce: A coffee at the third visit, by itself",
    ),
    (
        "everybody may use everything",
        conditions,
        "open_to",
        lambda situation, reward: (),
        "options: A reward for professionals",
    ),
    (
        "every shop offers everything",
        Reward,
        "offered_in",
        lambda self, shop: True,
        "options: A reward that one shop does not offer",
    ),
    (
        "the last day is not one any more",
        conditions,
        "within",
        lambda first, last, at: first <= at.date().isoformat() < (last or "9"),
        "options: Before its first day a reward is closed",
    ),
    (
        "points are always double",
        Window,
        "holds",
        lambda self, at: True,
        "options: Double points on Tuesdays",
    ),
    (
        "windows multiply one another",
        Situation,
        "factor_bp",
        _all_windows,
        "options: Of two windows the better one counts, not both",
    ),
    (
        "the carry is doubled, too",
        EarnRule,
        "earn",
        _carry_too,
        "options: What is carried earns at the plain rate",
    ),
    (
        "the farthest thing missing is said first",
        conditions,
        "nearest_first",
        lambda lacks: tuple(sorted(lacks, key=lambda lack: -lack.missing / lack.whole)),
        "options: The nearest thing missing is said first",
    ),
    (
        "tobacco earns",
        Bill,
        "earning_cents",
        _whatever_it_is,
        "earning: What does not earn is left out, to the cent",
    ),
    (
        "all rules carry together",
        EarnRule,
        "key",
        "carry",
        "versions: What was carried under one rule never makes points under another",
    ),
    (
        "points are kept after a refund",
        refund,
        "undone",
        lambda sale, cents: replace(_undone(sale, cents), points=0),
        "refunds: Points are taken back, and once",
    ),
    (
        "a reward is lost with its sale",
        refund,
        "_back",
        lambda sale, cents: tuple(Holding(hold.account, 0) for hold in sale.spent),
        "refunds: A reward comes back with its sale",
    ),
    (
        "half a gift comes back",
        refund,
        "_of_whole",
        lambda sale: 0,
        "refunds: Half a gift does not come back, a whole one does",
    ),
    (
        "a gift card turns into money",
        refund,
        "_onto_gifts",
        _money_first,
        "refunds: What a gift card paid goes back onto the card first",
    ),
    (
        "each part of a refund is rounded by itself",
        refund,
        "refunded",
        _part_alone,
        "refunds: Parts sum to the whole",
    ),
    (
        "a threshold has to be passed",
        tier,
        "reached",
        lambda tiers, figure: next((t for t in reversed(tiers) if figure > t.threshold), None),
        "tiers: A tier multiplies points from the day it is reached",
    ),
    (
        "every tier is lost at once",
        tier,
        "evaluated",
        _lost_at_once,
        "tiers: A tier that is never lost",
    ),
    (
        "a tier falls to the bottom",
        tier,
        "evaluated",
        _lost_at_once,
        "tiers: One step down at a time",
    ),
    (
        "more points than the order costs",
        POINTS,
        "most",
        lambda bill, reward: 1_000_000,
        "one_order: No more points than the order costs",
    ),
    (
        "no minimum order",
        POINTS,
        "lacks",
        lambda bill, reward: (),
        "one_order: A minimum order is compared with the total before rewards",
    ),
    (
        "the dearest one is free",
        type(STAMPS),
        "lower",
        _dearest,
        "one_order: A stamp card makes the cheapest one free, of what it is for",
    ),
    (
        "the free one earns a stamp",
        type(STAMPS),
        "adds",
        _stamp_for_the_free_one,
        "stamps: Three bought and one free",
    ),
    (
        "the purse is filled by what a reward took off",
        type(CASHBACK),
        "adds",
        _purse_of_all,
        "one_order: The cost of cashback is taken at each use",
    ),
    (
        "a gift card is valid for ever",
        decide,
        "months_after",
        lambda day, months: day,
        "giftcards: Valid for a year",
    ),
    (
        "more is taken by hand than is there",
        decide,
        "_adjust",
        _adjust_blindly,
        "by_hand: No more is taken than is there",
    ),
]


@pytest.mark.parametrize(
    ("place", "name", "broken", "story"), [m[1:] for m in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_a_broken_rule_spoils_its_story(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, broken: object, story: str
) -> None:
    tell_by_domain(STORY[story])
    break_rule(monkeypatch, place, name, broken)
    with pytest.raises(FAILURES):
        tell_by_domain(STORY[story])
