# SPDX-License-Identifier: Apache-2.0
"""A welcome is for the very first order: it ends with it, whichever till made that (SPEC C6)."""

from dataclasses import replace

import pytest

from hub.ledger import audit, custody, restored
from hub.merchants import enrolment
from loyalty.account import Holding, loss_of, welcome_of
from loyalty.entry import OptedIn
from tests.hub.ledger.test_post import balance
from tests.hub.till import Till, sale

WELCOME = welcome_of("ana")


@pytest.fixture(autouse=True)
def sums_agree(merchant):
    yield
    assert audit.faults(merchant.pk) == []


@pytest.fixture
def joined(till: Till) -> Till:
    """Ana has joined at one till, which has given her welcome back."""
    till.joins("ana", welcome=1)
    till.releases(Holding(WELCOME, 1))
    till.send()
    assert balance(WELCOME) == 1
    return till


def test_the_first_order_at_another_till_ends_it(joined, other):
    other.sells(100, "ana")
    other.send()
    assert balance(WELCOME) == 0
    assert other.ask(WELCOME, 1) == 0


def test_what_a_till_holds_meanwhile_ends_when_it_comes_back(joined, other):
    assert joined.ask(WELCOME, 1) == 1
    other.sells(100, "ana")
    other.send()
    assert balance(WELCOME) == 1
    joined.releases(Holding(WELCOME, 1))
    joined.send()
    assert balance(WELCOME) == 0


def test_who_has_used_it_has_nothing_left_to_end(joined):
    joined.ask(WELCOME, 1)
    joined.write(replace(sale(100, "ana"), spent=(Holding(WELCOME, 1),)))
    joined.send()
    assert balance(WELCOME) == 0


def test_who_joins_twice_has_one_first_order(joined, other):
    other.write(OptedIn(customer="ana"))
    other.send()
    assert balance(WELCOME) == 2
    other.write(replace(sale(100, "ana"), spent=(Holding(WELCOME, 1),)))
    other.send()
    assert balance(WELCOME) == 0


def test_who_joins_after_an_order_has_no_first_one_any_more(till):
    till.joins("ana", member=False)
    till.sells(100, "ana")
    till.send()
    till.write(OptedIn(customer="ana"))
    till.releases(Holding(WELCOME, 1))
    till.send()
    assert balance(WELCOME) == 0


def test_a_first_order_while_a_restored_hub_waits_ends_it_when_it_goes_on(joined, other, merchant):
    restored.begin("test")
    other.sells(100, "ana")
    other.send()
    assert balance(WELCOME) == 1
    restored.accept(merchant.pk)
    assert balance(WELCOME) == 0


def test_what_a_retired_till_held_ends_with_it(joined, other):
    assert joined.ask(WELCOME, 1) == 1
    other.sells(100, "ana")
    other.send()
    custody.retire(joined.terminal)
    assert balance(WELCOME) == 0


def test_a_retired_till_used_it_with_the_order_that_ends_it(till, shop):
    """Nobody pays for it: what it ended was the customer's own, and would have ended with it."""
    till.joins("ana", welcome=1)
    till.send()
    till.write(replace(sale(100, "ana"), spent=(Holding(WELCOME, 1),)))
    custody.retire(till.terminal)
    till.terminal = enrolment.enrol(shop, till.terminal.pk)
    till.send()
    assert balance(WELCOME) == balance(loss_of(WELCOME)) == 0
