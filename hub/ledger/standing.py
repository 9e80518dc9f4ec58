# SPDX-License-Identifier: Apache-2.0
"""Joining the programme on the web, for who was a customer already."""

from hub.ledger import groups
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.own import post_own
from hub.merchants import feed
from hub.merchants.models import Shop
from loyalty.entry import OptedIn


def opt_in(customer: Customer, *, shop: Shop | None, person_id: int | None) -> bool:
    """Let somebody join the programme on the web: from now on they earn (SPEC C15).

    Who has ordered before, under whichever of their cards, gets no welcome: that is for the very first order.

    Returns:
        False: they had joined already.
    """
    with feed.writing(customer.merchant_id) as out:
        row = Customer.objects.get(pk=customer.pk)
        if row.member:
            return False
        facts = joining(out, row)
        post_own(out, [(None, facts)], shop=shop, person_id=person_id)
        return True


def joining(out: feed.Writing, row: Customer) -> OptedIn:
    """What to post when somebody joins who was a customer already."""
    person = groups.ones(out.merchant.pk, row.uuid)
    orders = JournalEntry.objects.filter(merchant=out.merchant, customer__in=person, kind="sold")
    return OptedIn(customer=row.uuid, welcome=0 if orders.exists() else 1)
