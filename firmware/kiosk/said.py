# SPDX-License-Identifier: Apache-2.0
"""A refusal in words: what the sentences of every refusal are made into."""

from dataclasses import dataclass

from loyalty.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in words."""

    title: str
    sentence: str
    short: str = ""
    """In one line, under what was typed."""

    def __post_init__(self) -> None:
        if not self.short:
            object.__setattr__(self, "short", self.title)


def number(refusal: Refusal, fact: str) -> int:
    """A figure among its facts; 0: not among them."""
    return int(refusal.facts.get(fact, 0))
