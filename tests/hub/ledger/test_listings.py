# SPDX-License-Identifier: Apache-2.0
"""Lists of customers find whom a text names and whom a shop met, whoever they were merged into."""

import pytest

from hub.ledger import counting, groups, listings
from hub.ledger.models import Customer
from hub.merchants import enrolment
from hub.merchants.registry import open_shop
from tests.hub.ledger.test_merging import merge, undo, who
from tests.hub.till import Till

NAMES = ("ana", "ben", "clo")


@pytest.fixture
def three(till: Till) -> Till:
    """Ana, Ben and Clo have joined."""
    for name in NAMES:
        till.joins(name)
    till.send()
    return till


@pytest.mark.parametrize("text", ["¨", " ´ ", "¸"])
def test_an_accent_alone_names_nobody(three, text):
    merge("ana", "ben")
    lucet = who("ana").merchant
    assert not listings.customers_named(listings.customers(lucet), lucet, text).exists()
    assert groups.few(lucet.pk, listings.named(lucet, text)) == {}


@pytest.mark.parametrize(("most", "known"), [(2, None), (3, None), (4, {"ana", "ben", "clo"})])
def test_somebody_whom_a_text_names_twice_hides_nobody(three, monkeypatch, most, known):
    Customer.objects.filter(uuid="ana").update(search="ana 0692 29")
    for name in NAMES:
        who(name).cards.update(code=f"29{who(name).pk}")
    monkeypatch.setattr(groups, "FEW", most)
    lucet = who("ana").merchant
    people = groups.few(lucet.pk, listings.named(lucet, "29"))
    assert (people and {*people.values()}) == known


def test_a_shop_has_met_whoever_its_customer_is_merged_into(three):
    lucet = who("ana").merchant
    shop = open_shop(lucet.pk, "Saint-Paul")
    other = Till(enrolment.enrol(shop, "saint-paul-1")).opened()
    other.sells(100, "ben")
    other.send()
    done = merge("ana", "ben")
    assert [row.uuid for row in listings.customers(lucet, shop)] == ["ana"]
    counting.count_due()
    assert [row.uuid for row in listings.customers(lucet, shop)] == ["ana"]
    undo(done)
    assert [row.uuid for row in listings.customers(lucet, shop)] == ["ben"]
