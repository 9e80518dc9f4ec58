# SPDX-License-Identifier: Apache-2.0
"""A line at 0 € beside what is bought (SPEC C3)."""

from loyalty.programme import Reward
from loyalty.rewards.type import RewardType, Symbol, Term, Unit


class Gift(RewardType):
    """Takes nothing off: the order's total must still be given."""

    kind = "gift"
    name = "Cadeau"
    symbol = Symbol.GIFT
    rank = 20
    terms = (Term(name="gift_title", label="Cadeau", unit=Unit.TEXT, least=1, most=60),)
    whole = True

    def title(self, reward: Reward) -> str:
        """What the customer receives."""
        return reward.gift_title or reward.title


GIFT = Gift()
