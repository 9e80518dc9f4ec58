# SPDX-License-Identifier: Apache-2.0
"""Two customers turn out to be one person, and later to be two after all (RIGHTS 17)."""

from typing import TYPE_CHECKING

from tests.simulation.act import act
from tests.simulation.hub import MERCHANT
from tests.simulation.people import name

if TYPE_CHECKING:
    from tests.simulation.world import World


@act(0.6)
def merges(world: "World", a: int, b: int, c: int) -> str | None:
    """The merchant finds that two customers are one person."""
    from hub.ledger import merging
    from hub.ledger.models import Customer

    who = [b % len(world.customers), c % len(world.customers)]
    uuids = [world.customers[one] for one in who]
    known = {row.uuid: row for row in Customer.objects.filter(uuid__in=uuids)}
    if not world.hub.alive or len(known) < len(uuids):
        return None
    one, other = (known[uuid] for uuid in uuids)
    if merging.refusal(one, other):
        return None
    # also where the hub is killed over it: nobody can say then whether it is done
    world.truth.are_one(*uuids)
    world.hub.act(lambda: merging.merge(one, other, reason="the same phone", person_id=None))
    return f"on the web: {name(world, who[0])} and {name(world, who[1])} are one person"


@act(0.4)
def parts(world: "World", a: int, b: int, c: int) -> str | None:
    """They are two people after all; what they spent together stays so."""
    from hub.ledger import merging

    merges = world.hub.books.read("SELECT id FROM ledger_merge WHERE undone_at IS NULL ORDER BY id")
    if not world.hub.alive or not merges:
        return None
    ((done,),) = merges[c % len(merges) :][:1]
    world.hub.act(lambda: merging.undo(done, MERCHANT, reason="two sisters", person_id=None))
    return "on the web: two who were one person are two again"
