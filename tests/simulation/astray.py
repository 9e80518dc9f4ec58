# SPDX-License-Identifier: Apache-2.0
"""What people do to cards, files and databases: copies come back, and boards change."""

from typing import TYPE_CHECKING

from tests.simulation import losses
from tests.simulation.act import act
from tests.simulation.custody import is_at_home, is_out, other_board
from tests.simulation.faults import unit_of
from tests.simulation.template import SHOP_OF, TILL_CENTS

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_CLONES = 1


@act(1.2)
def card_copied(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody keeps a copy of a card, while the terminal is off."""
    unit = unit_of(world, a)
    if unit.name in world.lying:  # until it was looked at nobody can say what a copy of it holds
        return None
    unit.shut_down()
    world.images[unit.name] = (unit.disk.image(), list(world.on_card[unit.name]), unit.config)
    world.boot(unit)
    return f"{unit.name}: its card is copied"


@act(0.7, fault="card rolled back")
def card_rolled_back(world: "World", a: int, b: int, c: int) -> str | None:
    """The copy is written back onto the card."""
    unit = unit_of(world, a)
    if unit.name not in world.images:
        return None
    unit.shut_down()
    world.put_back(unit)
    world.allow("rolled back", losses.FORGOT_CENTS)
    world.boot(unit)
    return f"{unit.name}: the copy of its card is put back"


@act(0.5, fault="database file swapped")
def file_swapped(world: "World", a: int, b: int, c: int) -> str | None:
    """The same in a running terminal: RAM knows more than the file."""
    unit = unit_of(world, a)
    if unit.name not in world.images or not unit.on:
        return None
    unit.end_programs()
    world.put_back(unit)
    world.allow("file swapped", losses.FORGOT_CENTS)
    unit.start_programs()
    return f"{unit.name}: its file is replaced by an older one"


@act(0.4, fault="card cloned")
def card_cloned(world: "World", a: int, b: int, c: int) -> str | None:
    """A copy of the card runs in a second board."""
    unit = unit_of(world, a)
    clones = len(world.units) - len(SHOP_OF)
    if unit.name not in world.images or clones >= MOST_CLONES:
        return None
    # the certificate is on the card too: of an enrolment since then, the copy knows nothing
    image, on_card, config = world.images[unit.name]
    clone = world.add(f"{unit.name}-clone", config)
    clone.insert(image)
    world.on_card[clone.name] = list(on_card)
    world.astray.add(clone.name)
    if not is_at_home(world, unit):  # whichever board is heard first is the terminal's
        world.astray.add(unit.name)
    world.allow("cloned", TILL_CENTS)
    world.boot(clone)
    return f"{unit.name}: a second board starts with the copy of its card"


@act(0.6, fault="board changed")
def board_changed(world: "World", a: int, b: int, c: int) -> str | None:
    """A board is broken, and its card goes into another one; or back into the first."""
    unit = unit_of(world, a)
    unit.shut_down()
    other_board(unit, c % 3)
    world.astray.add(unit.name)
    world.allow("board changed", TILL_CENTS)
    world.boot(unit)
    return f"{unit.name}: its card is in {unit.machine.hw_id} now"


@act(1.2)
def hub_backed_up(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody keeps a copy of the hub's database."""
    world.backups.append((world.hub.books.copy(), list(world.truth.made_by_hub)))
    return "the hub's database is copied"


@act(0.6, fault="hub restored")
def hub_restored(world: "World", a: int, b: int, c: int) -> str | None:
    """The hub goes on with a copy of its database; what was done on the web since is lost."""
    if not world.backups:
        return None
    kept, made = world.backups[c % len(world.backups)]
    for terminal in SHOP_OF:
        world.held_before[terminal] |= losses.held_by(world, terminal)
    world.hub.restore(kept)
    world.forgive(world.truth.forgiven)  # it may have known what no card has any more
    forgotten = [gift for gift in world.truth.made_by_hub if gift not in made]
    if forgotten:  # its number is out there, and somebody may have paid with it
        world.allow("made on the web and forgotten", sum(gift.cents for gift in forgotten))
    world.truth.made_by_hub[:] = made
    world.hub.start()
    for unit in world.units:  # whom that copy knows as put out had come in again since
        if is_out(world, unit) and unit.name not in world.astray:
            world.allow("retired", losses.at_stake_cents(world, unit))
            world.astray.add(unit.name)
    return "the hub goes on with an older copy of its database"
