# SPDX-License-Identifier: Apache-2.0
"""A customer who was merged: either card leads to one person, who spends from both."""

from dataclasses import replace

import pytest

from firmware.store import replica, rights
from firmware.till import tap
from firmware.till.outcome import AskingHub, AtTill, Recognised, Refused, Saved
from loyalty.account import Holding, owed_of, points_of
from loyalty.entry import Sold, Visited
from loyalty.feed import BalanceIs, SaleSeen
from tests.firmware.till.conftest import ELODIE, THEO, Bakery

CARD, TAG = ELODIE.codes[0], THEO.codes[0]
ELODIES, THEOS = points_of("elodie"), points_of("theo")


@pytest.fixture
def merged(bakery: Bakery) -> Bakery:
    """Théo is served as Élodie; she has 45 points, he 60."""
    bakery.hub_says(BalanceIs(ELODIES, 45), BalanceIs(THEOS, 60), replace(THEO, of="elodie"))
    bakery.unlock()
    return bakery


def part(bakery: Bakery, *, code: str = CARD) -> None:
    """Let the till hope for a croissant of 80 points."""
    bakery.scan(code)
    bakery.line(1000)
    bakery.do(tap.Take("croissant"), tap.Save())


def spent(bakery: Bakery) -> Sold:
    [sold] = bakery.facts(Sold)
    assert isinstance(sold, Sold)
    return sold


def test_either_card_and_any_search_lead_to_one_person_with_the_sum(merged: Bakery) -> None:
    order = merged.scan(TAG)
    assert isinstance(order, AtTill)
    assert order.customer
    assert (order.customer.id, order.customer.points) == ("elodie", 105)
    assert merged.scan(CARD) == order, "the same person again"
    assert [c.id for c in replica.customers_by_name(merged.db, "theo")] == ["elodie"]
    assert [c.id for c in replica.customers_by_id(merged.db, ["theo", "elodie"])] == ["elodie"]


def test_the_customers_own_look_shows_the_sum_and_the_last_sales_of_both(bakery: Bakery) -> None:
    bakery.hub_says(BalanceIs(ELODIES, 45), BalanceIs(THEOS, 60), replace(THEO, of="elodie"))
    bakery.hub_says(SaleSeen(id="1", customer="theo", wall_ms=1_795_000_000_000, points=7))
    bakery.hub_says(SaleSeen(id="2", customer="elodie", wall_ms=1_795_100_000_000, points=8))
    board = bakery.scan(TAG)
    assert isinstance(board, Recognised)
    assert (board.first_name, board.points) == ("Élodie", 105)
    assert [points for _, points in board.visits] == [8, 7]


def test_a_reward_is_taken_from_both_cards_each_within_its_right(merged: Bakery) -> None:
    part(merged, code=TAG)
    assert isinstance(merged.outcome, AskingHub)
    assert merged.outcome.amount == 80
    assert {(a.account, a.amount) for a in rights.asked(merged.db)} == {(ELODIES, 45), (THEOS, 35)}
    merged.grants()
    saved = merged.wait(0.01)
    assert isinstance(saved, Saved)
    assert spent(merged).spent == (Holding(ELODIES, 45), Holding(THEOS, 35))
    assert saved.balance == 105 - 80 + 10
    assert (merged.shown(ELODIES), merged.shown(THEOS)) == (10, 25)


def test_what_may_be_spent_here_is_taken_first(merged: Bakery) -> None:
    rights.ask(merged.db, Holding(THEOS, 60), new_id=lambda: "before")
    merged.grants()
    part(merged)
    assert [(a.account, a.amount) for a in rights.asked(merged.db)] == [(ELODIES, 20)]
    merged.grants()
    merged.wait(0.01)
    assert spent(merged).spent == (Holding(ELODIES, 20), Holding(THEOS, 60))


def test_one_card_that_has_enough_pays_alone_and_says_nothing_of_others(merged: Bakery) -> None:
    merged.hub_says(BalanceIs(ELODIES, 90))
    part(merged)
    merged.grants()
    merged.wait(0.01)
    assert spent(merged).spent == (Holding(ELODIES, 80),)


def test_the_other_card_alone_may_pay(merged: Bakery) -> None:
    merged.hub_says(BalanceIs(ELODIES, 0), BalanceIs(THEOS, 90))
    part(merged)
    merged.grants()
    merged.wait(0.01)
    assert spent(merged).spent == (Holding(THEOS, 80),)


def test_what_one_card_owes_is_not_there_on_the_other(merged: Bakery) -> None:
    merged.hub_says(BalanceIs(owed_of(ELODIES), 30), BalanceIs(ELODIES, 0))
    order = merged.scan(CARD)
    assert isinstance(order, AtTill)
    assert order.customer
    assert order.customer.points == 30


def test_offline_the_refusal_counts_what_may_be_spent_of_both(merged: Bakery) -> None:
    for account, amount in ((ELODIES, 20), (THEOS, 30)):
        rights.ask(merged.db, Holding(account, amount), new_id=lambda: f"id-{next(merged.ids)}")
        merged.grants()
    merged.online(up=False)
    part(merged)
    assert isinstance(merged.outcome, Refused)
    facts = merged.outcome.refusal.facts
    assert (facts["needed"], facts["have"]) == (80, 50)


def test_two_cards_in_the_same_hour_are_one_visit(merged: Bakery) -> None:
    merged.scan(CARD)
    merged.do(tap.Finish())
    merged.scan(TAG)
    assert len(merged.facts(Visited)) == 1


def test_a_till_that_has_not_heard_yet_serves_the_card_it_knows(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.sell(1000, code=TAG)
    bakery.do(tap.Finish())
    bakery.hub_says(replace(THEO, of="elodie"))
    assert spent(bakery).customer == "theo"
    order = bakery.scan(CARD)
    assert isinstance(order, AtTill)
    assert order.customer
    assert order.customer.points == 245 + 10


def test_parted_again_each_card_has_its_own(merged: Bakery) -> None:
    merged.hub_says(THEO)
    order = merged.scan(TAG)
    assert isinstance(order, AtTill)
    assert order.customer
    assert (order.customer.id, order.customer.points) == ("theo", 60)


def test_an_order_under_way_outlives_the_merge_and_the_parting(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(TAG)
    bakery.line(1000)
    bakery.hub_says(BalanceIs(THEOS, 30), replace(THEO, of="elodie"))
    order = bakery.do(tap.Take("croissant"))
    assert isinstance(order, AtTill)
    assert order.customer
    assert (order.customer.id, order.customer.points) == ("theo", 275)
    bakery.do(tap.Save())
    bakery.grants()
    bakery.hub_says(THEO)
    refused = bakery.wait(0.01)
    assert isinstance(refused, Refused), "his own points are not enough any more"
    assert isinstance(bakery.do(tap.WithoutRewards()), AtTill)
    assert isinstance(bakery.do(tap.Save()), Saved)
