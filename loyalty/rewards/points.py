# SPDX-License-Identifier: Apache-2.0
"""Points as payment: as many as the customer wants, at the value of the loyalty product (SPEC G4).

The reward's title is the name of that product: what the customer reads (C10).
"""

from loyalty.account import Account, points_of
from loyalty.conditions import Bill, Lack, Need
from loyalty.programme import Reward
from loyalty.rewards.type import RewardType, Symbol, Term, Unit


class Points(RewardType):
    """Comes after what costs points and before the purse: it lowers what is owed, and earns less."""

    kind = "points"
    name = "Points en paiement"
    symbol = Symbol.EURO
    rank = 30
    terms = (
        Term(
            name="most_points",
            label="Points utilisables par commande",
            unit=Unit.POINTS,
            required=False,
        ),
        Term(name="least_cents", label="Commande minimale", unit=Unit.CENTS, required=False),
    )
    asks = Unit.POINTS
    priced = False

    def points(self, reward: Reward, amount: int) -> int:
        """As many as were chosen (C20)."""
        return amount

    def lower(self, bill: Bill, reward: Reward, amount: int) -> int:
        """What they are worth."""
        off = amount * bill.situation.programme.point_value_cents
        bill.lower(off)
        return off

    def most(self, bill: Bill, reward: Reward) -> int:
        """What is still owed, in whole points, up to the merchant's maximum (C12)."""
        owed = bill.due_cents // max(1, bill.situation.programme.point_value_cents)
        return min(owed, reward.number("most_points") or owed)

    def source(self, customer: str) -> Account:
        """The customer's points."""
        return points_of(customer)

    def lacks(self, bill: Bill, reward: Reward) -> tuple[Lack, ...]:
        """A point, and the minimum order, compared with the total before any reward (C13)."""
        found = []
        if bill.has(points_of(bill.customer)) < 1:
            found.append(Lack(need=Need.POINTS))
        least = reward.number("least_cents")
        if (short := least - bill.order.total_cents) > 0:
            found.append(Lack(need=Need.MINIMUM, missing=short, whole=least))
        return tuple(found)


POINTS = Points()
