# SPDX-License-Identifier: Apache-2.0
"""The equation is worked out each day by itself, and whoever should look is told (SPEC I7)."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from hub.ledger import audit
from hub.ledger.models import Account, Incident, Movement
from hub.ledger.proving import prove_due
from hub.merchants.models import Merchant
from loyalty.account import MERCHANT
from tests.hub.till import NOON

NIGHT = NOON + timedelta(hours=15)
"""Of the day after, where the merchant is."""
DAY = timedelta(days=1)


@pytest.fixture
def sold(till, merchant):
    """12 points of Ana's, and a day that is over."""
    till.joins("ana")
    till.sells(1250, "ana")
    till.send()


def told() -> list[tuple[str, int, int]]:
    found = Incident.objects.filter(kind="unequal", closed_at=None).order_by("subject")
    return [(one.subject, one.facts["amount"], one.count) for one in found]


def change_a_sale() -> None:
    """Every sum is kept: only the till's own bytes say otherwise."""
    Movement.objects.filter(entry__kind="sold", account__kind="points").update(
        amount=F("amount") + 5
    )
    for owner, sign in (("ana", 1), (MERCHANT, -1)):
        mine = Account.objects.filter(kind="points", owner=owner)
        mine.update(balance=F("balance") + sign * 5)


def test_what_adds_up_is_not_spoken_of(sold):
    assert prove_due(now=NIGHT) == 0
    assert told() == []
    assert Merchant.objects.get().proved_on == (NOON + DAY).date()


def test_a_balance_changed_behind_the_ledgers_back_is_told_once_a_day(sold):
    Account.objects.filter(kind="points", owner="ana").update(balance=1012)
    assert prove_due(now=NIGHT) == 1
    assert told() == [("points", 1000, 1)]
    assert prove_due(now=NIGHT + timedelta(hours=1)) == 0, "it was worked out today"
    assert prove_due(now=NIGHT + DAY) == 1
    assert told() == [("points", 1000, 2)]


@pytest.mark.parametrize(("days", "amount"), [(1, 5), (31, 5), (33, None)])
def test_a_day_that_its_bytes_do_not_bear_out_is_told_for_a_month(sold, days, amount):
    change_a_sale()
    prove_due(now=NIGHT + DAY * (days - 1))
    assert told() == ([("points", amount, 1)] if amount else [])


def test_more_entrusted_than_there_is_waits_until_a_restored_hub_knows_all(sold):
    Account.objects.filter(kind="points", owner="ana").update(held_total=50)
    Merchant.objects.update(suspended_at=timezone.now())
    assert prove_due(now=NIGHT) == 0
    Merchant.objects.update(suspended_at=None)
    assert prove_due(now=NIGHT + DAY) == 1
    assert told() == [("points", 38, 1)]


def test_who_sells_between_two_sums_is_no_fault(sold, till, monkeypatch):
    """A mutant of the moment: the first look finds half of a sale."""
    looks = iter([[audit.Line(unit="points", flow=audit.Flow(issued=3), balances=0)], None])
    real = audit.equation
    monkeypatch.setattr(audit, "equation", lambda key: next(looks) or real(key))
    assert prove_due(now=NIGHT) == 0
    assert told() == []
