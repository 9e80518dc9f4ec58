# SPDX-License-Identifier: Apache-2.0
"""Find and name what is in a catalogue: the few that a page is about, never all of it."""

from collections.abc import Collection

from django.db.models import Q

from hub.merchants.models import Merchant
from hub.merchants.words import plain
from hub.programmes.models import Category, Product


def searched(q: str) -> Q:
    """Products with every word of a search in their name or barcode, however it is written."""
    return Q(*(Q(search__contains=word) for word in plain(q).split()))


def named(merchant: Merchant, keys: Collection[str]) -> dict[str, str]:
    """What categories and products are called; those sold no more, too."""
    if not keys:
        return {}
    categories = Category.objects.filter(merchant=merchant, pk__in=keys)
    products = Product.objects.filter(merchant=merchant, pk__in=keys)
    return {
        **dict(categories.order_by().values_list("pk", "name")),
        **dict(products.order_by().values_list("pk", "name")),
    }
