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


class Persons:
    """Which customers were merged into one person; what stands makes a forest, as at the hub."""

    def __init__(self) -> None:
        self._into: dict[str, str] = {}

    def merge(self, who: str, other: str) -> None:
        """Serve both as the first."""
        self._into[self._head(other)] = self._head(who)

    def part(self, who: str, other: str) -> None:
        """Let the other be somebody again who was merged into the first."""
        assert self._into.pop(other) == who

    def ones(self, who: str) -> tuple[str, ...]:
        """This customer, then the others who are the same person."""
        everybody = sorted({*self._into, *self._into.values()} - {who})
        return (who, *(one for one in everybody if self._head(one) == self._head(who)))

    def of(self, who: str) -> str:
        """Whom somebody is served as, as the feed says it; empty: as themselves."""
        return self._head(who) if who in self._into else ""

    def _head(self, who: str) -> str:
        return self._head(self._into[who]) if who in self._into else who
