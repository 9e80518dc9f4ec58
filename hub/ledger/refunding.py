# SPDX-License-Identifier: Apache-2.0
"""The hub pays a sale back, for a program or somebody on the web: the exact inverse (SPEC F5)."""

from dataclasses import dataclass, replace
from datetime import datetime

from hub.ledger.models import Customer, JournalEntry
from hub.ledger.own import post_own
from hub.ledger.rests import Rests
from hub.ledger.selling import situation
from hub.ledger.tally import Tally
from hub.merchants import feed
from hub.merchants.models import Merchant
from loyalty.account import rest_of
from loyalty.command import RefundSale
from loyalty.decide import Decided, decide
from loyalty.entry import Entry, Refunded, Sold
from loyalty.refusal import Reason, Refusal
from loyalty.wire import decode_entry


@dataclass(frozen=True, slots=True)
class PaidBack:
    """A refund that is in the ledger."""

    id: str
    """Of its entry."""
    part: Refunded
    left_cents: int
    """Of the sale's total, that may still be paid back."""


def pay_back(
    out: feed.Writing,
    sale: JournalEntry,
    *,
    cents: int | None,
    receipt: str,
    reason: str,
    at: datetime,
    by: str = "",
    person_id: int | None = None,
    approved_by: str = "",
    entry_id: str = "",
) -> PaidBack | Refusal:
    """Decide a refund and post it, inside `feed.writing`; a refusal has changed nothing.

    Args:
        out: holds the merchant's row.
        sale: what was sold; what a terminal keeps of it can't be paid back from here.
        cents: of its total before rewards; None: all that is left.
        receipt: number on the receipt of the till that pays back.
        reason: a word of `RefundReason`, or somebody's own.
        at: when.
        by: id of the token that says so, where a program does.
        person_id: who does, where somebody does on the web.
        approved_by: id of the staff who allowed it.
        entry_id: chosen by whoever must not pay it back twice; made unless given.
    """
    read = decode_entry(bytes(sale.raw))
    if not isinstance(read, Entry) or not isinstance(read.facts, Sold) or sale.shop is None:
        return Refusal(Reason.SALE_ELSEWHERE)
    sold, left = read.facts, left_of(out.merchant, read.id)
    if isinstance(left, Refusal):
        return left
    customer = Customer.objects.filter(merchant=out.merchant, uuid=sold.customer or "").first()
    told = situation(out.merchant, sale.shop, customer, (), at=at)
    if isinstance(told, Refusal):
        return told
    command = RefundSale(
        receipt=receipt,
        sale=read.id,
        sold=sold,
        cents=left if cents is None else cents,
        reason=reason,
        approved_by=approved_by,
    )
    # no right of its own but this one: what is taken back comes from what is free, or is owed
    decided = decide(replace(told, rights={rest_of(read.id): left}), command)
    match decided:
        case Decided(facts=Refunded() as part):
            ids = [entry_id] if entry_id else []
            (entry,) = post_own(
                out, [(at, part)], shop=sale.shop, staff=by, person_id=person_id, ids=ids
            )
            return PaidBack(entry, part, left - part.cents)
        case Refusal() as refusal:
            return refusal
        case _:
            raise AssertionError(decided)


def left_of(merchant: Merchant, sale: str) -> int | Refusal:
    """Cents that nobody has paid back and no terminal may: all that is left of it, or nothing."""
    tally = Tally(merchant.pk, suspended=merchant.suspended_at is not None)
    tally.load([rest_of(sale)])
    rests = Rests(tally)
    rests.read([sale])
    rest = rests.touch(sale)
    if not rest.balance:
        return Refusal(Reason.ALREADY_REFUNDED)
    if tally.free(rest.account) < rest.balance:
        return Refusal(Reason.SALE_ELSEWHERE)
    return rest.balance
