# SPDX-License-Identifier: Apache-2.0
"""Sales that a till may pay back though it did not make them, and what it is told of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from hub.ledger import listings
from hub.ledger.models import JournalEntry, Movement
from hub.merchants.models import Terminal
from loyalty.account import Kind
from loyalty.feed import SaleAt

MOST: Final = 20
"""Sales in one answer."""
LOOKED_BACK: Final = timedelta(days=400)
"""What a text may name; an entry's id names any."""


@dataclass(frozen=True, slots=True)
class Told:
    """Sales, newest first, each followed by what was paid back of it."""

    entries: tuple[JournalEntry, ...]
    barred: int
    """Sales besides that were meant and are another shop's, which the merchant lets pay them back."""

    @property
    def at(self) -> tuple[SaleAt, ...]:
        """Where and when each was made."""
        return tuple(
            SaleAt(
                shop=entry.shop.name if entry.shop else "",
                terminal=entry.terminal_id or "",
                wall_ms=int(entry.at.timestamp() * 1000),
            )
            for entry in self.entries
        )


def told(terminal: Terminal, *, text: str = "", sale: str = "") -> Told:
    """What a till is told that asks for sales.

    Args:
        terminal: of its own shop it is told all, of others what the merchant lets it pay back.
        text: part of a receipt's number or the customer; empty: the newest of the other tills.
        sale: id of the one that is meant, its own too.
    """
    merchant = terminal.merchant
    found = listings.sales(merchant).filter(kind="sold", event_id__isnull=False)
    found = found.order_by("-at", "-pk")
    if sale:
        found = found.filter(event_id=sale)
    else:
        found = found.exclude(terminal=terminal).filter(at__gte=timezone.now() - LOOKED_BACK)
    if text.strip():
        found = listings.sales_named(found, merchant, text.strip())
    here = found if merchant.refunds_anywhere else found.filter(shop=terminal.shop)
    sales = list(here[:MOST])
    parts = _paid_back(sales)
    meant = bool(text.strip() or sale) and not merchant.refunds_anywhere
    return Told(
        tuple(e for sold in sales for e in (sold, *parts[sold.event_id or ""])),
        barred=found.exclude(shop=terminal.shop)[:MOST].count() if meant else 0,
    )


def _paid_back(sales: list[JournalEntry]) -> dict[str, list[JournalEntry]]:
    """What was paid back of each, oldest first: what touched its rest."""
    parts: dict[str, list[JournalEntry]] = {sale.event_id or "": [] for sale in sales}
    touched = Movement.objects.filter(
        entry__merchant__in={sale.merchant_id for sale in sales},
        entry__kind="refunded",
        account__kind=Kind.REST,
        account__owner__in=parts,
    )
    for move in touched.select_related("account", "entry__shop").order_by("entry__at", "entry"):
        parts[move.account.owner].append(move.entry)
    return parts


def may_pay_back(terminal: Terminal, sale: str) -> bool:
    """Whether the merchant lets this till pay back a sale: of its own shop always (SPEC F5)."""
    if terminal.merchant.refunds_anywhere:
        return True
    sold = JournalEntry.objects.filter(merchant=terminal.merchant, event_id=sale)
    return sold.filter(shop=terminal.shop).exists()
