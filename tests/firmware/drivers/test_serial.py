# SPDX-License-Identifier: Apache-2.0
"""What serial lines do that other scanners don't: bytes, locks, names that change."""

import os
import termios

import pytest

from firmware.drivers.base import Away, Connected, Event, Reading
from firmware.drivers.intake import Intake
from firmware.drivers.serial import SerialPrinter, SerialScanner
from firmware.drivers.supervise import Scanning
from firmware.faults import BadSetting, Forbidden
from tests.firmware.drivers.events import heard


@pytest.fixture
def line():
    """Both ends of a serial line: ours to write to, and the scanner's path."""
    master, slave = os.openpty()
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


@pytest.fixture
def listen():
    """Start the scanner at a URL and give what is heard of it."""
    started = []

    def start(url: str) -> Intake[Event]:
        intake: Intake[Event] = Intake()
        started.append(Scanning(SerialScanner(url), first_pause_s=0.01))
        started[-1].start(intake.put)
        return intake

    yield start
    for scanning in started:
        scanning.stop()


def test_a_qr_code_with_accents_is_read_even_cut_inside_a_letter(line, listen):
    master, path = line
    intake = listen(f"serial://{path}?baud=115200")
    heard(intake, Connected)
    sent = "Élodie\r\n".encode()
    os.write(master, sent[:1])
    os.write(master, sent[1:])
    assert heard(intake, Reading).code == "Élodie"


def test_prefix_and_suffix_are_taken_off(line, listen):
    master, path = line
    intake = listen(f"serial://{path}?prefix=%5DC1&suffix=%23")
    heard(intake, Connected)
    os.write(master, b"]C1HA112#\r")
    assert heard(intake, Reading).code == "HA112"


def test_garbage_on_the_line_is_a_reading_that_no_card_has(line, listen):
    master, path = line
    intake = listen(f"serial://{path}")
    heard(intake, Connected)
    os.write(master, b"\xff\xfe\x00A\r")
    assert heard(intake, Reading).code == "\ufffd\ufffdA"


def test_a_line_that_another_program_holds_is_said(line, listen):
    _, path = line
    heard(listen(f"serial://{path}"), Connected)
    assert isinstance(heard(listen(f"serial://{path}"), Away).fault, Forbidden)


@pytest.mark.parametrize("baud", ["fast", "-1", "0", "nan"])
def test_a_speed_that_makes_no_sense_is_refused(baud):
    with pytest.raises(BadSetting, match="baud"):
        SerialScanner(f"serial:///dev/ttyUSB0?baud={baud}")


@pytest.mark.parametrize(("flow", "rts", "xon"), [("none", 0, 0), ("rts", 1, 0), ("xon", 0, 1)])
def test_a_printer_s_line_is_set_as_asked(line, flow, rts, xon):
    _, path = line
    with SerialPrinter(f"serial://{path}?baud=19200&flow={flow}")._line():
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        inwards, _, control, _, _, speed, _ = termios.tcgetattr(fd)
        os.close(fd)
    assert bool(control & termios.CRTSCTS) == rts
    assert bool(inwards & termios.IXON) == xon
    assert speed == termios.B19200
