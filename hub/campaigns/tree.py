# SPDX-License-Identifier: Apache-2.0
"""Conditions combined with « et » and « ou »: blocks of conditions, and no deeper (SPEC K1).

Two levels say everything that can be said: whatever is meant is « one of these, and one of those »
or « all of these, or all of those ».
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Q

from hub.campaigns.conditions import KINDS, Condition, Day

MOST_BLOCKS: Final = 5
MOST_CONDITIONS: Final = 8
"""In one block."""


class Join(StrEnum):
    """How many of some have to be so."""

    ALL = "all"
    ANY = "any"

    def of(self, asked: Iterable[Q]) -> Q:
        """All of them, or one at least. Of none at all: everybody."""
        return reduce(and_ if self is Join.ALL else or_, asked, Q())


@dataclass(frozen=True, slots=True)
class Block:
    """Conditions that are read together."""

    join: Join
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """What is asked of a customer: blocks of conditions, none of them empty."""

    join: Join
    blocks: tuple[Block, ...]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Tree":
        """What `said` wrote."""
        return cls(
            Join(said["join"]),
            tuple(
                Block(
                    Join(block["join"]),
                    tuple(KINDS[kind](**facts) for kind, facts in block["conditions"]),
                )
                for block in said["blocks"]
            ),
        )

    def said(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "join": self.join.value,
            "blocks": [
                {
                    "join": block.join.value,
                    "conditions": [(one.kind, asdict(one)) for one in block.conditions],
                }
                for block in self.blocks
            ],
        }

    @property
    def articles(self) -> Iterator[str]:
        """Ids of the products and categories that are asked about."""
        for block in self.blocks:
            for one in block.conditions:
                yield from one.articles

    def asked(self, day: Day) -> Q:
        """Who fits, among the persons that `listings.customers` gives."""
        return self.join.of(
            block.join.of(one.asked(day) for one in block.conditions) for block in self.blocks
        )
