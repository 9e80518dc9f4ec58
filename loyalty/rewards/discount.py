# SPDX-License-Identifier: Apache-2.0
"""A percentage off the whole order, at most one (SPEC C2)."""

from loyalty.conditions import Bill
from loyalty.money import share
from loyalty.programme import Reward
from loyalty.rewards.type import RewardType, Symbol, Term, Unit


class Discount(RewardType):
    """Comes first, so that its percentage is of the whole order."""

    kind = "discount"
    name = "Remise"
    symbol = Symbol.PERCENT
    rank = 10
    terms = (Term(name="rate_bp", label="Pourcentage", unit=Unit.RATE, least=1, most=10_000),)
    alone = True

    def lower(self, bill: Bill, reward: Reward, amount: int) -> int:
        """The rate, half up to the cent."""
        off = share(bill.due_cents, reward.rate_bp)
        bill.lower(off)
        return off


DISCOUNT = Discount()
