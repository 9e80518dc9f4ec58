# SPDX-License-Identifier: Apache-2.0
"""Rewards are spent inside a right: asked for, own, or refused in words."""

from firmware.store import rights
from firmware.till import tap
from firmware.till.outcome import (
    AmountAsked,
    AskingHub,
    AtTill,
    Refused,
    Saved,
)
from loyalty.account import points_of, purse_of
from loyalty.badge import BadgeState
from loyalty.entry import Released, Sold
from loyalty.feed import BalanceIs
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery

CARD = ELODIE.codes[0]


def test_a_redemption_waits_for_the_right_it_asked_for(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    ready = bakery.do(tap.Take("croissant"))
    assert isinstance(ready, AtTill)
    assert {b.reward.id: b.state for b in ready.badges}["croissant"] is BadgeState.IN_ORDER
    asking = bakery.do(tap.Save())
    assert isinstance(asking, AskingHub)
    assert asking.amount == 80
    assert isinstance(bakery.wait(0.5), AskingHub)
    bakery.grants()
    saved = bakery.wait(0.01)
    assert isinstance(saved, Saved)
    assert saved.spent_points == (("Croissant offert", 80),)
    assert saved.balance == 245 - 80 + 19
    assert rights.spendable(bakery.db, "elodie")[points_of("elodie")] == 19, "only what it earned"


def test_without_an_answer_in_two_seconds_it_is_refused_in_words(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.do(tap.Take("croissant"), tap.Save())
    refused = bakery.wait(2.1)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NOT_HERE_NOW
    assert (refused.refusal.facts["needed"], refused.refusal.facts["have"]) == (80, 0)
    assert not bakery.facts(Sold)
    order = bakery.do(tap.WithoutRewards())
    assert isinstance(order, AtTill)
    assert not order.rewards
    assert order.total_cents == 1960, "the order is still there"
    assert isinstance(bakery.do(tap.Save()), Saved)


def test_a_part_of_a_right_does_not_redeem_and_goes_back(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1960)
    bakery.do(tap.Take("croissant"), tap.Save())
    bakery.grants(0.5)
    refused = bakery.wait(0.01)
    assert isinstance(refused, Refused)
    assert refused.refusal.facts["have"] == 40
    released = rights.release(bakery.db, clock=bakery.clock, new_id=lambda: f"r{next(bakery.ids)}")
    assert [e.facts for e in released if isinstance(e.facts, Released)]
    assert points_of("elodie") not in rights.spendable(bakery.db, "elodie")


def test_offline_what_was_earned_here_may_be_spent_and_no_more(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.hub_says(BalanceIs(points_of("theo"), 0))
    bakery.unlock()
    bakery.sell(8000, code="THEO-TAG")
    bakery.do(tap.Finish())
    bakery.scan("THEO-TAG")
    bakery.line(1000)
    bakery.do(tap.Take("croissant"))
    saved = bakery.do(tap.Save())
    assert isinstance(saved, Saved), "80 points earned here, not covered yet: its own right"
    bakery.do(tap.Finish())
    bakery.scan(CARD)
    bakery.line(1000)
    bakery.do(tap.Take("croissant"))
    refused = bakery.do(tap.Save())
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NOT_HERE_NOW
    assert refused.offline


def test_the_purse_pays_up_to_the_purse_and_the_total(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(1000)
    asked = bakery.do(tap.Take("purse"))
    assert isinstance(asked, AmountAsked)
    assert (asked.most_cents, asked.available_cents) == (340, 340)
    too_much = bakery.answer("341")
    assert isinstance(too_much, AmountAsked)
    assert too_much.wrong
    order = bakery.do(tap.TakeMost(), tap.Enter())
    assert isinstance(order, AtTill)
    assert (order.total_cents, order.to_pay_cents, order.earns) == (1000, 660, 6)
    bakery.do(tap.Save())
    bakery.grants()
    assert isinstance(bakery.wait(0.01), Saved)
    assert bakery.shown(purse_of("elodie")) == 13, "2 % of the 6,60 € that were left to pay"
