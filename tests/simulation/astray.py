# SPDX-License-Identifier: Apache-2.0
"""What people do to cards, files and databases: copies come back, boards change, terminals return."""

from typing import TYPE_CHECKING

from tests.simulation.act import act
from tests.simulation.faults import unit_of
from tests.simulation.template import SHOP_OF, config_of

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_CLONES = 1


@act(0)
def card_copied(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody keeps a copy of a card, while the terminal is off."""
    unit = unit_of(world, a)
    unit.shut_down()
    world.images[unit.name] = (unit.disk.image(), list(world.on_card[unit.name]))
    world.boot(unit)
    return f"{unit.name}: its card is copied"


@act(0, fault="card rolled back")
def card_rolled_back(world: "World", a: int, b: int, c: int) -> str | None:
    """The copy is written back onto the card."""
    unit = unit_of(world, a)
    if unit.name not in world.images:
        return None
    unit.shut_down()
    world.put_back(unit)
    world.boot(unit)
    return f"{unit.name}: the copy of its card is put back"


@act(0, fault="database file swapped")
def file_swapped(world: "World", a: int, b: int, c: int) -> str | None:
    """The same in a running terminal: RAM knows more than the file."""
    unit = unit_of(world, a)
    if unit.name not in world.images or not unit.on:
        return None
    unit.end_programs()
    world.put_back(unit)
    unit.start_programs()
    return f"{unit.name}: its file is replaced by an older one"


@act(0, fault="card cloned")
def card_cloned(world: "World", a: int, b: int, c: int) -> str | None:
    """A copy of the card runs in a second board."""
    unit = unit_of(world, a)
    clones = len(world.units) - len(SHOP_OF)
    if unit.name not in world.images or clones >= MOST_CLONES:
        return None
    clone = world.add(f"{unit.name}-clone", unit.config)
    image, on_card = world.images[unit.name]
    clone.insert(image)
    world.on_card[clone.name] = list(on_card)
    world.astray.update((unit.name, clone.name))
    world.cloned.update((unit.name, clone.name))
    world.boot(clone)
    return f"{unit.name}: a second board starts with the copy of its card"


@act(1, fault="enrolled again")
def enrolled_again(world: "World", a: int, b: int, c: int) -> str | None:
    """A terminal is enrolled once more; its card stays as it is, or is a new one."""
    from hub.merchants import enrolment
    from hub.merchants.models import Shop

    unit = unit_of(world, a)
    terminal = unit.config.terminal
    shop = SHOP_OF[terminal]
    world.hub.act(lambda: enrolment.enrol(Shop.objects.get(pk=shop), terminal))
    # a hub that is killed over it may have done it all the same: whoever asked looks
    ((gen,),) = world.hub.books.read("SELECT gen FROM merchants_terminal WHERE id = ?", terminal)
    if gen == unit.config.gen:
        return None
    fresh = b % 2 == 0
    unit.shut_down()
    unit.config = config_of(terminal, gen=gen)
    if fresh:
        world.truth.forgiven.update(world.on_card[unit.name])
        world.on_card[unit.name] = []
        unit.insert({})
    world.boot(unit)
    return f"{unit.name}: is enrolled again, generation {gen}{', on a new card' if fresh else ''}"


@act(0)
def hub_backed_up(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody keeps a copy of the hub's database."""
    world.backups.append((world.hub.books.copy(), len(world.truth.made_by_hub)))
    return "the hub's database is copied"


@act(0, fault="hub restored")
def hub_restored(world: "World", a: int, b: int, c: int) -> str | None:
    """The hub goes on with a copy of its database; what was done on the web since is lost."""
    if not world.backups:
        return None
    kept, made = world.backups[c % len(world.backups)]
    world.hub.restore(kept)
    del world.truth.made_by_hub[made:]
    world.hub.start()
    return "the hub goes on with an older copy of its database"
