# SPDX-License-Identifier: Apache-2.0
"""What USB does that other cables don't: other drivers, stalls, models, printers without a voice."""

import pytest

from firmware.drivers import escpos
from firmware.drivers.base import PrinterStatus
from firmware.drivers.paper import Cut, Paper, Text
from firmware.drivers.usb import UsbPrinter
from firmware.faults import PrinterOffline
from tests.firmware.drivers.fake_usb import (
    IN,
    KEYBOARD,
    OUT,
    VENDOR,
    FakeBus,
    FakeDevice,
)
from tests.firmware.drivers.mechanism import Mood

RECEIPT = Paper((Text("Bonjour"), Cut()))
PRINTED = escpos.encode(RECEIPT)


def printer(*devices: FakeDevice, url: str = "usb://04b8:0e15") -> UsbPrinter:
    return UsbPrinter(f"{url}?timeout_s=0.1", backend=lambda: FakeBus(*devices))


def test_the_printer_is_taken_from_the_system_and_given_free_after_each_receipt():
    device = FakeDevice()
    printer(device).print(RECEIPT)
    assert device.mechanism.paper == PRINTED
    assert not device.taken_by_kernel
    assert not device.claimed


def test_any_is_the_first_printer_whatever_else_is_plugged_in():
    keyboard = FakeDevice(model=(0x0C2E, 0x0B61), kind=KEYBOARD, endpoints=(IN,))
    device = FakeDevice(model=(0x0519, 0x0003))
    printer(keyboard, device, url="usb://any").print(RECEIPT)
    assert device.mechanism.paper == PRINTED


def test_a_cheap_printer_that_says_no_class_is_found_by_its_model():
    device = FakeDevice(kind=VENDOR)
    printer(FakeDevice(model=(0x0519, 0x0003)), device).print(RECEIPT)
    assert device.mechanism.paper == PRINTED


def test_a_printer_without_a_way_back_is_trusted_to_print():
    device = FakeDevice(endpoints=(OUT,))
    printer(device).print(RECEIPT)
    assert device.mechanism.paper == PRINTED
    assert printer(device).status() is PrinterStatus.UNKNOWN


def test_a_mute_printer_may_still_say_on_its_cable_that_the_paper_is_out():
    device = FakeDevice(port_status=0x38)
    device.mechanism.mood = Mood.MUTE
    assert printer(device).status() is PrinterStatus.PAPER_OUT


@pytest.mark.parametrize("rubbish", [0xFF, 0x00, 0x18, None])
def test_any_other_word_of_the_cable_means_nothing(rubbish):
    device = FakeDevice(port_status=rubbish)
    device.mechanism.mood = Mood.MUTE
    assert printer(device).status() is PrinterStatus.UNKNOWN


def test_a_stalled_printer_is_told_to_go_on_and_prints_the_next_time():
    device = FakeDevice(stalled=True)
    stalled = printer(device)
    with pytest.raises(PrinterOffline):
        stalled.print(RECEIPT)
    stalled.print(RECEIPT)
    assert device.mechanism.paper == PRINTED


def test_two_printers_of_one_model_are_no_trouble():
    first, second = FakeDevice(), FakeDevice()
    printer(first, second).print(RECEIPT)
    assert (first.mechanism.paper, second.mechanism.paper) == (PRINTED, b"")


def test_without_any_bus_the_printer_is_not_there():
    assert printer().status() is PrinterStatus.OFFLINE


def test_the_libusb_that_comes_with_us_is_there():
    """The real library, on whatever bus this machine has: no printer of that model is on it."""
    assert UsbPrinter("usb://ffff:ffff").status() is PrinterStatus.OFFLINE
