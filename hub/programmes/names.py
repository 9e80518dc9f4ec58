# SPDX-License-Identifier: Apache-2.0
"""What is in a catalogue by id, asked for the few that a page names and never for all of it."""

from collections.abc import Collection

from hub.merchants.models import Merchant
from hub.programmes.models import Category, Product


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
