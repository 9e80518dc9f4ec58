# SPDX-License-Identifier: Apache-2.0
"""What people decide about terminals: freeze one, retire it, enrol it, let it live on a new board."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.simulation import losses
from tests.simulation.act import act
from tests.simulation.faults import unit_of
from tests.simulation.hub import MERCHANT
from tests.simulation.template import SHOP_OF, config_of

if TYPE_CHECKING:
    from tests.simulation.unit import Unit
    from tests.simulation.world import World


@act(0.6, fault="terminal frozen")
def freezes(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody has a doubt: a terminal earns and spends nothing."""
    return _frozen(world, unit_of(world, a), frozen=True)


@act(1.5)
def thaws(world: "World", a: int, b: int, c: int) -> str | None:
    """The doubt is gone."""
    return _frozen(world, unit_of(world, a), frozen=False)


@act(0.4, fault="terminal retired")
def retires(world: "World", a: int, b: int, c: int) -> str | None:
    """A terminal is said to be lost; in truth it sells on, and nobody hears it."""
    from hub.ledger import custody

    unit = unit_of(world, a)
    gen, _, retired = _known(world, unit)
    if retired or gen != unit.config.gen or not world.hub.alive:
        return None
    stakes = _stakes_of_others(world, unit) | {unit.name: losses.at_stake_cents(world, unit)}
    world.hub.act(lambda: custody.retire(_terminal(unit)))
    if not _known(world, unit)[2]:
        return f"{unit.name}: is nearly retired, but the hub dies over it"
    world.allow("retired", sum(stakes.values()))
    world.astray.update(stakes)
    return f"{unit.name}: is retired; {sum(stakes.values())} cents are at stake"


@act(1, fault="enrolled again")
def enrolled_again(world: "World", a: int, b: int, c: int) -> str | None:
    """A terminal is enrolled once more; its card stays as it is, or is a new one."""
    unit = unit_of(world, a)
    return enrol(world, unit, fresh=b % 2 == 0) if world.hub.alive else None


@act(5, fault="board adopted")
def adopts(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody says that a terminal lives on the board that the hub takes for a stranger."""
    unit = unit_of(world, a)
    _, board, retired = _known(world, unit)
    if retired or not world.hub.alive or board in ("", unit.machine.hw_id):
        return None
    seen = world.hub.books.read(
        "SELECT 1 FROM ledger_segment WHERE terminal_id = ? AND hw_id = ?",
        *(unit.config.terminal, unit.machine.hw_id),
    )
    return adopt(world, unit) if seen else None


@act(6, fault="restore accepted")
def accepts_restore(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody lets a restored hub go on without the terminals that stay silent."""
    from hub.ledger import missing, restored

    if not world.hub.alive or not world.hub.suspended:
        return None
    silent = {terminal.pk for terminal in missing.unheard(MERCHANT)}
    stakes = {
        unit.name: losses.at_stake_cents(world, unit)
        for unit in world.units
        if unit.config.terminal in silent
    }
    world.hub.act(lambda: restored.accept(MERCHANT))
    if world.hub.suspended:
        return "a restore is nearly accepted, but the hub dies over it"
    world.allow("restore accepted", sum(stakes.values()))
    world.astray.update(stakes)
    return f"the restore is accepted without {', '.join(stakes) or 'anybody lacking'}"


# ── also when everything is to come to rest ─────────────────────────────────────────────────────


def enrol(world: "World", unit: "Unit", *, fresh: bool) -> str | None:
    """Give a terminal its next generation; a card that is thrown away takes its entries with it.

    Whoever has its name on another board is of the generation before: nobody waits for it.
    """
    from hub.merchants import enrolment
    from hub.merchants.models import Shop

    terminal = unit.config.terminal
    stakes = _stakes_of_others(world, unit)
    world.hub.act(lambda: enrolment.enrol(Shop.objects.get(pk=SHOP_OF[terminal]), terminal))
    # a hub that is killed over it may have done it all the same: whoever asked looks
    gen, _, retired = _known(world, unit)
    if retired or gen == unit.config.gen:
        return None
    world.certificates.give(terminal, gen)
    if stakes:
        world.allow("another board enrolled", sum(stakes.values()))
        world.astray.update(stakes)
    unit.shut_down()
    unit.config = config_of(terminal, gen=gen)
    if fresh:
        world.forgive(world.on_card[unit.name])
        world.on_card[unit.name] = []
        world.places[unit.name] = 0
        unit.insert({})
    world.boot(unit)
    return f"{unit.name}: is enrolled again, generation {gen}{', on a new card' if fresh else ''}"


def adopt(world: "World", unit: "Unit") -> str | None:
    """Let a terminal live on the board of a unit; whoever has its name on another is the stranger."""
    from hub.ledger import custody

    stakes = _stakes_of_others(world, unit)
    world.hub.act(lambda: custody.adopt(_terminal(unit), unit.machine.hw_id))
    if _known(world, unit)[1] != unit.machine.hw_id:
        return f"{unit.name}: is nearly adopted, but the hub dies over it"
    world.allow("adopted", sum(stakes.values()))
    world.astray.update(stakes)
    return f"{unit.name}: the hub takes its board for the terminal's own"


def mend(world: "World") -> None:
    """What an operator does about terminals that the hub does not hear, once there is quiet."""
    for unit in list(world.units):
        gen, board, retired = _known(world, unit)
        if unit.name not in SHOP_OF:
            if gen != unit.config.gen or retired:
                world.throw_away(unit)
        elif gen != unit.config.gen or retired:
            enrol(world, unit, fresh=False)
        elif board and not any(board == one.machine.hw_id for one in world.units):
            adopt(world, unit)


def other_board(unit: "Unit", number: int) -> None:
    """Put its card into another board of the same shop; 0 is the first one."""
    hw_id = f"board of {unit.name}" + (f", number {number}" if number else "")
    unit.machine = replace(unit.machine, hw_id=hw_id)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _stakes_of_others(world: "World", unit: "Unit") -> dict[str, int]:
    """What the other boards with its terminal's name could still spend, in cents."""
    terminal = unit.config.terminal
    others = [one for one in world.units if one.config.terminal == terminal and one is not unit]
    return {one.name: losses.at_stake_cents(world, one) for one in others}


def _terminal(unit: "Unit"):
    from hub.merchants.models import Terminal

    return Terminal.objects.get(pk=unit.config.terminal)


def is_out(world: "World", unit: "Unit") -> bool:
    """Whether the hub has retired it, or waits for another enrolment of its terminal."""
    gen, _, retired = _known(world, unit)
    return retired or gen != unit.config.gen


def is_at_home(world: "World", unit: "Unit") -> bool:
    """Whether the hub knows that its terminal lives on its board."""
    return _known(world, unit)[1] == unit.machine.hw_id


def _known(world: "World", unit: "Unit") -> tuple[int, str, bool]:
    """Generation, board, and whether it is retired, as the hub has it."""
    ((gen, board, retired_at),) = world.hub.books.read(
        "SELECT gen, hw_id, retired_at FROM merchants_terminal WHERE id = ?", unit.config.terminal
    )
    return gen, board, retired_at is not None


def _frozen(world: "World", unit: "Unit", *, frozen: bool) -> str | None:
    from hub.ledger import custody

    ((known,),) = world.hub.books.read(
        "SELECT frozen FROM merchants_terminal WHERE id = ?", unit.config.terminal
    )
    if bool(known) is frozen or not world.hub.alive:
        return None
    world.hub.act(lambda: custody.freeze(_terminal(unit), frozen=frozen))
    return f"{unit.name}: is {'frozen' if frozen else 'thawed'}"
