# SPDX-License-Identifier: Apache-2.0
"""Numbers of the receipts that a shop gives on the web, without gaps: terminals count their own."""

from hub.merchants.models import Shop


def next_receipt(shop: Shop) -> str:
    """The number of the shop's next receipt, read inside `feed.writing`."""
    count = Shop.objects.values_list("web_receipts", flat=True).get(pk=shop.pk)
    return f"W{count + 1:04d}"


def take_receipt(shop: Shop) -> None:
    """It was given: the next one has another. In the same transaction."""
    shop.refresh_from_db(fields=["web_receipts"])
    shop.web_receipts += 1
    shop.save(update_fields=["web_receipts"])
