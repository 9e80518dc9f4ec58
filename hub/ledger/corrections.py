# SPDX-License-Identifier: Apache-2.0
"""What a shelved entry becomes once a person has read the receipt: facts that add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from loyalty.account import Holding, Kind
from loyalty.basket import Applied, GiftUse, Line
from loyalty.entry import Facts, GiftSold, Joined, Saw, Sold, Visited
from loyalty.movements import taken
from loyalty.programme import EarnRule

TYPED: Final = "saisi"
"""Names the line and the reward of a sale whose own could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What can be told from a receipt; amounts in cents, points whole."""

    customer: str | None
    """Uuid; None: without a card."""
    code: str = ""
    due_cents: int = 0
    """After rewards, before gift cards; of a gift card sold: loaded."""
    points: int = 0
    """Earned."""
    used_points: int = 0
    used_purse_cents: int = 0
    gifts: Mapping[str, int] | None = None
    """Cents taken from each gift card, by its fingerprint."""


def receipt_of(facts: Facts | None) -> Receipt:
    """What an entry says, to begin a correction from."""
    match facts:
        case Sold():
            return Receipt(
                customer=facts.customer,
                code=facts.code,
                due_cents=facts.due_cents,
                points=facts.points,
                used_points=sum(use.points for use in facts.applied),
                used_purse_cents=_purse_used(facts),
                gifts={gift.fingerprint: gift.cents for gift in facts.gifts},
            )
        case GiftSold():
            return Receipt(customer=facts.customer, due_cents=facts.cents)
        case Visited() | Joined():
            return Receipt(customer=facts.customer, code=facts.code)
    return Receipt(customer=None)


def corrected(facts: Facts | None, receipt: Receipt, *, earn: EarnRule) -> Facts:
    """The facts that the receipt tells; of the same kind as those given, else a sale.

    Args:
        facts: what the terminal wrote, where that can be read.
        receipt: what a person tells instead.
        earn: the rule of a sale whose own can't be read.
    """
    match facts:
        case GiftSold():
            return replace(facts, cents=receipt.due_cents)
        case Visited():
            return replace(facts, customer=receipt.customer or "", code=receipt.code)
        case Joined():
            return replace(facts, code=receipt.code)
        case Sold():
            return _sale(facts, receipt)
    blank = Sold(
        receipt="", lines=(), total_cents=0, due_cents=0, paid_cents=0, earn=earn,
        saw=Saw(programme=0),
    )  # fmt: skip
    return _sale(blank, receipt)


def _sale(sale: Sold, receipt: Receipt) -> Sold:
    applied = sale.applied
    if receipt.used_points != sum(use.points for use in applied):
        applied = tuple(use for use in applied if use.kind == "cashback")
        if receipt.used_points:
            applied += (_reward("gift", points=receipt.used_points),)
    if receipt.used_purse_cents != _purse_used(sale):
        applied = tuple(use for use in applied if use.kind != "cashback")
        if receipt.used_purse_cents:
            applied += (_reward("cashback", cents_off=receipt.used_purse_cents),)
    given = receipt.gifts or {}
    gifts = tuple(GiftUse(card, cents) for card, cents in given.items() if cents)
    same = receipt.due_cents == sale.due_cents
    total = sale.total_cents if same else receipt.due_cents + sum(use.cents_off for use in applied)
    known = receipt.customer is not None
    whose = replace(sale, customer=receipt.customer, applied=applied)
    earns_cents = sale.earns_cents if same and sale.customer else None
    base_cents = receipt.due_cents if earns_cents is None else earns_cents
    return replace(
        sale,
        customer=receipt.customer,
        code=receipt.code,
        lines=sale.lines if same else (Line(label=TYPED, unit_cents=total),),
        applied=applied,
        gifts=gifts,
        total_cents=total,
        due_cents=receipt.due_cents,
        paid_cents=receipt.due_cents - sum(gift.cents for gift in gifts),
        points=receipt.points if known else 0,
        carry_cents=base_cents % sale.earn.per_cents if known else 0,
        purse_cents=sale.purse_cents if known and same else 0,
        earns_cents=earns_cents,
        spent=_spent(sale, whose),
        gained=_given_to(whose, sale.gained),
    )


def _spent(sale: Sold, whose: Sold) -> tuple[Holding, ...]:
    """What rewards took: points and purse as the receipt says, all else as the till wrote it."""
    if not sale.spent or (sale.customer, sale.applied) == (whose.customer, whose.applied):
        return sale.spent
    others = (hold for hold in sale.spent if hold.account.kind not in (Kind.POINTS, Kind.PURSE))
    return (*(hold for hold in taken(whose) if hold.amount), *_given_to(whose, others))


def _given_to(whose: Sold, holds: Iterable[Holding]) -> tuple[Holding, ...]:
    """The same of the customer's own accounts; a stock stays what it is, nobody has none."""
    return tuple(
        hold
        if hold.account.kind is Kind.STOCK
        else Holding(replace(hold.account, owner=whose.customer or ""), hold.amount)
        for hold in holds
        if whose.customer or hold.account.kind is Kind.STOCK
    )


def _reward(kind: str, *, points: int = 0, cents_off: int = 0) -> Applied:
    return Applied(reward="", kind=kind, title=TYPED, points=points, cents_off=cents_off)


def _purse_used(sale: Sold) -> int:
    return sum(use.cents_off for use in sale.applied if use.kind == "cashback")
