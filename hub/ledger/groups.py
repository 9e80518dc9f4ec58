# SPDX-License-Identifier: Apache-2.0
"""Which customers are one person: what one of them owes the others pay, and their sums are shown.

Entries, rights and balances stay with the customer that they were made with (DESIGN 5, merge).
"""

from collections.abc import Iterable
from typing import Final

from django.db.models import F, Q, QuerySet

from hub.ledger.merges import Merge
from hub.ledger.models import Customer
from hub.merchants import bulk

_ONES: Final = """
SELECT other.uuid FROM ledger_customer one JOIN ledger_customer other
ON other.merchant_id = one.merchant_id AND other.head = one.head AND NOT other.head = ''
WHERE one.merchant_id = %s AND one.uuid = %s ORDER BY other.id
"""


def persons(found: QuerySet[Customer]) -> QuerySet[Customer]:
    """One customer for each person: whom they are served as."""
    return found.filter(Q(head="") | Q(head=F("uuid")))


def of_heads(merchant_id: str, heads: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By customer, the other customers of the persons who are served as these."""
    together: dict[str, list[str]] = {}
    for head, uuid in bulk.select(
        "SELECT head, uuid FROM ledger_customer"
        " WHERE merchant_id = %s AND NOT head = '' AND head IN %s ORDER BY id",
        merchant_id,
        among=set(heads),
    ):
        together.setdefault(head, []).append(uuid)
    return {
        uuid: tuple(other for other in uuids if other != uuid)
        for uuids in together.values()
        for uuid in uuids
    }


def ones(merchant_id: str, uuid: str) -> tuple[str, ...]:
    """The customer of that id and the others who are the same person."""
    found = bulk.select(_ONES, merchant_id, uuid)
    return (uuid, *(other for (other,) in found if other != uuid))


def ever(customer: Customer) -> set[str]:
    """Everybody who is or was the same person: their entries may have moved this one's accounts."""
    known, new = set[int](), {customer.pk}
    while new:
        known |= new
        ends = Merge.objects.filter(into__in=new).values_list("member", flat=True)
        starts = Merge.objects.filter(member__in=new).values_list("into", flat=True)
        new = {*ends, *starts} - known
    return set(Customer.objects.filter(pk__in=known).values_list("uuid", flat=True))
