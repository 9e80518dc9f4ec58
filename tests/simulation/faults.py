# SPDX-License-Identifier: Apache-2.0
"""What breaks: the network, the power, the disks, the programs, the clocks, the hub."""

from typing import TYPE_CHECKING

from tests.simulation.act import act
from tests.simulation.disk import Trouble
from tests.simulation.network import QUICK_S, Weather
from tests.simulation.unit import Unit

if TYPE_CHECKING:
    from tests.simulation.world import World


# ── time ────────────────────────────────────────────────────────────────────────────────────────


@act(30)
def a_moment(world: "World", a: int, b: int, c: int) -> str | None:
    """Seconds pass."""
    seconds = (0.05, 0.3, 1, 3)[c % 4]
    world.pass_s(seconds)
    return f"{seconds} s pass"


@act(7)
def minutes(world: "World", a: int, b: int, c: int) -> str | None:
    """Minutes pass."""
    seconds = (20, 70, 200, 700)[c % 4]
    world.pass_s(seconds)
    return f"{seconds} s pass"


@act(1)
def hours(world: "World", a: int, b: int, c: int) -> str | None:
    """Hours pass."""
    world.pass_s(3600 * (1 + c % 12))
    return f"{1 + c % 12} hours pass"


# ── network ─────────────────────────────────────────────────────────────────────────────────────


@act(1.5, fault="network bad")
def weather_turns(world: "World", a: int, b: int, c: int) -> str | None:
    """The network loses, doubles, damages and delays."""
    world.broker.weather = Weather(
        lost=0.3 if b & 1 else 0.05,
        doubled=0.3 if b & 2 else 0.05,
        damaged=0.15 if b & 4 else 0.02,
        slowest_s=(QUICK_S, 0.5, 5, 60)[c % 4],
        wandering=0.08 if c % 3 == 0 else 0.0,
    )
    return f"the network turns bad: {world.broker.weather}"


@act(1.5)
def weather_clears(world: "World", a: int, b: int, c: int) -> str | None:
    """The network is well again."""
    world.broker.weather = Weather()
    return "the network is well again"


@act(2, fault="cable pulled")
def cable_pulled(world: "World", a: int, b: int, c: int) -> str | None:
    """A terminal is offline."""
    unit = unit_of(world, a)
    if not unit.link.plugged:
        return None
    unit.link.unplug()
    return f"{unit.name}: the cable is pulled"


@act(2.5)
def cable_back(world: "World", a: int, b: int, c: int) -> str | None:
    """And online again."""
    unit = unit_of(world, a)
    if unit.link.plugged:
        return None
    unit.link.plugged = True
    unit.stir()
    return f"{unit.name}: the cable is back"


@act(1, fault="frames held back")
def frames_held(world: "World", a: int, b: int, c: int) -> str | None:
    """What a terminal sends is stuck somewhere, or what is sent to it."""
    unit = unit_of(world, a)
    world.broker.hold_back(unit.config.terminal if b % 2 else unit.link.topic)
    return f"{unit.name}: what {'it is sent' if b % 2 else 'it sends'} is stuck somewhere"


@act(0.7)
def frames_pass(world: "World", a: int, b: int, c: int) -> str | None:
    """What is sent from now on overtakes what is stuck."""
    return "new frames overtake those that are stuck" if world.broker.pass_on() else None


@act(1.5)
def frames_let_go(world: "World", a: int, b: int, c: int) -> str | None:
    """What was stuck goes on."""
    freed = world.broker.let_go()
    return f"{freed} frames that were stuck go on" if freed else None


@act(1, fault="connection half open")
def half_open(world: "World", a: int, b: int, c: int) -> str | None:
    """A connection carries nothing any more and nobody notices."""
    unit = unit_of(world, a)
    if not unit.link.up:
        return None
    unit.link.deaf_from_s = world.hours.now_s
    return f"{unit.name}: the connection goes dead without a word"


@act(0.6, fault="broker down")
def broker_falls(world: "World", a: int, b: int, c: int) -> str | None:
    """The broker dies and forgets everything."""
    if not world.broker.up:
        return None
    world.broker.fall()
    return "the broker dies"


@act(1.2)
def broker_rises(world: "World", a: int, b: int, c: int) -> str | None:
    """It is back; the hub says again that it is there."""
    if world.broker.up:
        return None
    world.broker.up = True
    if world.hub.alive:
        world.hub.greet()
    return "the broker is back"


# ── the hub ─────────────────────────────────────────────────────────────────────────────────────


@act(3)
def hub_will_die(world: "World", a: int, b: int, c: int) -> str | None:
    """`kill -9` at one of the next commits, just before it or just after."""
    if not world.hub.alive or world.hub.dies_at:
        return None
    world.hub.dies_at = (world.hub.commits + 1 + c % 6, b % 2 == 1)
    return f"the hub will be killed {'after' if b % 2 else 'before'} its {1 + c % 6}th commit"


@act(0.4, fault="hub killed")
def hub_dies(world: "World", a: int, b: int, c: int) -> str | None:
    """`kill -9` now."""
    if not world.hub.alive:
        return None
    world.hub.die()
    return "the hub is killed"


@act(2.5)
def hub_starts(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody starts it again."""
    if world.hub.alive:
        return None
    world.hub.start()
    return "the hub starts"


# ── power and programs ──────────────────────────────────────────────────────────────────────────


@act(1.2, fault="power cut")
def power_cut(world: "World", a: int, b: int, c: int) -> str | None:
    """The plug is pulled while nothing is written."""
    unit = unit_of(world, a)
    if not unit.on:
        return None
    unit.cut_power()
    return f"{unit.name}: the power is cut"


@act(2.5)
def power_cut_at_write(world: "World", a: int, b: int, c: int) -> str | None:
    """The power goes at one of the next writes or flushes."""
    unit = unit_of(world, a)
    if not unit.on or unit.disk.acts_left:
        return None
    unit.disk.kills, unit.disk.acts_left = False, 1 + c % 60
    return f"{unit.name}: the power will go at its {1 + c % 60}th write or flush"


@act(1, fault="reboot")
def reboot(world: "World", a: int, b: int, c: int) -> str | None:
    """Switched off in good order and on again."""
    unit = unit_of(world, a)
    if unit.on:
        unit.shut_down()
    world.boot(unit)
    return f"{unit.name}: reboots"


@act(1.5)
def killed_at_write(world: "World", a: int, b: int, c: int) -> str | None:
    """`kill -9` of whichever program does the next write but so many."""
    unit = unit_of(world, a)
    if not unit.on or unit.disk.acts_left:
        return None
    unit.disk.kills, unit.disk.acts_left = True, 1 + c % 60
    return f"{unit.name}: kill -9 will come at its {1 + c % 60}th write or flush"


@act(0.8, fault="kiosk killed")
def kiosk_killed(world: "World", a: int, b: int, c: int) -> str | None:
    """`kill -9` of the kiosk; systemd starts it again."""
    unit = unit_of(world, a)
    if not unit.on:
        return None
    unit.start_kiosk()
    return f"{unit.name}: the kiosk is killed, and starts again"


@act(0.8, fault="sync killed")
def sync_killed(world: "World", a: int, b: int, c: int) -> str | None:
    """`kill -9` of sync; systemd starts it again."""
    unit = unit_of(world, a)
    if not unit.on:
        return None
    unit.start_sync()
    return f"{unit.name}: sync is killed, and starts again"


# ── disks and clocks ────────────────────────────────────────────────────────────────────────────


@act(0.7)
def disk_full(world: "World", a: int, b: int, c: int) -> str | None:
    """Files can't grow."""
    unit = unit_of(world, a)
    if unit.disk.trouble is not Trouble.NONE:
        return None
    unit.disk.trouble = Trouble.FULL
    return f"{unit.name}: the disk is full"


@act(1)
def disk_mended(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody makes room."""
    unit = unit_of(world, a)
    if unit.disk.trouble is not Trouble.FULL:
        return None
    unit.disk.trouble = Trouble.NONE
    return f"{unit.name}: there is room again"


@act(0.8)
def flush_fails(world: "World", a: int, b: int, c: int) -> str | None:
    """The next flush fails; what it was for never reaches the card, though the cache shows it."""
    unit = unit_of(world, a)
    if not unit.on or unit.disk.trouble is not Trouble.NONE:
        return None
    unit.disk.trouble = Trouble.SICK
    return f"{unit.name}: the next flush will fail"


@act(0.5)
def flush_lies(world: "World", a: int, b: int, c: int) -> str | None:
    """From now on flushes do nothing, and say that they did."""
    unit = unit_of(world, a)
    if not unit.on or unit.disk.trouble is not Trouble.NONE:
        return None
    unit.disk.lie()
    world.lying.add(unit.name)
    return f"{unit.name}: its card begins to lie"


@act(1, fault="clock wrong")
def clock_jumps(world: "World", a: int, b: int, c: int) -> str | None:
    """The wall clock is anywhere: 1970, twenty years on, an hour back."""
    unit = unit_of(world, a)
    unit.clock.wrong_s = (-2e9, 20 * 365 * 86400.0, -3600.0, 0.0)[c % 4]
    return f"{unit.name}: the wall clock is {unit.clock.wrong_s:+.0f} s off"


@act(0.8, fault="hub's clock wrong")
def hub_clock_jumps(world: "World", a: int, b: int, c: int) -> str | None:
    """The hub's clock is anywhere, or right again."""
    world.hours.hub_wrong_s = (-2e9, 20 * 365 * 86400.0, -3600.0, 86400.0, 0.0, 0.0)[c % 6]
    return f"the hub's clock is {world.hours.hub_wrong_s:+.0f} s off"


def unit_of(world: "World", a: int) -> Unit:
    """The terminal that it happens to."""
    return world.units[a % len(world.units)]
