# SPDX-License-Identifier: Apache-2.0
"""An entry on its way into the ledger: its bytes, its place, what it says and what it moves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.ledger.models import Why
from hub.ledger.sanity import absurd, named
from loyalty.account import Kind, Movement
from loyalty.entry import Entry, Facts, GiftSold, Refunded, Sold
from loyalty.movements import movements
from loyalty.wire import Garbled, UnknownEntry, decode_entry, encode_entry

NO_FIGURES: Final = ("", 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch: its bytes, its place in the chain and what it reads as."""

    n: int
    raw: bytes
    hash: str
    read: Entry | UnknownEntry | None
    why: Why | None = None
    """Set: it is shelved."""
    moves: tuple[Movement, ...] = ()
    """What it moves, worked out once."""

    @property
    def facts(self) -> Facts | None:
        """What happened, where it is to be posted."""
        return self.read.facts if isinstance(self.read, Entry) and not self.why else None


def read_line(line: Line) -> Line:
    """A line as it reads, and why the hub can't take it if so."""
    try:
        read = decode_entry(line.raw)
    except Garbled:
        return replace(line, why=Why.UNREADABLE)
    if read.n != line.n:
        return replace(line, read=read, why=Why.PLACE)
    if not isinstance(read, Entry):
        return replace(line, read=read, why=None if named(read.id) else Why.ABSURD)
    moves = movements(read.facts)
    if absurd(read, moves):
        return replace(line, read=read, why=Why.ABSURD)
    return replace(line, read=read, moves=moves)


def own_line(entry: Entry) -> Line:
    """The line of an entry that the hub makes: chained to nothing."""
    raw = encode_entry(entry)
    digest = hashlib.sha256(raw).hexdigest()
    return Line(0, raw, digest, entry, moves=movements(entry.facts))


def figures_of(facts: Facts, moves: Sequence[Movement]) -> tuple[str, int, int, int, int]:
    """Receipt, cents, cents paid by gift cards, net points, points earned: for lists and sums."""
    points = sum(move.amount for move in moves if move.account.kind is Kind.POINTS)
    match facts:
        case Sold():
            by_gift = sum(gift.cents for gift in facts.gifts)
            earned = facts.points if facts.customer else 0
            return facts.receipt, facts.due_cents, by_gift, points, earned
        case GiftSold():
            return facts.receipt, facts.cents, 0, 0, 0
        case Refunded():
            by_gift = sum(gift.cents for gift in facts.gifts)
            return facts.receipt, -facts.due_cents, -by_gift, points, -facts.points
        case _:
            return "", 0, 0, points, 0
