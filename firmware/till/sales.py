# SPDX-License-Identifier: Apache-2.0
"""The list of transactions: search, filter, open one, print it again (SPEC F3, F5, H2)."""

from typing import Final

from firmware.drivers.base import Reading
from firmware.store import journal, sales
from firmware.store.elsewhere import SaleElsewhere
from firmware.store.sales import SaleKind, SaleListed
from firmware.till import tap
from firmware.till.asking import fetch
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Open, Stay, Tick
from firmware.till.form import Form, Step
from firmware.till.front import No
from firmware.till.others import Others
from firmware.till.outcome import Field, Outcome, Refused
from firmware.till.outcome_sales import SaleFilter, SaleRow, SalesShown
from firmware.till.printable import receipt_of
from firmware.till.saved import OneSale
from loyalty.entry import GiftSold, Refunded, Sold
from loyalty.refusal import Reason, Refusal

ROWS = 12
"""Read at once; the screen shows as many as fit."""

KINDS: Final[dict[SaleFilter, SaleKind | None]] = {
    SaleFilter.ALL: None,
    SaleFilter.SALES: "sales",
    SaleFilter.GIFTS: "gifts",
}


class Sales(Flow):
    """Newest first; ends when staff go back."""

    def __init__(self, desk: Desk, staff: str) -> None:
        self.desk, self.staff = desk, staff
        self.showing = SaleFilter.ALL
        self.text = ""
        self.before: list[int] = []
        """Where each page so far began: numbers of the sales just above it."""
        self.others: Others | None = None
        """Those of other tills are looked at."""

    def show(self) -> Outcome:
        return self._show_others(self.others) if self.others else self._show_own()

    def _show_others(self, others: Others) -> Outcome:
        rows = others.rows()
        return SalesShown(
            offline=not self.desk.online,
            rows=rows[:ROWS],
            showing=self.showing,
            text=self.text,
            first=others.first > 0,
            more=len(rows) > ROWS,
            waiting=journal.waiting(self.desk.db),
            asking=others.asking,
            unheard=others.unheard,
            barred=others.barred,
        )

    def _show_own(self) -> Outcome:
        rows = self._read()
        return SalesShown(
            offline=not self.desk.online,
            rows=tuple(self._row(row) for row in rows[:ROWS]),
            showing=self.showing,
            text=self.text,
            first=bool(self.before),
            more=len(rows) > ROWS,
            waiting=journal.waiting(self.desk.db),
        )

    def _read(self) -> tuple[SaleListed, ...]:
        kind = KINDS[self.showing]
        before = self.before[-1] if self.before else None
        return sales.listed(self.desk.db, self.text, kind=kind, limit=ROWS + 1, before=before)

    def _row(self, sale: SaleListed) -> SaleRow:
        return SaleRow(
            id=sale.id,
            receipt=sale.receipt,
            at=self.desk.local(sale.wall_ms),
            gift=sale.gift,
            name=f"…{sale.name}" if sale.gift else sale.name,
            cents=sale.cents,
            points=sale.points,
            gift_used=sale.gift_used,
            of=sale.of,
            paid_back=None if sale.back_cents is None else sale.back_cents >= sale.cents,
            waiting=sale.waiting,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case tap.ShowOnly(showing=showing):
                self.showing = showing
                self._anew()
            case Tick() if self.others:
                self.others.look()
            case tap.Scroll(rows=rows) if self.others:
                self.others.scroll(rows)
            case tap.Scroll(rows=rows) if rows > 0:
                shown = self._read()[:rows]
                self.before += [sale.number for sale in shown[-1:]]
            case tap.Scroll():
                self.before = self.before[:-1]
            case tap.Search():
                form = Form(self.desk, (Step(name=Field.SALE_SEARCH, optional=True, scans=True),))
                return Open(form, self._searched)
            case tap.PickSale(id=entry_id):
                return self._open(entry_id)
            case tap.Back() | tap.Finish():
                return End()
            case Reading():
                return End(event=event)
            case _:
                pass
        return Stay()

    def _searched(self, answer: object) -> Move:
        if isinstance(answer, dict):
            self.text = answer[Field.SALE_SEARCH]
            self._anew()
        return Stay()

    def _anew(self) -> None:
        """From the top of the list."""
        self.before = []
        elsewhere = self.showing is SaleFilter.ELSEWHERE
        self.others = Others(self.desk, self.text) if elsewhere else None

    def _open(self, entry_id: str) -> Move:
        if found := self.others and self.others.named(entry_id):
            return self._open_found(found)
        entry = journal.entry(self.desk.db, entry_id)
        if entry is None or not isinstance(entry.facts, Sold | GiftSold | Refunded):
            return fetch(self.desk, entry_id, self._open_found)
        receipt = receipt_of(self.desk, entry, entry.facts, again=True)
        return Open(OneSale(self.desk, entry, receipt, staff=self.staff))

    def _open_found(self, found: SaleElsewhere | None) -> Move:
        """Show a sale as the hub told it."""
        if found is None:
            offline = not self.desk.online
            refused = Refused(offline=offline, refusal=Refusal(Reason.SALE_ARCHIVED), staff=True)
            return Open(No(self.desk, refused))
        receipt = receipt_of(self.desk, found.entry, found.sold, again=True, at=found.at)
        return Open(OneSale(self.desk, found.entry, receipt, staff=self.staff, found=found))
