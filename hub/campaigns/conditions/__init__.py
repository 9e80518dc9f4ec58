# SPDX-License-Identifier: Apache-2.0
"""What can be asked of a customer: each condition knows who fits, and says itself in words (K1).

A condition is about a person as `listings.customers` gives them: whoever was merged is asked as
one, what the record says is what that of the one they are served as says, and what they bought is
what any of them bought.
"""

from typing import Final

from hub.campaigns.conditions.condition import Condition, Day, Names
from hub.campaigns.conditions.dealings import (
    BoughtCategory,
    BoughtNothing,
    BoughtProduct,
    HasPoints,
    HasSpent,
    HasTier,
    HasVisited,
)
from hub.campaigns.conditions.record import (
    Accepts,
    HasBirthday,
    IsAged,
    IsGender,
    LivesIn,
    OfShop,
)

__all__ = [
    "KINDS",
    "Accepts",
    "BoughtCategory",
    "BoughtNothing",
    "BoughtProduct",
    "Condition",
    "Day",
    "HasBirthday",
    "HasPoints",
    "HasSpent",
    "HasTier",
    "HasVisited",
    "IsAged",
    "IsGender",
    "LivesIn",
    "Names",
    "OfShop",
]

KINDS: Final[dict[str, type[Condition]]] = {
    kind.kind: kind
    for kind in (
        *(BoughtCategory, BoughtProduct, BoughtNothing, HasSpent, HasVisited, HasPoints, HasTier),
        *(IsGender, IsAged, HasBirthday, LivesIn, OfShop, Accepts),
    )
}
"""By the word under which each is kept, in the order in which they are offered."""
