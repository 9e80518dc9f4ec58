# SPDX-License-Identifier: Apache-2.0
"""Spending rights: what a terminal may spend, and how each of its entries changes that.

A right is a number that the terminal stores and the hub counts as held: both derive every change
from the same entries through `changes`, so that they can't disagree (DESIGN 6, RIGHTS 19).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from loyalty.account import WITH_RIGHTS, Account, Holding
from loyalty.entry import CarryConverted, Facts, Released, movements


def changes(facts: Facts) -> dict[Account, int]:
    """How an entry of a terminal changes what that terminal holds, by account.

    What it earns or sells is its own right until it releases it; what it spends, it spends out of
    what it holds. Entries of the hub change no terminal's right.
    """
    found: Counter[Account] = Counter()
    match facts:
        case CarryConverted():
            return {}
        case Released(holds=holds):
            for hold in holds:
                found[hold.account] -= hold.amount
        case _:
            for movement in movements(facts):
                if movement.account.kind in WITH_RIGHTS:
                    found[movement.account] += movement.amount
    return {account: amount for account, amount in found.items() if amount}


def missing(spends: Iterable[Holding], rights: Mapping[Account, int]) -> tuple[Holding, ...]:
    """What has to be asked for before these spends are inside the rights."""
    lacks = (Holding(s.account, s.amount - rights.get(s.account, 0)) for s in spends)
    return tuple(lack for lack in lacks if lack.amount > 0)


def grantable(*, asked: int, balance: int, held: int) -> int:
    """What the hub may grant of an account: never more than is free."""
    return max(0, min(asked, balance - held))
