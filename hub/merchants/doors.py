# SPDX-License-Identifier: Apache-2.0
"""Which module an address belongs to: the one list that pages, menus and the interface go by."""

from typing import Final

from django.http import HttpRequest

from hub.merchants.models import Merchant
from loyalty.module import Module

ALWAYS: Final = ("programmes/publier/",)
"""Routes that are there whatever is: every module's rules are published by the same page."""
_DOORS: Final = (
    ("programmes/", Module.LOYALTY),
    ("rapports/points/", Module.LOYALTY),
    ("rapports/clients/", Module.LOYALTY),
    ("rapports/expiration/", Module.LOYALTY),
    ("rapports/provision/", Module.LOYALTY),
    ("clients/<int:customer>/adherer/", Module.LOYALTY),
    ("p/<slug:merchant>/fidelite/", Module.LOYALTY),
    ("p/<slug:merchant>/recompenses/", Module.LOYALTY),
    ("cartes-cadeaux/points/", Module.LOYALTY),
    ("api/1/programme", Module.LOYALTY),
    ("api/1/customers/<customer>/balance", Module.LOYALTY),
    ("statuts/", Module.TIERS),
    ("cartes-cadeaux/", Module.GIFT_CARDS),
    ("api/1/gift-cards/", Module.GIFT_CARDS),
    ("campagnes/", Module.CAMPAIGNS),
    ("rendez-vous/", Module.BOOKINGS),
    ("api/1/appointments", Module.BOOKINGS),
    ("api/1/services", Module.BOOKINGS),
)
"""How routes begin. An address may belong to two: gift cards that are bought with points."""


def modules_of(route: str) -> frozenset[Module]:
    """What has to be there for this route (`statuts/<slug:tier>/`) to be."""
    if route.startswith(ALWAYS):
        return frozenset()
    return frozenset(module for begins, module in _DOORS if route.startswith(begins))


def is_shut(request: HttpRequest, merchant: Merchant) -> bool:
    """Whether what is asked for belongs to a module that this merchant does not have."""
    match = request.resolver_match
    return bool(match and modules_of(match.route) & merchant.without)
