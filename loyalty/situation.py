# SPDX-License-Identifier: Apache-2.0
"""What a decision is told: whatever is not in here can't change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from loyalty.account import Account
from loyalty.programme import PLAIN, LoyaltyProgramme


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything about the moment, the place and the customer that rules may ask for."""

    programme: LoyaltyProgramme
    shop: str
    customer: str | None = None
    balances: Mapping[Account, int] = field(default_factory=dict)
    """What the till shows now; an account it does not name is 0."""
    rights: Mapping[Account, int] = field(default_factory=dict)
    """What this till may spend, account by account."""
    parts: Mapping[Account, int] = field(default_factory=dict)
    """Of a customer who is several since they were merged: what each account shows by itself."""
    at: datetime | None = None
    """The shop's wall clock; None: it can't be trusted, and no rule by the day applies."""
    member: bool = True
    """The customer has joined: who has not earns nothing and uses no reward (SPEC C15)."""
    pro: bool = False
    tier: str = ""
    """Id of the customer's tier, as the hub last said."""
    stopped: frozenset[str] = frozenset()
    """Fingerprints of gift cards that are blocked or expired."""

    @property
    def factor_bp(self) -> int:
        """What this moment and this customer multiply points with; the best window counts."""
        tier = self.programme.tier(self.tier)
        factor = tier.factor_bp if tier else PLAIN
        if self.at is None:
            return factor
        holding = [w.factor_bp for w in self.programme.windows if w.holds(self.at)]
        return factor * max(holding, default=PLAIN) // PLAIN
