# SPDX-License-Identifier: Apache-2.0
"""Which customers are one person: what one of them owes the others pay, and their sums are shown.

Entries, rights and balances stay with the customer that they were made with (DESIGN 5, merge).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from django.db.models import Case, F, Q, QuerySet, When

from hub.ledger.merges import Merge
from hub.ledger.models import Customer
from hub.merchants import bulk

People: TypeAlias = Sequence[QuerySet[Customer]]
"""Customers of a merchant, in parts: each is found by an index of its own."""

FEW: Final = 1_000
"""Customers who are looked up one by one, though they be all that a text names."""
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


def theirs(merchant_id: str, people: People, column: str, *, others: Q | None = None) -> Case:
    """Whether a row is of one of these customers of a merchant, or of the same person as one.

    Said as a question about each row: a list is walked in its order until enough are found. Asked for
    the rows of so many, a database would first find them all.

    Args:
        merchant_id: whose customers they are.
        people: who is asked for.
        column: where the rows have a customer's uuid.
        others: which rows are meant besides.
    """
    uuids = _with_merged(merchant_id, people, "uuid")
    meant = Q(**{f"{column}__in": uuids}) | (others or Q())
    return Case(When(meant, then=True), default=False)


def few(merchant_id: str, people: People) -> dict[int, str] | None:
    """These customers, and all who are one person with one of them: their uuids by their keys.

    Returns:
        None where they are too many to look each up.
    """
    found = _with_merged(merchant_id, people, "pk", "uuid").values_list("pk", "uuid")
    some = list(found[: FEW + 1])  # somebody in two parts counts twice: what was read is not all
    return dict(some) if len(some) <= FEW else None


def ever(people: Mapping[int, str]) -> set[str]:
    """Everybody who is or was one person with any of these: their entries may have moved theirs.

    Args:
        people: uuids by their keys.
    """
    known, new = dict[int, str](), dict(people)
    while new:
        known |= new
        merges = Merge.objects.filter(Q(into__in=new) | Q(member__in=new))
        ends = merges.values_list("into", "into__uuid", "member", "member__uuid")
        new = {
            key: uuid
            for into, uuid_of_into, member, uuid_of_member in ends
            for key, uuid in ((into, uuid_of_into), (member, uuid_of_member))
            if key not in known
        }
    return {*known.values()}


def _with_merged(merchant_id: str, people: People, *columns: str) -> QuerySet[Customer, Any]:
    found = []
    for part in people:
        alone = part.order_by().filter(head="")
        # few, whom their own index leads to: nobody else is looked at twice
        heads = part.order_by().exclude(head="").values("head")
        merged = Customer.objects.filter(merchant=merchant_id, head__in=heads).exclude(head="")
        found += [alone.values(*columns), merged.values(*columns)]
    return found[0].union(*found[1:], all=True)
