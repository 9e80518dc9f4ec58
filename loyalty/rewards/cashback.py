# SPDX-License-Identifier: Apache-2.0
"""A purse that each sale fills by a percentage and staff deduct from (SPEC C4)."""

from loyalty.account import Account, Holding, purse_of
from loyalty.conditions import Bill, Lack, Need
from loyalty.money import share
from loyalty.programme import Reward
from loyalty.rewards.type import RewardType, Symbol, Term, Unit


class Cashback(RewardType):
    """Comes last of the rewards: it is the customer's own money, as near to paying as can be."""

    kind = "cashback"
    name = "Cashback"
    symbol = Symbol.EURO
    rank = 40
    terms = (Term(name="rate_bp", label="Pourcentage", unit=Unit.RATE, least=1, most=10_000),)
    asks = Unit.CENTS

    def lower(self, bill: Bill, reward: Reward, amount: int) -> int:
        """What staff typed."""
        bill.lower(amount)
        return amount

    def takes(self, bill: Bill, reward: Reward, amount: int) -> tuple[Holding, ...]:
        """The same out of the purse."""
        return (Holding(purse_of(bill.customer), amount),)

    def most(self, bill: Bill, reward: Reward) -> int:
        """What is still owed."""
        return bill.due_cents

    def source(self, customer: str) -> Account:
        """The customer's purse, one for all rewards of the type."""
        return purse_of(customer)

    def lacks(self, bill: Bill, reward: Reward) -> tuple[Lack, ...]:
        """Something in the purse."""
        return () if bill.has(purse_of(bill.customer)) > 0 else (Lack(need=Need.PURSE),)

    def adds(self, bill: Bill, reward: Reward) -> tuple[Holding, ...]:
        """Its percentage of what earns, half up to the cent."""
        return (Holding(purse_of(bill.customer), share(bill.earning_cents, reward.rate_bp)),)


CASHBACK = Cashback()
