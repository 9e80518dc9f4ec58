# SPDX-License-Identifier: Apache-2.0
"""What the till answers about sales that are saved: the list, one of them, and paying it back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from firmware.till.outcome import Outcome, Receipt
from loyalty.basket import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class ComesBack:
    """What a refund would do: the exact inverse of so much of its sale."""

    money_cents: int
    """To hand back."""
    gift_cents: int = 0
    """Back onto the gift cards that paid."""
    points: int = 0
    """What the customer gains or, negative, loses."""
    purse_cents: int = 0
    carry_cents: int = 0
    owed_points: int = 0
    """Of what is lost, that are not there any more: later earnings pay them."""
    owed_cents: int = 0
    """The same, of the purse."""


@dataclass(frozen=True, slots=True)
class BackLine:
    """A line of a sale of which `chosen` of the `left` come back."""

    line: Line
    left: int
    chosen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsked(Outcome):
    """What of a sale is paid back, and what that does (SPEC F5, F6)."""

    receipt: str
    """Number on the sale's receipt."""
    at: datetime
    name: str
    lines: tuple[BackLine, ...]
    left_cents: int
    """Of the sale's total, before this."""
    cents: int
    """Of it, chosen."""
    back: ComesBack | None
    """None: nothing is chosen."""
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSaved(Outcome):
    """A refund is on the disk: said only after the commit."""

    receipt: Receipt
    of: str
    """Number on the sale's receipt."""
    back: ComesBack
    balance: int | None = None
    """Points after it; negative: owed."""
    void: bool = False
    waiting: bool = False
    qr: bool = False
    printing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRow:
    """A line of the list of transactions."""

    id: str
    receipt: str
    at: datetime
    gift: bool
    """A gift card was sold."""
    name: str
    """Of the customer, or the gift card's last four; empty: without card."""
    cents: int
    points: int
    gift_used: bool = False
    of: str = ""
    """A refund: id of its sale's entry."""
    paid_back: bool | None = None
    """Of a sale: all of it (True) or some (False); None: nothing."""
    waiting: bool = False
    shop: str = ""
    """Where another till made it."""


class SaleFilter(StrEnum):
    """Which transactions are listed (SPEC F3, H2)."""

    ALL = "all"
    SALES = "sales"
    GIFTS = "gifts"
    """Gift cards sold or used."""
    ELSEWHERE = "elsewhere"
    """Of other tills, asked of the hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesShown(Outcome):
    """The shop's transactions on this terminal, newest first."""

    rows: tuple[SaleRow, ...]
    showing: SaleFilter
    text: str
    first: bool
    more: bool
    waiting: int
    """Entries the hub has not acknowledged."""
    asking: bool = False
    """The hub is being asked for those of other tills."""
    unheard: bool = False
    """It could not be asked."""
    barred: int = 0
    """Of other shops, which alone may pay them back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleShown(Outcome):
    """One transaction, to look at or print again."""

    receipt: Receipt
    name: str
    shop: str = ""
    """Where another till made it."""
    waiting: bool
    back_cents: int = 0
    """Of a sale: what of its total was paid back here."""
    refundable: bool = False
    """Something of it may be left to pay back."""
    undone: ComesBack | None = None
    """Of a refund: what it did."""
    printing: bool = False
