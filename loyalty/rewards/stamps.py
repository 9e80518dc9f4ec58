# SPDX-License-Identifier: Apache-2.0
"""A stamp card: so many articles bought, and one is free."""

from loyalty.account import Holding, stamps_of
from loyalty.basket import Line
from loyalty.conditions import Bill, Lack, Need, is_any
from loyalty.money import half_up
from loyalty.programme import Reward
from loyalty.rewards.type import RewardType, Symbol, Term, Unit


class Stamps(RewardType):
    """Each article puts a stamp on the card; a full card makes the cheapest one of an order free."""

    kind = "stamps"
    name = "Carte à tampons"
    symbol = Symbol.STAMP
    rank = 20
    terms = (
        Term(name="every", label="Tampons pour un article offert", unit=Unit.COUNT, least=1),
        Term(name="article", label="Article", unit=Unit.ARTICLE, required=False),
    )
    priced = False
    whole = True

    def points(self, reward: Reward, amount: int) -> int:
        """It costs stamps."""
        return 0

    def takes(self, bill: Bill, reward: Reward, amount: int) -> tuple[Holding, ...]:
        """A full card."""
        return (Holding(stamps_of(bill.customer, reward.id), reward.number("every")),)

    def lower(self, bill: Bill, reward: Reward, amount: int) -> int:
        """What is left to pay of one article, of the cheapest."""
        off, place = min(_articles(bill, reward))
        bill.left[place] -= off
        return off

    def lacks(self, bill: Bill, reward: Reward) -> tuple[Lack, ...]:
        """An article in the order that it makes free."""
        if _articles(bill, reward):
            return ()
        return (Lack(need=Need.ARTICLE, what=(reward.text("article"),)),)

    def adds(self, bill: Bill, reward: Reward) -> tuple[Holding, ...]:
        """A stamp for each article that is not the free one."""
        count = sum(line.quantity for line in bill.order.lines if _counts(line, reward))
        stamps = count - (reward in bill.used)
        return (Holding(stamps_of(bill.customer, reward.id), stamps),)


def _articles(bill: Bill, reward: Reward) -> list[tuple[int, int]]:
    """Cents that one article costs so far, and the place of its line."""
    return [
        (half_up(left, line.quantity), place)
        for place, (line, left) in enumerate(zip(bill.order.lines, bill.left, strict=True))
        if left and _counts(line, reward)
    ]


def _counts(line: Line, reward: Reward) -> bool:
    article = reward.text("article")
    return not article or is_any(line, (article,))


STAMPS = Stamps()
