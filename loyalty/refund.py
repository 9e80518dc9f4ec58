# SPDX-License-Identifier: Apache-2.0
"""The exact inverse of a sale, whole or in parts: whatever the parts, they sum to the whole.

A part is so many cents of the sale's total before rewards. Everything that the sale did is undone
in proportion, counted from its beginning each time, so that no rounding is ever done twice.
"""

from dataclasses import dataclass
from enum import StrEnum

from loyalty.account import Holding, Kind
from loyalty.basket import GiftUse
from loyalty.entry import Refunded, Sold
from loyalty.programme import RewardKind


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
    points_back: int
    """Those that rewards had cost."""
    purse_back_cents: int
    back: tuple[Holding, ...]
    """Both, onto the accounts that the rewards were taken from where those are several."""

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
            points_back=self.points_back - before.points_back,
            purse_back_cents=self.purse_back_cents - before.purse_back_cents,
            back=tuple(
                Holding(now.account, now.amount - then.amount)
                for now, then in zip(self.back, before.back, strict=True)
            ),
        )


def undone(sale: Sold, cents: int) -> Undone:
    """What the sale has given back in all when `cents` of its total were refunded.

    The points are those that a smaller sale would not have earned. What gift cards paid goes back
    onto them first, so that they never turn into money. A reward that was a gift comes back with
    the last cent only, because half a gift can't be returned.
    """
    total = sale.total_cents
    due = sale.due_cents * cents // total
    left_points, left_carry = sale.earn.earn(sale.due_cents - due) if sale.customer else (0, 0)
    whole = cents == total
    points_back = sum(
        use.points * cents // total if use.kind is not RewardKind.GIFT else use.points * whole
        for use in sale.applied
    )
    purse_back_cents = sum(
        use.cents_off * cents // total for use in sale.applied if use.kind is RewardKind.CASHBACK
    )
    return Undone(
        due_cents=due,
        gifts=_onto_gifts(sale, due),
        points=sale.points - left_points,
        carry_cents=sale.carry_cents - left_carry,
        purse_cents=sale.purse_cents * cents // total,
        points_back=points_back,
        purse_back_cents=purse_back_cents,
        back=_onto_accounts(sale, {Kind.POINTS: points_back, Kind.PURSE: purse_back_cents}),
    )


def refunded(
    sold: Sold, *, sale: str, left: int, cents: int, receipt: str, reason: str = ""
) -> Refunded:
    """Undo `cents` of a sale of which `left` were not refunded yet."""
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
        points_back=part.points_back,
        purse_back_cents=part.purse_back_cents,
        back=tuple(hold for hold in part.back if hold.amount),
        reason=reason,
        of=sold.receipt,
    )


def _onto_gifts(sale: Sold, due_cents: int) -> tuple[GiftUse, ...]:
    back = []
    for gift in sale.gifts:
        cents = min(gift.cents, due_cents)
        due_cents -= cents
        back.append(GiftUse(gift.fingerprint, cents))
    return tuple(back)


def _onto_accounts(sale: Sold, amounts: dict[Kind, int]) -> tuple[Holding, ...]:
    back = []
    for spent in sale.spent:
        amount = min(spent.amount, amounts[spent.account.kind])
        amounts[spent.account.kind] -= amount
        back.append(Holding(spent.account, amount))
    return tuple(back)
