# SPDX-License-Identifier: Apache-2.0
"""A URL picks its driver, late, and a wrong one is told with what would be right."""

import subprocess
import sys

import pytest

from firmware.drivers import SCHEMES, open_printer, open_scanner, open_signal
from firmware.drivers.base import Printer, Scanner, Signal
from firmware.faults import BadSetting

SAMPLES = {
    "hid": "hid://any?layout=fr",
    "serial": "serial:///dev/serial/by-id/usb-Datalogic?baud=115200",
    "pcsc": "pcsc://ACR122U",
    "usb": "usb://04b8:0e15?columns=42",
    "tcp": "tcp://192.168.1.9:9100?columns=32",
    "file": "file:///dev/usb/lp0",
    "gpio": "gpio://17,27,22?buzzer=12&active=low",
    "mock": "mock:",
}
OPEN = {"scanner": open_scanner, "printer": open_printer, "signal": open_signal}
KIND = {"scanner": Scanner, "printer": Printer, "signal": Signal}


@pytest.mark.parametrize(("role", "scheme"), [(r, s) for r, all_ in SCHEMES.items() for s in all_])
def test_each_scheme_opens_without_its_hardware(role, scheme):
    assert isinstance(OPEN[role](SAMPLES[scheme]), KIND[role])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hide://any", "vouliez-vous dire hid"),
        ("", "Possible : hid, mock, pcsc, serial"),
        ("tcp://10.0.0.9:9100", "Possible : hid, mock, pcsc, serial"),
        ("hid://any?layuot=fr", "vouliez-vous dire layout"),
        ("mock:?colour=red", "Possible : –"),
        ("hid://[any", "illisible"),
    ],
)
def test_a_wrong_scanner_is_refused_in_words(url, said):
    with pytest.raises(BadSetting, match=said) as refused:
        open_scanner(url)
    assert refused.value.permanent


@pytest.mark.parametrize(
    "url",
    [
        *("tcp://", "tcp://shop:99999", "tcp://shop:x", "tcp://a?columns=3"),
        *("file:///x?timeout_s=0", "file:///x?logo=/nowhere.png"),
        *("usb://", "usb://epson", "usb://04b8", "usb://04b8:0e15?baud=9600"),
        *("serial:///dev/ttyS0?flow=maybe", "serial:///dev/ttyS0?prefix=A"),
    ],
)
def test_a_wrong_printer_is_refused_in_words(url):
    with pytest.raises(BadSetting):
        open_printer(url)


@pytest.mark.parametrize("url", ["gpio://17", "gpio://a,b,c", "gpio://1,2,3?active=maybe"])
def test_a_wrong_signal_is_refused_in_words(url):
    with pytest.raises(BadSetting):
        open_signal(url)


def test_naming_drivers_imports_none_of_their_libraries():
    loaded = "import sys, firmware.drivers, firmware.drivers.supervise; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", loaded], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"evdev", "serial", "escpos", "gpiozero", "usb", "PIL"} & set(modules)
