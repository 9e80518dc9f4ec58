# SPDX-License-Identifier: Apache-2.0
"""Hardware behind one door: a device is a URL, and its scheme picks the driver.

`mock:` stands for any hardware, and ships: the virtual terminal and the tests run on it.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final, cast

from firmware.drivers.address import unknown
from firmware.drivers.base import Printer, Scanner, Signal

__all__ = ["SCHEMES", "open_printer", "open_scanner", "open_signal"]

SCHEMES: Final[Mapping[str, Mapping[str, str]]] = {
    "scanner": {
        "hid": "firmware.drivers.hid:HidScanner",
        "serial": "firmware.drivers.serial:SerialScanner",
        "pcsc": "firmware.drivers.pcsc:PcscScanner",
        "mock": "firmware.drivers.mock:MockScanner",
    },
    "printer": {
        "usb": "firmware.drivers.usb:UsbPrinter",
        "serial": "firmware.drivers.serial:SerialPrinter",
        "tcp": "firmware.drivers.tcp:TcpPrinter",
        "file": "firmware.drivers.file:FilePrinter",
        "mock": "firmware.drivers.mock:MockPrinter",
    },
    "signal": {
        "gpio": "firmware.drivers.gpio:GpioSignal",
        "mock": "firmware.drivers.mock:MockSignal",
    },
}
"""Where each driver lives, by what it is for and by scheme. Words, so that naming a driver does
not import its library: a laptop needs no GPIO."""


def open_scanner(url: str) -> Scanner:
    """The scanner at this address; no hardware is touched before it listens.

    Raises:
        BadSetting: no scanner has such an address.
    """
    return cast("Scanner", _driver("scanner", url)(url))


def open_printer(url: str) -> Printer:
    """The printer at this address; no hardware is touched before it prints.

    Raises:
        BadSetting: no printer has such an address.
    """
    return cast("Printer", _driver("printer", url)(url))


def open_signal(url: str) -> Signal:
    """The lights and the buzzer at this address; no hardware is touched before they show.

    Raises:
        BadSetting: no signal has such an address.
    """
    return cast("Signal", _driver("signal", url)(url))


def _driver(role: str, url: str) -> Callable[[str], object]:
    schemes = SCHEMES[role]
    scheme = url.partition(":")[0]
    if scheme not in schemes:
        raise unknown(url, scheme, schemes)
    module, _, name = schemes[scheme].partition(":")
    return cast("Callable[[str], object]", getattr(import_module(module), name))
