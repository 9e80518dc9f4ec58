# SPDX-License-Identifier: Apache-2.0
"""Customers who may be one person: they gave the same phone or e-mail, perhaps at two tills."""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone

from hub.ledger.merges import Apart
from hub.ledger.models import Customer
from hub.merchants import bulk
from hub.merchants.models import Merchant
from loyalty import contact

MOST: Final = 1000
"""Phones and e-mails that are looked at; who settles these finds the others."""

_GIVEN: Final = "SELECT {}(hashes, ' ') FROM ledger_customer WHERE merchant_id = %s"
_TOGETHER: Final = {"sqlite": "group_concat", "postgresql": "string_agg"}


@dataclass(frozen=True, slots=True)
class Alike:
    """Two of them, the one registered first before the other."""

    one: Customer
    other: Customer

    @property
    def common(self) -> list[str]:
        """What both gave, as the first did."""
        phone, email = contact.phone(self.one.phone), contact.email(self.one.email)
        found = [self.one.phone] if phone and phone == contact.phone(self.other.phone) else []
        same = email and email == contact.email(self.other.email)
        return [*found, self.one.email] if same else found


def pairs(merchant: Merchant) -> list[Alike]:
    """Customers with a phone or an e-mail in common whom nobody has decided about, newest first.

    Of several who share one, each is compared with the first whom they were not told apart from.
    """
    hashes = set(sorted(_given_twice(merchant.pk))[:MOST])
    known = Customer.objects.filter(merchant=merchant).annotate(
        first=Substr("hashes", 1, 32), second=Substr("hashes", 34, 32)
    )
    # by the index of hashes: of those who share one alone the rest is read
    some = known.filter(Q(first__in=hashes) | Q(second__in=hashes)).order_by()
    rows = known.filter(stub=False, pk__in=some.values("pk")).select_related("joined_shop")
    given: dict[str, list[Customer]] = {}
    for customer in rows.order_by("pk"):
        for hashed in hashes.intersection((customer.first, customer.second)):
            given.setdefault(hashed, []).append(customer)
    apart = set(Apart.objects.filter(one__merchant=merchant).values_list("one", "other"))
    found = {}
    for alike in given.values():
        for i, other in enumerate(alike):
            for one in alike[:i]:
                if _person(one) == _person(other):
                    break
                if (one.pk, other.pk) not in apart:
                    found[_person(one), _person(other)] = Alike(one, other)
                    break
    return sorted(found.values(), key=lambda pair: pair.other.pk, reverse=True)


def tell_apart(one: Customer, other: Customer, *, person_id: int | None) -> None:
    """They are two people: they are not shown as possible duplicates again."""
    first, second = sorted((one, other), key=lambda customer: customer.pk)
    Apart.objects.get_or_create(
        one=first, other=second, defaults={"person_id": person_id, "at": timezone.now()}
    )


def _given_twice(merchant_id: str) -> set[str]:
    """Hashes that more than one has: found here sooner than a database sorts them all."""
    ((given,),) = bulk.select(_GIVEN.format(_TOGETHER[connection.vendor]), merchant_id)
    once, twice = set[str](), set[str]()
    for hashed in (given or "").split():
        (twice if hashed in once else once).add(hashed)
    return twice


def _person(customer: Customer) -> str:
    return customer.head or customer.uuid
