# SPDX-License-Identifier: Apache-2.0
"""What a till is asked to write down; `decide` answers with facts or a refusal."""

from dataclasses import dataclass

from loyalty.basket import Line, Order
from loyalty.entry import Sold


@dataclass(frozen=True, slots=True, kw_only=True)
class CountVisit:
    """Staff scanned this customer's card."""

    code: str
    last_visit_s_ago: float | None
    """None: never, or not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSale:
    """Save the order."""

    receipt: str
    code: str
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SellGiftCard:
    """Load a new gift card with an amount that was just paid."""

    receipt: str
    fingerprint: str
    last4: str
    cents: int
    virtual: bool
    send_on: str
    sealed: str
    points: int = 0
    """What the customer pays for it in points; 0: it is paid in money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSale:
    """Pay back so many cents of a sale's total, counted before rewards."""

    receipt: str
    sale: str
    """Id of its entry."""
    sold: Sold
    cents: int
    lines: tuple[Line, ...] = ()
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    """The customer joins the programme (SPEC C15)."""

    ordered: bool
    """They have ordered before, as far as is known: the welcome is for the very first order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustPoints:
    """Give or take points by hand (SPEC F7, I2)."""

    points: int
    """Negative: take."""
    note: str
    """The description that the customer reads."""
    approved_by: str = ""
    """Id of the staff whose PIN allowed it."""


Command = CountVisit | RecordSale | SellGiftCard | RefundSale | OptIn | AdjustPoints
