# SPDX-License-Identifier: Apache-2.0
"""After the commit: what was saved, its receipt, and the way back from it."""

from datetime import date

from firmware.drivers.base import Reading
from firmware.store import replica
from firmware.store.elsewhere import SaleElsewhere
from firmware.till import refund, tap
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Move, Stay, Tick
from firmware.till.outcome import Outcome, Receipt, Saved
from firmware.till.outcome_gifts import GiftSaved
from firmware.till.outcome_sales import SaleShown
from firmware.till.printable import Printable
from loyalty.entry import Entry, GiftSold, Refunded, Sold

LEAVE_AFTER_S = 30


class Done(Printable):
    """The sale is on the disk (SPEC F1); the next card or a touch goes on."""

    def __init__(self, desk: Desk, entry: Entry, receipt: Receipt, recipient: str = "") -> None:
        super().__init__(desk, entry, receipt)
        self.recipient = recipient
        self.until_s = desk.clock.monotonic_s() + LEAVE_AFTER_S

    def show(self) -> Outcome:
        sold, offline = self.receipt.sold, self.offline
        if isinstance(sold, Refunded):
            raise TypeError(sold)
        if isinstance(sold, GiftSold):
            return GiftSaved(
                offline=offline,
                receipt=self.receipt,
                last4=sold.last4,
                cents=sold.cents,
                recipient=self.recipient,
                virtual=sold.virtual,
                send_on=date.fromisoformat(sold.send_on) if sold.send_on else None,
                points=sold.points,
                waiting=self.waits(offline=offline),
                printing=self.printing,
            )
        return Saved(
            offline=offline,
            receipt=self.receipt,
            first_name=self.receipt.customer,
            points=sold.points,
            matures=self._day(sold),
            spent_points=tuple((a.title, a.points) for a in sold.applied),
            balance=self.receipt.balance,
            paid_cents=sold.paid_cents,
            waiting=self.waits(offline=offline),
            qr=self.qr,
            printing=self.printing,
        )

    def _day(self, sold: Sold) -> date | None:
        """From when its points can be used; a till that knew no day says none."""
        at = sold.saw.at
        return date.fromisoformat(sold.matures) if sold.matures and at else None

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                late = self.desk.clock.monotonic_s() >= self.until_s and not self.printing
                return End() if late else Stay()
            case tap.Finish() | tap.Back():
                return End()
            case Reading():
                return End(event=event)
            case tap.Void() if isinstance(self.receipt.sold, Sold):
                staff = self.entry.staff
                return refund.begin(self.desk, self.entry, staff=staff, void=True, then=_over)
            case _:
                self.until_s = self.desk.clock.monotonic_s() + LEAVE_AFTER_S
                return super().handle(event)


class OneSale(Printable):
    """A transaction of the list, to look at, print again or pay back (SPEC F3, F5)."""

    def __init__(
        self,
        desk: Desk,
        entry: Entry,
        receipt: Receipt,
        *,
        staff: str,
        found: SaleElsewhere | None = None,
    ) -> None:
        """Show it; `found`: as the hub told it, because this till does not have it."""
        super().__init__(desk, entry, receipt)
        self.staff = staff
        self.told = found.parts if found else ()
        self.shop = found.at.shop if found and found.at.terminal != desk.config.terminal else ""

    def show(self) -> Outcome:
        sold, offline = self.receipt.sold, self.offline
        customer = sold.customer
        parts = refund.refunds_of(self.desk, self.entry.id, self.told)
        back = sum(part.cents for part in parts)
        found = replica.customers_by_id(self.desk.db, [customer] if customer else [])
        return SaleShown(
            offline=offline,
            receipt=self.receipt,
            name=self.desk.seen(found[0]).name if found else "",
            shop=self.shop,
            waiting=self.waits(offline=offline),
            back_cents=back,
            refundable=isinstance(sold, Sold) and back < sold.total_cents,
            undone=refund.comes_back(sold) if isinstance(sold, Refunded) else None,
            printing=self.printing,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case tap.Back() | tap.Finish():
                return End()
            case Reading():
                return End(event=event)
            case tap.Refund():
                return refund.begin(
                    self.desk, self.entry, staff=self.staff, told=self.told, then=_over
                )
            case _:
                return super().handle(event)


def _over(event: object) -> Move:
    """Something was paid back: what was shown before it is over, too; a scan goes further down."""
    return End(event=event if isinstance(event, Reading) else None)
