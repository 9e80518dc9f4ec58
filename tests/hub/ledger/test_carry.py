# SPDX-License-Identifier: Apache-2.0
"""Remainders are carried and never lost; the hub alone turns them into points (C9)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ledger import audit, posting
from hub.ledger.models import JournalEntry, Segment
from hub.merchants import enrolment
from loyalty.account import points_of
from loyalty.movements import carry_of
from loyalty.programme import EarnRule
from tests.hub.ledger.test_post import balance
from tests.hub.till import Till, fresh, sale

FIFTY = EarnRule(5, 5000)


def test_thirty_and_twenty_euros_make_one_step_of_fifty(till):
    till.joins("ana")
    till.sells(3000, "ana", earn=FIFTY)
    till.send()
    assert (balance(points_of("ana")), balance(carry_of("ana", FIFTY))) == (0, 3000)
    till.sells(2000, "ana", earn=FIFTY)
    till.send()
    assert (balance(points_of("ana")), balance(carry_of("ana", FIFTY))) == (5, 0)
    made = JournalEntry.objects.get(kind="carry_converted")
    assert (made.terminal, made.shop_id, made.points) == (None, "saint-denis", 5)


def test_points_of_a_conversion_are_nobodys_right(till, other):
    till.sells(3000, "ana", earn=FIFTY)
    till.sells(2000, "ana", earn=FIFTY)
    till.send()
    assert till.rights[points_of("ana")] == 0
    assert other.ask(points_of("ana"), 9) == 5


def test_carry_of_one_rule_is_never_converted_under_another(till):
    till.sells(3000, "ana", earn=FIFTY)
    till.sells(2000, "ana", earn=EarnRule(5, 3000))
    till.send()
    assert balance(points_of("ana")) == 0
    assert balance(carry_of("ana", FIFTY)) == 3000
    assert balance(carry_of("ana", EarnRule(5, 3000))) == 2000


def test_a_rule_that_gives_no_points_converts_nothing(till):
    nothing = EarnRule(0, 100)
    till.sells(160, "ana", earn=nothing)
    till.sells(160, "ana", earn=nothing)
    till.send()
    assert not JournalEntry.objects.filter(kind="carry_converted").exists()


def test_the_id_of_a_conversion_is_always_the_same_and_lies_beside_its_sale(till):
    till.write(sale(3000, "ana", earn=FIFTY), entry_id="019a0c1b2f30-first")
    till.write(sale(2000, "ana", earn=FIFTY), entry_id="019a0c1b2f31-second")
    till.send()
    made = JournalEntry.objects.get(kind="carry_converted").event_id
    derived = posting.uuid.uuid5(posting._CONVERSIONS, "019a0c1b2f31-second").hex
    assert made == "019a0c1b2f31" + derived[12:]


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 9000)), min_size=1, max_size=20),
    sizes=st.lists(st.integers(1, 7), min_size=20, max_size=20),
)
def test_what_everybody_paid_makes_the_same_points_in_any_order(shop, sales, sizes):
    customer = fresh("customer")
    tills = [Till(enrolment.enrol(shop, fresh("terminal-no"))).opened() for _ in range(2)]
    for who, cents in sales:
        tills[who].sells(cents, customer, earn=FIFTY)
    for size in sizes:
        for till in tills:
            if till.acked < len(till.raws):
                till.send(hi=till.acked + size)
    total = sum(cents for _, cents in sales)
    done = sum(Segment.objects.filter(terminal=t.terminal).get().watermark for t in tills)
    if done == len(sales) + 2:
        assert balance(points_of(customer)) == total // 5000 * 5
        assert balance(carry_of(customer, FIFTY)) == total % 5000
    assert audit.faults("maison-lucet") == []
