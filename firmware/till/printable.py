# SPDX-License-Identifier: Apache-2.0
"""A receipt on screen and, when asked, on paper; and what the printer may have against it."""

from firmware.drivers.base import PaperDone, Reading
from firmware.faults import CoverOpen, Fault, PaperOut
from firmware.store import journal, replica
from firmware.till import tap
from firmware.till.desk import Desk, on_clock_of
from firmware.till.flow import End, Event, Flow, Move, Open, Stay
from firmware.till.outcome import Outcome, PrinterTrouble, Receipt, Trouble
from loyalty.account import points_of
from loyalty.entry import Entry, GiftSold, Refunded, Sold
from loyalty.feed import SaleAt
from loyalty.module import Module


def receipt_of(
    desk: Desk,
    entry: Entry,
    facts: Sold | GiftSold | Refunded,
    *,
    again: bool = False,
    gift_code: str = "",
    at: SaleAt | None = None,
) -> Receipt:
    """The receipt of an entry; a reprint does not repeat a balance of long ago.

    `at`: where and when it was, as the hub says; None: here.
    """
    shop = desk.shop()
    customer = replica.customer(desk.db, facts.customer) if facts.customer else None
    balance = None
    if facts.customer and not again and _earning(desk, facts):
        balance = desk.together(facts.customer).get(points_of(facts.customer), 0)
    return Receipt(
        merchant=shop.merchant,
        shop=at.shop if at else shop.name,
        terminal=at.terminal if at else desk.config.terminal,
        at=on_clock_of(shop, at.wall_ms if at else entry.stamp.wall_ms),
        staff=replica.staff_name(desk.db, entry.staff),
        sold=facts,
        customer=customer.first_name if customer else "",
        balance=balance,
        again=again,
        gift_code=gift_code,
    )


def _earning(desk: Desk, facts: Sold | GiftSold | Refunded) -> bool:
    """Whether there were points to be earned: a sale says so itself."""
    if isinstance(facts, GiftSold):
        return desk.programme().has(Module.LOYALTY)
    return facts.earn.points > 0


class Printable(Flow):
    """A flow that shows a receipt and prints it when asked, and only then."""

    def __init__(self, desk: Desk, entry: Entry, receipt: Receipt) -> None:
        self.desk, self.entry, self.receipt = desk, entry, receipt
        self.printing = False
        self.qr = False

    @property
    def offline(self) -> bool:
        """The hub is not heard."""
        return not self.desk.online

    def waits(self, *, offline: bool) -> bool:
        """The entry is kept here until the network returns; online it is there in a moment."""
        return offline and journal.is_waiting(self.desk.db, self.entry.id)

    def handle(self, event: Event) -> Move:
        match event:
            case tap.Print():
                self.printing = True
            case PaperDone(fault=None):
                self.printing = False
            case PaperDone(fault=Fault() as fault) if self.printing:
                self.printing = False
                return Open(NoPaper(self.desk, self.receipt, fault), self._after_trouble)
            case tap.ShowQr():
                self.qr = not self.qr
            case _:
                pass
        return Stay()

    def _after_trouble(self, answer: object) -> Move:
        self.printing = isinstance(answer, tap.Retry)
        return Stay()


class NoPaper(Flow):
    """The printer needs a person; the sale is saved all the same (SPEC T3).

    A receipt that waits comes out by itself once the printer is well: then this leaves.
    Ends with `tap.Retry` to print again, or None.
    """

    def __init__(self, desk: Desk, receipt: Receipt, fault: Fault) -> None:
        self.desk, self.receipt, self.fault = desk, receipt, fault
        self.qr = False

    def show(self) -> Outcome:
        match self.fault:
            case PaperOut():
                trouble = Trouble.PAPER_OUT
            case CoverOpen():
                trouble = Trouble.COVER_OPEN
            case _:
                trouble = Trouble.PRINTER_AWAY
        return PrinterTrouble(
            offline=not self.desk.online,
            trouble=trouble,
            receipt=self.receipt,
            qr=self.qr,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case PaperDone(fault=None):
                return End()
            case PaperDone(fault=Fault() as fault):
                self.fault = fault
            case tap.ShowQr():
                self.qr = not self.qr
            case tap.Retry():
                return End(event)
            case tap.Back() | tap.Finish():
                return End()
            case Reading():
                return End(event=event)
            case _:
                pass
        return Stay()
