# SPDX-License-Identifier: Apache-2.0
"""A customer's story: the points after each line are those that the customer saw then."""

import pytest

from hub.ledger import forgetting, history, listings, restored
from hub.ledger.models import Customer
from hub.ledger.statements import points as statement
from loyalty.account import Holding, points_of
from loyalty.refund import refunded
from tests.hub.till import Till, sale

ANA = points_of("ana")


def story() -> list[tuple[str, int, int]]:
    """Each line from the first on: what it was, what it changed, the points after it."""
    ana = Customer.objects.get(uuid="ana")
    told = history.told(ana, list(history.entries(ana)))
    return [(t.row.kind, t.moved.get("points", 0), t.balance) for t in reversed(told)]


@pytest.fixture
def owing(till: Till) -> Till:
    """Ana has used 9 of the 10 points of a sale that was then paid back whole."""
    till.joins("ana")
    till.write(first := sale(1000, "ana"), entry_id="first")
    till.sells(100, "ana", uses=9)
    till.write(refunded(first, sale="first", left=1000, cents=1000, receipt="R"))
    till.send()
    return till


def test_what_is_owed_is_off_at_once_and_paying_it_changes_nothing_more(owing):
    owing.sells(2000, "ana")
    owing.releases(Holding(ANA, 20))
    owing.send()
    assert story() == [
        ("joined", 0, 0),
        ("sold", 10, 10),
        ("sold", -8, 2),
        ("refunded", -10, -8),
        ("sold", 20, 12),
        ("owed_paid", 0, 12),
    ]


def test_the_sum_over_a_list_is_the_sum_of_its_rows(owing, merchant):
    ones = listings.customers(merchant)
    assert listings.together(ones) == (len(ones), sum(one.points for one in ones)) == (1, -8)
    assert listings.points_of_everybody(merchant) == -8
    forgetting.forget(ones[0], reason="Elle le demande", person_id=None)
    assert listings.together(listings.customers(merchant)) == (0, 0)
    assert listings.points_of_everybody(merchant) == 0


def test_what_a_restored_hub_paid_later_is_in_the_story_and_in_the_report(till, other, merchant):
    till.joins("ana")
    till.sells(1000, "ana")
    till.releases(Holding(ANA, 10))
    till.send()
    restored.begin("test")
    other.sells(100, "ana", uses=8)
    other.send()
    restored.accept(merchant.pk)
    assert story()[-2:] == [("sold", -7, 3), ("settled", 0, 3)]
    ana = Customer.objects.get(uuid="ana")
    report = statement.sums_by_customer(statement.moved(merchant), [ana])
    assert report["ana"].left == history.balances(ana).points == 3
