# SPDX-License-Identifier: Apache-2.0
"""The figures of `--rules full` and what each basket wants: all that hands and notebook share."""

from dataclasses import dataclass
from typing import Final

EARN: Final = ((1, 100), (3, 250))
"""Points, and the cents of a step, at first and from the basket in the middle on."""
POINT_CENTS: Final = 2
PURSE_BP: Final = 200
NOT_EARNING: Final = "DRUG GM"
DOUBLE_WEEKDAY: Final = 1
"""Tuesday: points are double."""
PENDING_DAYS: Final = 2
EXPIRY_MONTHS: Final = (2, 3)
"""After the award, at first and from the middle on."""
TIERS: Final = (("silver", 300_00, 15_000), ("gold", 900_00, 20_000))
"""Name, cents bought within twelve months, what points are multiplied with."""
DISCOUNT_BP, DISCOUNT_POINTS = 1_000, 60
CAFE_POINTS: Final = 40
MUG_POINTS, MUG_EACH, MUG_STOCK = 20, 2, 9
"""Of a gift that each customer may have so often, while so many last."""
MOST_POINTS, LEAST_CENTS = 50, 10_00
"""Points that may pay one order, and what that has to come to."""
STAMPS_EVERY, STAMPS_SHELF = 5, "PRODUCE"
CARD_CENTS: Final = 30_00
VISIT_DELAY_S: Final = 3600

RULES: Final = (
    "1 point per 1 €, then 3 per 2.50 € from half-time on; a point is worth 2 cents",
    "double on Tuesdays, x1.5 and x2 by tier; drugs earn nothing; points wait two days",
    "points expire two months after their award, three from half-time on; 2 % cashback",
    "a discount for points, a gift for points, one with a limit and a stock, a stamp card,",
    "points as payment, gift cards sold and used, sales brought back whole and by half",
    "a gift card is for whoever comes next; every household is served where all it did is known",
    "a few tills stand for all stores, each reads the whole feed, and all lines are up",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a household would like to do with a basket, if the rules let it."""

    reward: str
    """Id of a reward; empty: none."""
    purse: bool
    sells_card: bool
    """Before the basket a gift card is sold, for whoever comes next."""
    pays_by_card: bool
    """With the oldest card that they were given and that has money."""
    back: int
    """Which part of the sale is brought back at once: 0 nothing, 1 all, 2 half of its cents."""


def wish(number: int) -> Wish:
    """Of the basket with that number, from 0."""
    reward = ("mug", "discount", "cafe", "points", "", "stamps")[number % 6]
    back = {7: 1, 3: 2}.get(number % 11, 0)
    return Wish(
        reward=reward,
        purse=number % 5 == 4,
        sells_card=number % 9 == 4,
        pays_by_card=number % 9 in (6, 8),
        back=back,
    )


def card_name(number: int) -> str:
    """Of the gift card sold before that basket."""
    return f"card-{number}"
