# SPDX-License-Identifier: Apache-2.0
"""The queue between threads and loop never grows, never blocks, never lies about what it lost."""

from firmware.drivers.base import Event, PaperDone, Reading
from firmware.drivers.intake import READINGS, ROOM, Intake


def test_events_come_out_in_order():
    intake: Intake[Event] = Intake()
    intake.put(Reading("A", "x"))
    intake.put(PaperDone())
    assert intake.get(0) == Reading("A", "x")
    assert intake.get(0) == PaperDone()
    assert intake.get(0) is None


def test_a_stuck_scanner_loses_its_newest_readings_and_they_are_counted():
    intake: Intake[Event] = Intake()
    for number in range(READINGS + 5):
        intake.put(Reading(str(number), "x"))
    assert intake.dropped == 5
    kept = [intake.get(0) for _ in range(READINGS)]
    assert kept[-1] == Reading(str(READINGS - 1), "x")


def test_readings_never_crowd_out_a_receipt():
    intake: Intake[Event] = Intake()
    for number in range(2 * READINGS):
        intake.put(Reading(str(number), "x"))
    intake.put(PaperDone())
    events = [intake.get(0) for _ in range(READINGS + 1)]
    assert events[-1] == PaperDone()


def test_nothing_makes_it_grow_for_ever():
    intake: Intake[Event] = Intake()
    for _ in range(READINGS + ROOM + 7):
        intake.put(PaperDone())
    assert intake.dropped == 7
