# SPDX-License-Identifier: Apache-2.0
"""What keyboards do that other scanners don't: layouts, grabs, lost keys, several at once."""

import pytest
from evdev import ecodes

from firmware.drivers.base import Away, Connected, Event, Reading
from firmware.drivers.hid import HidScanner
from firmware.drivers.intake import Intake
from firmware.drivers.supervise import Scanning
from firmware.faults import BadSetting, Forbidden
from tests.firmware.drivers.events import eventually, heard
from tests.firmware.drivers.scanner_benches import FakeBus, FakeKeyboard

DIGITS_OF_HA112 = (ecodes.KEY_1, ecodes.KEY_1, ecodes.KEY_2)
SHIFT = ecodes.KEY_LEFTSHIFT


@pytest.fixture
def bus():
    return FakeBus()


@pytest.fixture
def intake():
    return Intake[Event]()


@pytest.fixture
def scan(bus, intake):
    """Start a scanner at a URL; what it does is heard by `intake`."""
    started = []

    def start(url: str) -> None:
        scanner = HidScanner(url, paths=bus.paths, device=bus.open)
        scanning = Scanning(scanner, first_pause_s=0.01)
        started.append(scanning)
        scanning.start(intake.put)

    yield start
    for scanning in started:
        scanning.stop()


def test_a_scanner_set_up_for_french_types_digits_with_shift(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any?layout=fr")
    heard(intake, Connected)
    keyboard.press(ecodes.KEY_H, SHIFT)
    keyboard.press(ecodes.KEY_Q, SHIFT)  # where a French keyboard has its A
    for digit in DIGITS_OF_HA112:
        keyboard.press(digit, SHIFT)
    keyboard.press(ecodes.KEY_ENTER)
    assert heard(intake, Reading).code == "HA112"


def test_the_wrong_layout_reads_what_the_shop_would_complain_about(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any?layout=fr")
    heard(intake, Connected)
    for digit in DIGITS_OF_HA112:
        keyboard.press(digit)
    keyboard.press(ecodes.KEY_TAB)
    assert heard(intake, Reading).code == "&&é"


def test_digits_of_the_number_pad_are_digits(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any")
    heard(intake, Connected)
    for key in (ecodes.KEY_KP2, ecodes.KEY_KP0, ecodes.KEY_KP9, ecodes.KEY_KPENTER):
        keyboard.press(key)
    assert heard(intake, Reading).code == "209"


def test_a_key_that_repeats_is_typed_once(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any")
    heard(intake, Connected)
    for value in (1, 2, 2, 0):
        keyboard.emit(ecodes.EV_KEY, ecodes.KEY_7, value)
    keyboard.press(ecodes.KEY_ENTER)
    assert heard(intake, Reading).code == "7"


def test_prefix_and_suffix_are_taken_off(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any?prefix=%5DE0&suffix=;")
    heard(intake, Connected)
    keyboard.type("]E02000000000015;\r2000000000015\r")
    assert heard(intake, Reading).code == "2000000000015"
    assert heard(intake, Reading).code == "2000000000015"


def test_a_code_with_lost_keys_is_not_read_at_all(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any")
    heard(intake, Connected)
    keyboard.type("20000")
    keyboard.emit(ecodes.EV_KEY, SHIFT, 1)
    keyboard.emit(ecodes.EV_SYN, ecodes.SYN_DROPPED, 0)
    keyboard.type("00015\rA1b\r")
    assert heard(intake, Reading).code == "A1b"


def test_half_a_code_is_forgotten_after_a_silence(bus, intake, scan):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any")
    heard(intake, Connected)
    keyboard.type("20000")
    keyboard.pause(5)
    keyboard.type("A1\r")
    assert heard(intake, Reading).code == "A1"


def test_two_scanners_at_once_do_not_mix(bus, intake, scan):
    left = bus.plug(FakeKeyboard("/dev/input/event0"))
    right = bus.plug(FakeKeyboard("/dev/input/event1"))
    scan("hid://any")
    heard(intake, Connected)
    for a, b in zip("LEFT77\r", "right8\r", strict=True):
        left.type(a)
        right.type(b)
    read = {reading.source: reading.code for reading in (heard(intake, Reading) for _ in "12")}
    assert read == {left.phys: "LEFT77", right.phys: "right8"}


def test_one_more_scanner_is_found_while_the_first_works(bus, intake, scan):
    first = bus.plug(FakeKeyboard("/dev/input/event0"))
    scan("hid://any")
    heard(intake, Connected)
    first.type("A1\r")
    heard(intake, Reading)
    second = bus.plug(FakeKeyboard("/dev/input/event1"))
    second.type("B2\r")
    assert heard(intake, Reading) == Reading("B2", second.phys)
    bus.unplug(first.path)
    second.type("C3\r")
    assert heard(intake, Reading).code == "C3"


def test_a_scanner_that_is_pulled_out_while_all_are_listed_disturbs_no_other(bus, intake):
    keyboard = bus.plug(FakeKeyboard("/dev/input/event0"))
    looks = []

    def paths() -> list[str]:
        looks.append(keyboard)
        if len(looks) > 1:
            raise FileNotFoundError("/dev/input/event1")
        return bus.paths()

    scanning = Scanning(HidScanner("hid://any", paths=paths, device=bus.open))
    scanning.start(intake.put)
    heard(intake, Connected)
    eventually(lambda: len(looks) > 1)
    keyboard.type("A1\r")
    assert heard(intake, Reading).code == "A1"
    scanning.stop()


def test_a_mouse_and_a_power_key_are_no_scanners(bus, intake, scan):
    bus.plug(FakeKeyboard("/dev/input/event0", keys=(ecodes.BTN_LEFT, ecodes.BTN_TOUCH)))
    bus.plug(FakeKeyboard("/dev/input/event1", keys=(ecodes.KEY_POWER,)))
    scan("hid://any")
    heard(intake, Away)


def test_a_scanner_that_another_program_holds_is_said_and_tried_again(bus, intake, scan):
    held = FakeKeyboard("/dev/input/event0")
    held.grabbed_by_another = True
    bus.plug(held)
    scan("hid:///dev/input/event0")
    away = heard(intake, Away)
    assert isinstance(away.fault, Forbidden)
    bus.plug(FakeKeyboard("/dev/input/event0"))
    heard(intake, Connected)


def test_a_scanner_that_may_not_be_read_is_named(intake):
    def forbidden(path: str):
        raise PermissionError(path)

    scanning = Scanning(HidScanner("hid:///dev/input/event7", device=forbidden))
    scanning.start(intake.put)
    assert "/dev/input/event7" in str(heard(intake, Away).fault)
    scanning.stop()


def test_a_layout_nobody_knows_is_refused_with_a_suggestion():
    with pytest.raises(BadSetting, match="vouliez-vous dire fr"):
        HidScanner("hid://any?layout=frr")
