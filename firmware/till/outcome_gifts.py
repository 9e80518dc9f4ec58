# SPDX-License-Identifier: Apache-2.0
"""What the till answers about gift cards: plain facts, as in `outcome`."""

from dataclasses import dataclass
from datetime import date

from firmware.till.outcome import CustomerSeen, Outcome, Receipt
from loyalty.feed import GiftOffer


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A gift card for points; `missing` points, 0: the customer has enough."""

    offer: GiftOffer
    missing: int
    here: bool = True
    """This till may spend so many by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersShown(Outcome):
    """The gift cards that the customer may have for points (SPEC H4)."""

    customer: CustomerSeen
    offers: tuple[OfferRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftSaved(Outcome):
    """A gift card was sold and is on the disk."""

    receipt: Receipt
    last4: str
    cents: int
    recipient: str
    virtual: bool
    send_on: date | None
    """None: at once."""
    points: int = 0
    """What it was sold for, instead of money."""
    waiting: bool = False
    printing: bool = False
