# SPDX-License-Identifier: Apache-2.0
"""What is so rare, or so much a person's decision, that only stories tell of it."""

from typing import TYPE_CHECKING

from loyalty.calendar import ExpiryKind
from tests.simulation.act import ACTS, act
from tests.simulation.faults import unit_of
from tests.simulation.hub import MERCHANT
from tests.simulation.truth import expiries

if TYPE_CHECKING:
    from tests.simulation.unit import Unit
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
def only_so_much_at_stake(world: "World", a: int, b: int, c: int) -> str | None:
    """Nothing is paid back at a terminal that was given up: `c` cents are all it could spend."""
    world.risks["retired"] = c
    return f"{c} cents are all that it holds"


@act(0)
def points_expire(world: "World", a: int, b: int, c: int) -> str | None:
    """The merchant lets points expire a month after they were earned."""
    from hub.programmes import publish

    def change() -> None:
        rules = publish.rules_of(MERCHANT)
        rules.expiry, rules.expiry_months = ExpiryKind.AWARD, 1
        rules.save()
        publish.publish(MERCHANT)

    world.hub.act(change)
    return "the merchant lets points expire after a month"


@act(0)
def a_month(world: "World", a: int, b: int, c: int) -> str | None:
    """A month passes in which nobody buys anything; then the hub does what is due by its clock."""
    from hub.ledger import expiring
    from hub.programmes.publish import published

    world.pass_s(32 * 86400)
    for unit in world.units:
        _kept_no_more(world, unit)
    programme = published(MERCHANT)
    assert programme is not None
    world.truth.expired = expiries(world.hub.books.read)
    world.truth.a_night(programme.version)
    world.hub.act(expiring.expire_due)
    gone = len(expiries(world.hub.books.read)) - len(world.truth.expired)
    return f"a month passes, and points of {gone} customers expire"


@act(0)
def archive_gone(world: "World", a: int, b: int, c: int) -> str | None:
    """A month passes at a till's card: what the hub has is not kept any more."""
    from firmware.store import archive

    unit = unit_of(world, a)
    if unit.kiosk is None:
        return None
    while archive.prune(unit.kiosk, young=True):
        pass
    _kept_no_more(world, unit)
    return f"{unit.name}: keeps no more what the hub has of it"


def _kept_no_more(world: "World", unit: "Unit") -> None:
    """What has left a till's archive is at the hub alone."""
    if unit.kiosk is None:
        return
    kept = {i for (i,) in unit.kiosk.rows("SELECT id FROM entry")}
    gone = [i for i in world.on_card[unit.name] if i not in kept]
    world.on_card[unit.name] = [i for i in world.on_card[unit.name] if i in kept]
    world.truth.kept_by_hub.update(gone)
