# SPDX-License-Identifier: Apache-2.0
"""Find the one customer that a form is about: named in its address, or searched for first."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from hub.console.access import Scope
from hub.console.filters import number_of, read_filters
from hub.ledger import listings
from hub.ledger.models import Customer

MOST: Final = 8
"""Customers that are offered at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Who was chosen, or who may be."""

    customer: Customer | None
    q: str = ""
    found: tuple[Customer, ...] = ()
    more: bool = False
    """There are others: the search is too wide."""


def pick(request: HttpRequest, scope: Scope) -> Pick:
    """Read whom the address names; somebody who is not theirs is no address at all (404)."""
    theirs = listings.customers(scope.merchant, scope.shop)
    asked = number_of(request.GET.get("customer"))
    if asked is not None:
        return Pick(customer=get_object_or_404(theirs, pk=asked))
    q = read_filters(request, scope).q
    if not q:
        return Pick(customer=None)
    found = list(
        listings.customers_named(theirs, scope.merchant, q).order_by("search", "pk")[: MOST + 1]
    )
    return Pick(customer=None, q=q, found=tuple(found[:MOST]), more=len(found) > MOST)
