# SPDX-License-Identifier: Apache-2.0
"""A welcome is over with the first order, whoever may have used it then (SPEC C6).

A till that holds it takes it with the order that it makes; of any other order only the hub knows
that it was the first, and what a till still holds ends when it comes back.
"""

from collections.abc import Iterator

from hub.ledger.people import People
from hub.ledger.tally import Tally
from loyalty.account import Kind, Movement
from loyalty.entry import Adjusted, Cause


def over(tally: Tally, people: People) -> Iterator[Adjusted]:
    """What ends the welcomes that are free, of those who have bought something."""
    names = [kept.account for kept in tally.every(Kind.WELCOME)]
    free = {name: amount for name in names if (amount := tally.free(name))}
    bought = people.who_bought({name.owner for name in free})
    for name, amount in free.items():
        if name.owner in bought:
            over = (Movement(name, -amount),)
            yield Adjusted(cause=Cause.LAPSE, moves=over, customer=name.owner)
