# SPDX-License-Identifier: Apache-2.0
"""The types of reward: one module each, named here, and nowhere else."""

from collections.abc import Mapping
from typing import Final

from loyalty.rewards.cashback import CASHBACK
from loyalty.rewards.discount import DISCOUNT
from loyalty.rewards.gift import GIFT
from loyalty.rewards.points import POINTS
from loyalty.rewards.stamps import STAMPS
from loyalty.rewards.type import RewardType

TYPES: Final[Mapping[str, RewardType]] = {
    one.kind: one for one in (DISCOUNT, GIFT, STAMPS, POINTS, CASHBACK)
}
"""By name on the wire, in the order of application."""
