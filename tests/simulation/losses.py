# SPDX-License-Identifier: Apache-2.0
"""What a fault may cost at most, in cents: told when it happens, compared with what was paid.

It reads cards and books by other code than the product's, and knows the caps from the template.
"""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from loyalty.entry import Entry, Facts, Refunded, Sold
from loyalty.wire import decode_entry
from tests.simulation.template import POINT_CENTS, TILL_CENTS, UNHEARD_CENTS
from tests.simulation.truth import Key, moved

if TYPE_CHECKING:
    from tests.simulation.unit import Unit
    from tests.simulation.world import World

FORGOT_CENTS = TILL_CENTS + UNHEARD_CENTS
"""A card that forgot spends the till's allowance once more, and what it had spent unheard may yet
be posted, where nothing holds it any more (RIGHTS 5, 6, 8)."""

_HELD_BY = (
    "SELECT a.kind, a.owner, a.key, sum(h.amount) FROM ledger_held h"
    " JOIN ledger_account a ON a.id = h.account_id JOIN ledger_segment s ON s.id = h.segment_id"
    " WHERE s.terminal_id = ? AND h.amount > 0 GROUP BY a.kind, a.owner, a.key"
)


def worth_cents(kind: str, amount: int) -> int:
    """What so much of an account is worth; visits buy nothing here."""
    return amount * {"points": POINT_CENTS, "purse": 1, "gift": 1, "rest": 1}.get(kind, 0)


def handed_out_cents(facts: Facts) -> int:
    """What left the shop with an entry because of points, purse or gift cards, or came back."""
    if isinstance(facts, Refunded):
        return facts.cents
    if not isinstance(facts, Sold):
        return 0
    points = sum(use.points for use in facts.applied)
    purse = sum(use.cents_off for use in facts.applied if use.kind == "cashback")
    return points * POINT_CENTS + purse + sum(gift.cents for gift in facts.gifts)


def given_cents(world: "World", entries: Iterable[str]) -> int:
    """What entries gave that the hub does not have; of a sale, also all that could come back."""
    at_hub = {i for (i,) in world.hub.books.read("SELECT event_id FROM ledger_journalentry")}
    total = 0
    for entry_id in set(entries) - at_hub:
        facts = world.truth.seen[entry_id]
        total += sum(worth_cents(kind, n) for (kind, _, _), n in moved(facts).items() if n > 0)
        total += facts.total_cents if isinstance(facts, Sold) else 0
    return total


def held_by(world: "World", terminal: str) -> Counter[Key]:
    """What the hub counts as held by a terminal, in all of its segments."""
    rows = world.hub.books.read(_HELD_BY, terminal)
    return Counter({(kind, owner, key): amount for kind, owner, key, amount in rows})


def at_stake_cents(world: "World", unit: "Unit") -> int:
    """What a till could still spend and has spent unseen, should nobody wait for it any more.

    What the hub had granted it before a restore may be on its way to it still.
    """
    posted = dict(
        world.hub.books.read(
            "SELECT uuid, watermark FROM ledger_segment WHERE terminal_id = ?", unit.config.terminal
        )
    )
    most = held_by(world, unit.config.terminal) | world.held_before[unit.config.terminal]
    unseen_cents = 0
    with tempfile.TemporaryDirectory() as copied:
        for path in unit.folder.glob("*.sqlite3*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, copied)
        for path in Path(copied).glob("*.sqlite3"):
            with closing(sqlite3.connect(path)) as card:
                if not _begun(card):
                    continue
                most |= _held(card)
                unseen_cents += _unseen_cents(card, posted) + _refundable_cents(card)
    return unseen_cents + sum(worth_cents(kind, n) for (kind, _, _), n in most.items())


def _begun(card: sqlite3.Connection) -> bool:
    """Whether its first start was not cut short: before that nothing was ever written on it."""
    return bool(card.execute("SELECT 1 FROM sqlite_master WHERE name = 'rest'").fetchone())


def _held(card: sqlite3.Connection) -> Counter[Key]:
    rows = card.execute("SELECT kind, owner, key, amount FROM held")
    return Counter({(kind, owner, key): amount for kind, owner, key, amount in rows})


def _refundable_cents(card: sqlite3.Connection) -> int:
    """What a till could pay back of what it sold, or was granted of what others sold."""
    total = 0
    untouched = "SELECT raw FROM entry WHERE kind = 'sold' AND id NOT IN (SELECT sale FROM rest)"
    for (raw,) in card.execute(untouched):
        entry = decode_entry(raw)
        assert isinstance(entry, Entry)
        assert isinstance(entry.facts, Sold)
        total += entry.facts.total_cents
    return total + card.execute("SELECT coalesce(sum(cents), 0) FROM rest").fetchone()[0]


def _unseen_cents(card: sqlite3.Connection, posted: dict[str, int]) -> int:
    total = 0
    for segment, n, raw in card.execute(
        "SELECT s.id, e.n, e.raw FROM entry e JOIN segment s ON s.seq = e.segment"
    ):
        if n > posted.get(segment, 0):
            entry = decode_entry(raw)
            assert isinstance(entry, Entry)
            total += handed_out_cents(entry.facts)
    return total
