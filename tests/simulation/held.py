# SPDX-License-Identifier: Apache-2.0
"""What the hub counts as held and what a till may spend, read from books and card past their sums."""

from firmware.store import own, rests
from tests.simulation.truth import Key
from tests.simulation.unit import Unit
from tests.simulation.world import World

_HELD = (
    "SELECT a.kind, a.owner, a.key, h.amount FROM ledger_held h"
    " JOIN ledger_account a ON a.id = h.account_id JOIN ledger_segment s ON s.id = h.segment_id"
    " WHERE s.uuid = ? AND h.amount <> 0"
)
_RESTS = (
    "SELECT kind, owner, key, balance FROM ledger_account"
    " WHERE kind = 'rest' AND owner NOT IN ('merchant', 'loss')"
)


def at_hub(world: World, segment: str) -> dict[Key, int]:
    """What the hub counts as held in a segment."""
    rows = world.hub.books.read(_HELD, segment)
    return {(kind, owner, key): amount for kind, owner, key, amount in rows}


def at_till(world: World, unit: Unit) -> dict[Key, int]:
    """What a till has as its right; a sale of which the hub has no rest stands for it itself."""
    found = {
        (hold.account.kind.value, hold.account.owner, hold.account.key): hold.amount
        for hold in own.held(unit.kiosk)
    }
    return found | {key: rests.held(unit.kiosk, key[1]) for key in rests_of(world)}


def rests_of(world: World) -> dict[Key, int]:
    """What the hub still has of the sales that somebody has brought back, or wanted to."""
    rows = world.hub.books.read(_RESTS)
    return {(kind, owner, key): amount for kind, owner, key, amount in rows}
