# SPDX-License-Identifier: Apache-2.0
"""Sales of other tills, looked at here: asked of the hub, for this one has only its own."""

from firmware.store import elsewhere, replica
from firmware.store.elsewhere import SaleElsewhere, Told
from firmware.till import refund
from firmware.till.asking import WAIT_S
from firmware.till.desk import Desk
from firmware.till.outcome_sales import SaleRow


class Others:
    """What one text names of them; two seconds at most are waited for the hub."""

    def __init__(self, desk: Desk, text: str) -> None:
        self.desk = desk
        self.first = 0
        """Rows above it are scrolled away."""
        self._told: Told | None = None
        self._ask = elsewhere.ask(desk.db, text=text, new_id=desk.new_id) if desk.online else ""
        self._until_s = desk.clock.monotonic_s() + WAIT_S

    def look(self) -> None:
        """See whether the hub has answered; later than two seconds it is not waited for."""
        if not self._ask:
            return
        self._told = elsewhere.answer(self.desk.db, self._ask)
        if self._told or self.desk.clock.monotonic_s() >= self._until_s:
            self._ask = ""

    @property
    def asking(self) -> bool:
        """The hub is being asked."""
        return bool(self._ask)

    @property
    def unheard(self) -> bool:
        """It could not be asked, or did not answer."""
        return not self._ask and self._told is None

    @property
    def barred(self) -> int:
        """Sales that the text names and only their own shops may pay back."""
        return self._told.barred if self._told else 0

    @property
    def sales(self) -> tuple[SaleElsewhere, ...]:
        """Newest first."""
        return self._told.sales if self._told else ()

    def named(self, sale: str) -> SaleElsewhere | None:
        """The one with that id."""
        return next((found for found in self.sales if found.entry.id == sale), None)

    def scroll(self, rows: int) -> None:
        """Show what is further down, or up."""
        self.first = max(0, min(self.first + rows, len(self.sales) - 1))

    def rows(self) -> tuple[SaleRow, ...]:
        """As the list shows them, those scrolled away left out."""
        return tuple(map(self._row, self.sales[self.first :]))

    def _row(self, found: SaleElsewhere) -> SaleRow:
        sold = found.sold
        parts = refund.refunds_of(self.desk, found.entry.id, found.parts)
        return SaleRow(
            id=found.entry.id,
            receipt=sold.receipt,
            at=self.desk.local(found.at.wall_ms),
            gift=False,
            name=replica.name_of(self.desk.db, sold.customer) if sold.customer else "",
            cents=sold.due_cents,
            points=sold.points,
            gift_used=bool(sold.gifts),
            paid_back=sum(p.cents for p in parts) >= sold.total_cents if parts else None,
            shop=found.at.shop,
        )
