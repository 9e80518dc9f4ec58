# SPDX-License-Identifier: Apache-2.0
"""An entry on its way into the ledger: its bytes, its place, what it says and what it moves."""

import hashlib
from dataclasses import dataclass, replace

from hub.ledger.models import Why
from hub.ledger.sanity import absurd, named
from loyalty.account import Movement
from loyalty.entry import Entry, Facts
from loyalty.movements import movements
from loyalty.wire import Garbled, UnknownEntry, decode_entry, encode_entry


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
