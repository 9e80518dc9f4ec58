# SPDX-License-Identifier: Apache-2.0
"""What a type of reward says of itself: everything else in the house is made from it.

A type is one module beside this one with one object of a class below; `rewards/__init__.py` names
it, and that is all. Hub form, published terms, badges, keypad and receipt follow from its fields.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from loyalty.account import Account, Holding
from loyalty.conditions import Bill, Lack
from loyalty.programme import Reward


class Unit(StrEnum):
    """What a figure or a word is of."""

    RATE = "rate"
    """Hundredths of a percent."""
    CENTS = "cents"
    POINTS = "points"
    COUNT = "count"
    TEXT = "text"
    ARTICLE = "article"
    """Id of a category or a product."""


class Symbol(StrEnum):
    """How its badge is drawn; each program has a drawing for each."""

    PERCENT = "percent"
    GIFT = "gift"
    EURO = "euro"
    STAMP = "stamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that a type wants to be told: a field of the hub's form."""

    name: str
    label: str
    """In French; programs translate it."""
    unit: Unit
    least: int = 0
    most: int = 1_000_000
    """Limits of a figure; of a text its length."""
    required: bool = True


class RewardType:
    """A type of reward; what is said here holds where a type says nothing else."""

    kind: ClassVar[str]
    """Its name on the wire."""
    name: ClassVar[str]
    """In French; programs translate it."""
    symbol: ClassVar[Symbol]
    rank: ClassVar[int]
    """Its place in the order of application: the lowest first."""
    terms: ClassVar[tuple[Term, ...]] = ()
    asks: ClassVar[Unit | None] = None
    """In what staff say how much is used; None: a use is a use."""
    priced: ClassVar[bool] = True
    """Whether the merchant says a cost."""
    alone: ClassVar[bool] = False
    """At most one of the type in an order."""
    whole: ClassVar[bool] = False
    """Can't be returned in parts: its points come back with the last cent of a refund."""

    def title(self, reward: Reward) -> str:
        """Its line in the order and on the receipt."""
        return reward.title

    def points(self, reward: Reward, amount: int) -> int:
        """What a use costs in points."""
        return 0 if reward.options.free else reward.cost

    def lower(self, bill: Bill, reward: Reward, amount: int) -> int:
        """Lower the bill; the cents that came off."""
        return 0

    def takes(self, bill: Bill, reward: Reward, amount: int) -> tuple[Holding, ...]:
        """What a use takes besides points and what its options take."""
        return ()

    def most(self, bill: Bill, reward: Reward) -> int:
        """Where it asks how much: the most that this order lets one use."""
        return 0

    def source(self, customer: str) -> Account | None:
        """Where it asks how much: the account that it comes from."""
        return None

    def lacks(self, bill: Bill, reward: Reward) -> tuple[Lack, ...]:
        """What this order lacks for it, beside points and options."""
        return ()

    def adds(self, bill: Bill, reward: Reward) -> tuple[Holding, ...]:
        """What a sale of this order adds by itself, the reward used or not."""
        return ()
