# SPDX-License-Identifier: Apache-2.0
"""What kiosk and sync tell each other: the link, the switch of the network, the till's health."""

from firmware.store import cursors
from firmware.store.cursors import LinkState, Position
from tests.firmware.store.shelf import Shelf


def changes(shelf: Shelf) -> object:
    return shelf.db.row("SELECT total_changes()")


def test_a_new_terminal_has_read_nothing_and_heard_nobody(shelf: Shelf) -> None:
    assert cursors.position(shelf.db) == Position(0, "")
    assert cursors.link_state(shelf.db) == LinkState()
    assert not cursors.link_state(shelf.db).reachable


def test_the_hub_can_be_asked_only_when_broker_and_hub_are_there(shelf: Shelf) -> None:
    for online, hub_up in ((True, False), (False, True), (True, True)):
        cursors.set_link_state(shelf.db, LinkState(online=online, hub_up=hub_up))
        assert cursors.link_state(shelf.db).reachable is (online and hub_up)


def test_saying_the_same_again_costs_no_write(shelf: Shelf) -> None:
    state = LinkState(online=True, hub_up=True, last_heard_ms=5)
    cursors.set_link_state(shelf.db, state)
    cursors.set_network(shelf.db, on=False)
    before = changes(shelf)
    cursors.set_link_state(shelf.db, state)
    cursors.set_network(shelf.db, on=False)
    assert changes(shelf) == before


def test_the_network_is_on_until_somebody_cuts_it(shelf: Shelf) -> None:
    assert cursors.network_on(shelf.db)
    cursors.set_network(shelf.db, on=False)
    shelf.reopen()
    assert not cursors.network_on(shelf.db)


def test_the_till_is_alive_as_long_as_it_says_so(shelf: Shelf) -> None:
    def alive() -> bool:
        return cursors.till_health(shelf.db, clock=shelf.clock).alive

    assert not alive()
    cursors.report_health(shelf.db, clock=shelf.clock, printer="ok", scanner="Unplugged")
    assert alive()
    assert cursors.till_health(shelf.db, clock=shelf.clock).scanner == "Unplugged"
    shelf.clock.pass_s(119)
    assert alive()
    shelf.clock.pass_s(2)
    assert not alive()


def test_a_till_of_an_earlier_boot_is_not_alive(shelf: Shelf) -> None:
    cursors.report_health(shelf.db, clock=shelf.clock, printer="ok", scanner="ok")
    shelf.clock.reboot()
    assert not cursors.till_health(shelf.db, clock=shelf.clock).alive


def test_health_is_written_when_it_changes_and_else_once_a_minute(shelf: Shelf) -> None:
    def report(printer: str = "ok") -> None:
        cursors.report_health(shelf.db, clock=shelf.clock, printer=printer, scanner="ok")

    report()
    before = changes(shelf)
    shelf.clock.pass_s(30)
    report()
    assert changes(shelf) == before
    report("PaperOut")
    after = changes(shelf)
    assert after != before
    shelf.clock.pass_s(61)
    report("PaperOut")
    assert changes(shelf) != after
