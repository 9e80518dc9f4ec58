# SPDX-License-Identifier: Apache-2.0
"""Who can be in a story, and the cards that they show."""

from loyalty import card
from loyalty.entry import Joined
from loyalty.feed import CustomerIs

AT_HOME = ("Ana", "Bruno")
"""Customers from the beginning, everywhere; the others have to become it."""
PEOPLE = (*AT_HOME, "Clara", "Denis")


def code_of(who: str, number: int = 0) -> str:
    """The number on somebody's card; `number`: of their second one, and so on."""
    return card.issue("29", PEOPLE.index(who) + len(PEOPLE) * number)


def customer(who: str, *, member: bool = True) -> CustomerIs:
    """What a till knows of somebody."""
    return CustomerIs(id=who, first_name=who, initial="", codes=(code_of(who),), member=member)


def joined(who: str, *, member: bool = True) -> Joined:
    """Somebody becomes a customer; the welcome comes with joining the programme."""
    return Joined(
        customer=who,
        code=code_of(who),
        first_name=who,
        initial="",
        welcome=int(member),
        member=member,
    )
