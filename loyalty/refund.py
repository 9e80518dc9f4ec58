# SPDX-License-Identifier: Apache-2.0
"""The exact inverse of a sale, whole or in parts: whatever the parts, they sum to the whole.

A part is so many cents of the sale's total before rewards. Everything that the sale did is undone
in proportion, counted from its beginning each time, so that no rounding is ever done twice.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from loyalty.account import Holding, Kind
from loyalty.basket import GiftUse
from loyalty.entry import Refunded, Sold
from loyalty.movements import spent_by
from loyalty.rewards import TYPES


class RefundReason(StrEnum):
    """Why a sale is paid back; whatever else somebody types is a reason, too."""

    VOID = "void"
    """The sale that was just saved, whole, before the customer left (SPEC F6)."""
    DEFECT = "defect"
    MISTAKE = "mistake"
    CHANGED_MIND = "changed_mind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What a sale has given back once so many cents of its total were refunded."""

    due_cents: int
    """Of what was owed after rewards: the gift cards' part and the money's."""
    gifts: tuple[GiftUse, ...]
    points: int
    """Earned ones taken back."""
    carry_cents: int
    """Negative where the carry grows: the rest of the sale makes no whole step any more."""
    purse_cents: int
    back: tuple[Holding, ...]
    """What rewards had taken, in the order in which the sale says it."""
    taken: tuple[Holding, ...]
    """What rewards had added besides the purse."""

    def after(self, before: "Undone") -> "Undone":
        """What one part gives back, the parts before it having given back that."""
        return Undone(
            due_cents=self.due_cents - before.due_cents,
            gifts=tuple(
                GiftUse(now.fingerprint, now.cents - then.cents)
                for now, then in zip(self.gifts, before.gifts, strict=True)
            ),
            points=self.points - before.points,
            carry_cents=self.carry_cents - before.carry_cents,
            purse_cents=self.purse_cents - before.purse_cents,
            back=_less(self.back, before.back),
            taken=_less(self.taken, before.taken),
        )

    def back_of(self, kind: Kind) -> int:
        """What comes back of one kind."""
        return sum(hold.amount for hold in self.back if hold.account.kind is kind)


def undone(sale: Sold, cents: int) -> Undone:
    """What the sale has given back in all when `cents` of its total were refunded.

    The points are those that a smaller sale would not have earned. What gift cards paid goes back
    onto them first, so that they never turn into money. What can't be returned in parts (half a
    gift, half a welcome) comes back with the last cent only.
    """
    total = sale.total_cents
    due = sale.due_cents * cents // total
    earned = sale.base_cents - sale.base_cents * cents // total
    left_points, left_carry = sale.earn.earn(earned, sale.factor_bp) if sale.customer else (0, 0)
    return Undone(
        due_cents=due,
        gifts=_onto_gifts(sale, due),
        points=sale.points - left_points,
        carry_cents=sale.carry_cents - left_carry,
        purse_cents=sale.purse_cents * cents // total,
        back=_back(sale, cents),
        taken=tuple(Holding(g.account, g.amount * cents // total) for g in sale.gained),
    )


def refunded(
    sold: Sold,
    *,
    sale: str,
    left: int,
    cents: int,
    receipt: str,
    reason: str = "",
    matured: bool = False,
) -> Refunded:
    """Undo `cents` of a sale of which `left` were not refunded yet.

    `matured`: the points that waited are among the others by now, as far as is known.
    """
    before = undone(sold, sold.total_cents - left)
    part = undone(sold, sold.total_cents - left + cents).after(before)
    return Refunded(
        receipt=receipt,
        sale=sale,
        customer=sold.customer,
        cents=cents,
        due_cents=part.due_cents,
        gifts=tuple(gift for gift in part.gifts if gift.cents),
        points=part.points,
        earn=sold.earn,
        carry_cents=part.carry_cents,
        purse_cents=part.purse_cents,
        points_back=part.back_of(Kind.POINTS),
        purse_back_cents=part.back_of(Kind.PURSE),
        matures="" if matured else sold.matures,
        back=tuple(hold for hold in part.back if hold.amount),
        taken=tuple(hold for hold in part.taken if hold.amount),
        reason=reason,
        of=sold.receipt,
    )


def _back(sale: Sold, cents: int) -> tuple[Holding, ...]:
    """What rewards took and is given back by now: points and purse in proportion, all else whole.

    Where several accounts paid together, the first one gets its own back first.
    """
    whole = cents == sale.total_cents
    spent = spent_by(sale)
    back: Counter[Kind] = Counter()
    for hold in spent:
        back[hold.account.kind] += hold.amount
    for kind, amount in back.items():
        fixed = _of_whole(sale) if kind is Kind.POINTS else 0
        if kind not in (Kind.POINTS, Kind.PURSE):
            fixed = amount
        back[kind] = (amount - fixed) * cents // sale.total_cents + fixed * whole
    found = []
    for hold in spent:
        amount = min(hold.amount, back[hold.account.kind])
        back[hold.account.kind] -= amount
        found.append(Holding(hold.account, amount))
    return tuple(found)


def _of_whole(sale: Sold) -> int:
    """Points of rewards that can't be returned in parts."""
    uses = ((use, TYPES.get(use.kind)) for use in sale.applied)
    return sum(use.points for use, kind in uses if kind and kind.whole)


def _onto_gifts(sale: Sold, due_cents: int) -> tuple[GiftUse, ...]:
    back = []
    for gift in sale.gifts:
        cents = min(gift.cents, due_cents)
        due_cents -= cents
        back.append(GiftUse(gift.fingerprint, cents))
    return tuple(back)


def _less(now: Iterable[Holding], then: Iterable[Holding]) -> tuple[Holding, ...]:
    pairs = zip(now, then, strict=True)
    return tuple(Holding(n.account, n.amount - t.amount) for n, t in pairs)
