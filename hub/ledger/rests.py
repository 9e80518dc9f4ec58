# SPDX-License-Identifier: Apache-2.0
"""What can still be refunded of each sale: an account that is opened when somebody touches it.

Most sales are never refunded, and an account with its right for each of them would cost as much as
the sale. So the sale itself stands for it: all of its total, held by the line of segments that
sold it, until a refund, a request or a recall comes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from hub.ledger import calling, missing
from hub.ledger.line import Line
from hub.ledger.models import JournalEntry, Movement, Segment
from hub.ledger.rights import SpendingRight
from hub.ledger.tally import Kept, Tally
from hub.merchants import bulk
from loyalty.account import Account, Holding, Kind, loss_of, rest_of
from loyalty.entry import Entry, Opened, Refunded, Released, Settled, Sold
from loyalty.movements import movements
from loyalty.refund import refunded
from loyalty.rights import changes
from loyalty.wire import decode_entry

_SALES: Final = """
SELECT event_id, id, segment_id, raw FROM ledger_journalentry
WHERE merchant_id = %s AND event_id IN %s
"""


class _Sale(NamedTuple):
    sold: Sold
    entry: int | None
    """Its row; None: it is being written."""
    segment: int | None
    digest: str = ""


@dataclass(slots=True)
class Rests:
    """The rests of the sales that some entries of one merchant touch."""

    tally: Tally
    _sales: dict[str, _Sale] = field(default_factory=dict)
    _opened: list[tuple[_Sale, Kept]] = field(default_factory=list)
    _looked_at: set[str] = field(default_factory=set)
    _paid_for: set[str] = field(default_factory=set)
    """Sales that come only now, of which the loss reserve may have paid the rest."""

    def load(self, lines: Sequence[Line]) -> None:
        """Read the sales whose rests these lines touch, those among the lines too, and all they moved.

        What is left of a sale may be of other accounts than its till knew (RIGHTS 18).
        """
        self._paid_for = self._late(lines)
        wanted = {sale for line in lines for sale in _touched(line)} | self._paid_for
        if not wanted:
            return
        self.read(wanted)
        for line in lines:
            match line.read:
                case Entry(id=entry_id, facts=Sold() as sold) if entry_id in wanted:
                    self._sales[entry_id] = _Sale(sold, None, self.tally.segment_id, line.hash)
        moved = (movements(sale.sold) for sale in self._sales.values())
        self.tally.load(move.account for moves in moved for move in moves)

    def read(self, sales: Iterable[str]) -> None:
        """Read sales that were posted."""
        for event_id, pk, segment, raw in bulk.select(
            _SALES, self.tally.merchant_id, among=list(sales)
        ):
            match decode_entry(bytes(raw)):
                case Entry(facts=Sold() as sold):
                    self._sales[event_id] = _Sale(sold, pk, segment)
                case _:
                    pass

    def knows(self, sale_id: str) -> bool:
        """Whether the sale is there, and this merchant's."""
        return sale_id in self._sales

    def touch(self, sale_id: str) -> Kept:
        """The rest of a sale that is there, opened if nobody has touched it before."""
        kept = self.tally.of(rest_of(sale_id))
        sale = self._sales.get(sale_id)
        if sale is None or sale_id in self._looked_at:
            return kept
        self._looked_at.add(sale_id)
        if _was_opened(kept, sale):
            return kept
        self.tally.move(kept.account, sale.sold.total_cents)
        self._opened.append((sale, kept))
        holder = sale.segment and calling.tip(sale.segment)
        if not holder or holder.dead or (sale.segment or 0) < (holder.sold_since_id or 0):
            return kept
        if holder.pk == self.tally.segment_id:
            kept.hold(kept.held + sale.sold.total_cents)
        else:
            self.tally.hold_elsewhere(kept, holder.pk, sale.sold.total_cents)
        return kept

    def what_was_left(self, refund: Refunded, lost: int) -> Refunded:
        """The part of a refund that its sale still had: it moves nothing beyond (RIGHTS 18)."""
        sold, cents = self._sales[refund.sale].sold, refund.cents - lost
        left = self.tally.of(rest_of(refund.sale)).balance + cents
        part = refunded(sold, sale=refund.sale, left=left, cents=cents, receipt=refund.receipt)
        return replace(part, own=refund.own, matures=refund.matures)

    def let_go_beyond(self, said: Refunded, part: Refunded) -> None:
        """Its till holds what it wrote: what comes back onto another account is nobody's to hold."""
        if part is not said:
            wrote = changes(said)
            for account, amount in changes(part).items():
                if account.kind is not Kind.REST:
                    self.tally.release(account, max(0, amount - wrote.get(account, 0)))

    def restate(self, said: Iterable[Holding], segment: Segment) -> None:
        """Set what the segment holds to what its header says of sales that were touched (RIGHTS 1).

        What was granted and is not said came to a boot that had ended, or its till has let go of
        it, as of one that it paid back in part: a header has room for so many. A sale that was made
        here and never touched here is not said either: it is held whole, unless its till had to
        let go of all that it had sold by then.

        Args:
            said: a hub that was restored has forgotten grants, and believes it.
            segment: whose header it is.
        """
        terminal = segment.terminal
        says = {hold.account: hold.amount for hold in said}
        if self.tally.suspended:
            for account, amount in says.items():
                self.touch(account.owner).hold(amount)
        held = {kept.account.owner: kept for kept in self.tally.every(Kind.REST) if kept.held}
        granted = SpendingRight.objects.filter(
            terminal=terminal, kind=Kind.REST, owner__in=held, amount__gt=0
        )
        refunds = Movement.objects.filter(
            account__in=[kept.pk for kept in held.values()],
            by_account=True,
            entry__terminal=terminal,
            amount__lt=0,
        )
        sold = JournalEntry.objects.filter(event_id__in=held, terminal=terminal)
        sold = sold.filter(segment_id__gte=segment.sold_since_id or 0)
        untouched = {sale for (sale,) in sold.values_list("event_id") if sale}
        if untouched:
            untouched -= {*granted.values_list("owner", flat=True)}
            untouched -= {*refunds.values_list("account__owner", flat=True)}
            early = missing.refunds(self.tally.merchant_id)
            untouched -= {refund.sale for row, refund in early if row.terminal_id == terminal.pk}
        for sale in {account.owner for account in says} | (set(held) - untouched):
            kept = self.tally.of(rest_of(sale))
            kept.hold(min(kept.held, says.get(kept.account, 0)))

    def come(self, sale_id: str) -> None:
        """A sale is posted: if the reserve may have paid its rest, that is opened at once."""
        if sale_id in self._paid_for:
            self.touch(sale_id)

    def repaid(self) -> Iterator[Settled]:
        """What the loss reserve gets back, of what it paid for rests that a restored hub did not have.

        A till held one of a sale that the hub had forgotten, or that the hub had forgotten to have
        taken from another till. Once the sale has come, or one of the two lets go, nobody has got
        anything for that. Of points the customer has, and keeps it; of a rest nobody has.
        """
        if self.tally.suspended or not self._reserve_has_paid:
            return
        free = [kept for kept in self.tally.every(Kind.REST) if kept.free]
        paid = self._paid_by_reserve() if free else Counter()
        for kept in free:
            if back := min(kept.free, paid[kept.account]):
                yield Settled(account=kept.account, topped_up=-back)

    def opened(self, entries: Mapping[str, int]) -> list[tuple[int, Kept, int]]:
        """The movements by which rests were opened: of the sales' own entries, given by hash."""
        return [
            (sale.entry or entries[sale.digest], kept, sale.sold.total_cents)
            for sale, kept in self._opened
        ]

    def store(self) -> None:
        """Write what was opened, where nothing else is posted."""
        if not self._opened:
            return
        self.tally.store()
        rows = [(entry, kept.pk, amount) for entry, kept, amount in self.opened({})]
        columns = ("entry_id", "account_id", "amount", "by_account")
        bulk.insert(Movement, columns, [(*row, True) for row in rows])
        self._opened.clear()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _reserve_has_paid(self) -> bool:
        """Whether it has paid rests at all; it is read with every account, so this costs nothing."""
        return bool(self.tally.of(loss_of(rest_of(""))).balance)

    def _late(self, lines: Sequence[Line]) -> set[str]:
        """Sales among the lines whose rests are there already."""
        if not self._reserve_has_paid:
            return set()
        sold = [
            line.read.id
            for line in lines
            if isinstance(line.read, Entry) and isinstance(line.facts, Sold)
        ]
        self.tally.load(map(rest_of, sold))
        return {sale for sale in sold if self.tally.of(rest_of(sale)).pk}

    def _paid_by_reserve(self) -> Counter[Account]:
        """What it has paid of each account, less what it got back."""
        rows = JournalEntry.objects.filter(merchant=self.tally.merchant_id, kind="settled")
        paid: Counter[Account] = Counter()
        for raw in rows.values_list("raw", flat=True):
            match decode_entry(bytes(raw)):
                case Entry(facts=Settled() as settled):
                    paid[settled.account] += settled.topped_up + settled.lost
                case _:
                    pass
        return paid


def _touched(line: Line) -> Iterator[str]:
    """The sales whose rests a line speaks of."""
    match line.facts:
        case Refunded(sale=sale):
            yield sale
        case Opened(rests=rests):
            yield from (hold.account.owner for hold in rests or ())
        case Released(holds=holds):
            yield from (hold.account.owner for hold in holds if hold.account.kind is Kind.REST)


def _was_opened(kept: Kept, sale: _Sale) -> bool:
    """Whether its sale has opened it; a restored hub may hear of a right before that."""
    return (
        bool(kept.pk and sale.entry)
        and Movement.objects.filter(account=kept.pk, entry=sale.entry).exists()
    )
