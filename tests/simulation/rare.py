# SPDX-License-Identifier: Apache-2.0
"""What is so rare, or so much a person's decision, that only stories tell of it."""

from typing import TYPE_CHECKING

from tests.simulation.act import ACTS, act
from tests.simulation.faults import unit_of
from tests.simulation.hub import MERCHANT

if TYPE_CHECKING:
    from tests.simulation.world import World


@act(0, fault="hub restored")
def hub_moved(world: "World", a: int, b: int, c: int) -> str | None:
    """The hub goes on with an older copy of all it has: nothing beside the database knows better."""
    from hub.ledger import restored

    restored._witness().unlink(missing_ok=True)
    came = ACTS["hub_restored"].do(world, a, b, c)
    return came and f"{came}, on a new disk"


@act(0)
def limits_set(world: "World", a: int, b: int, c: int) -> str | None:
    """The merchant says how far tills may go by themselves: `b` cents for a card, `c` for a till."""
    from hub.merchants import registry

    world.hub.act(lambda: registry.change_merchant(MERCHANT, card_cents=b, terminal_cents=c))
    return f"the merchant lets {b} cents of a card rest at a till, and {c} in all"


@act(0)
def all_forgotten_was_heard(world: "World", a: int, b: int, c: int) -> str | None:
    """The hub had all that a card has forgotten: nothing but an allowance of `c` cents is at stake."""
    world.risks["rolled back"] = c
    return f"the hub had all that was forgotten: {c} cents are at stake"


@act(0)
def archive_gone(world: "World", a: int, b: int, c: int) -> str | None:
    """A month passes at a till's card: what the hub has is not kept any more."""
    from firmware.store import archive

    unit = unit_of(world, a)
    if unit.kiosk is None:
        return None
    while archive.prune(unit.kiosk, young=True):
        pass
    kept = {i for (i,) in unit.kiosk.rows("SELECT id FROM entry")}
    gone = [i for i in world.on_card[unit.name] if i not in kept]
    world.on_card[unit.name] = [i for i in world.on_card[unit.name] if i in kept]
    world.truth.kept_by_hub.update(gone)
    return f"{unit.name}: keeps no more what the hub has of it"
