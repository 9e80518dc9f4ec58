# SPDX-License-Identifier: Apache-2.0
"""Receipt printers on USB: `usb://04b8:0e15`, its maker and model, or `usb://any`."""

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import libusb_package
import usb.core
import usb.util
from usb.core import USBError, USBTimeoutError

from firmware.drivers.line import CHUNK_BYTES, Line
from firmware.drivers.thermal import ThermalPrinter
from firmware.faults import BadSetting, PrinterOffline

_EVERY: Final = "any"
_MODEL: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")

_PRINTER: Final = 7
_VENDOR: Final = 255
"""The class of many cheap printers' interfaces."""

# GET_PORT_STATUS of the printer class: one byte, of which two bits are ours
_PORT_STATUS: Final = (0xA1, 1)
_PORT_FIXED: Final = 0b1100_0111
_PORT_PAPER_OUT: Final = 0b0010_0000


class UsbPrinter(ThermalPrinter):
    """Taken from the system's own driver, and found again wherever it is plugged in."""

    def __init__(
        self, url: str, *, backend: Callable[[], object] = libusb_package.get_libusb1_backend
    ) -> None:
        super().__init__(url)
        place = self._address.place
        model = _MODEL.fullmatch(place)
        if not model and place != _EVERY:
            raise BadSetting(
                "Dans {url}, il faut any ou la marque et le modèle, comme 04b8:0e15.", url=url
            )
        self._model = tuple(int(part, 16) for part in model.groups()) if model else None
        self._backend = backend

    @contextmanager
    def _line(self) -> Iterator[Line]:
        try:
            printer = self._find()
            interface = _interface(printer)
            if interface is None:
                raise PrinterOffline(
                    "Ce qui est branché à {url} n’est pas une imprimante.", url=self._address.url
                )
            _claim(printer, interface)
        except USBError as error:
            raise self._unopened(error) from error
        try:
            yield _UsbLine(printer, interface, timeout_s=self._timeout_s)
        finally:
            with suppress(USBError):
                usb.util.dispose_resources(printer)

    def _find(self) -> Any:  # noqa: ANN401 - the library has no types
        """The printer that is wanted.

        Raises:
            PrinterOffline: it is not there; others that are, are named.
        """
        there = list(usb.core.find(find_all=True, backend=self._backend()))
        wanted = [
            device
            for device in there
            if (_is_printer(device) if self._model is None else _model(device) == self._model)
        ]
        if wanted:
            return wanted[0]
        others = ", ".join("{:04x}:{:04x}".format(*_model(d)) for d in there if _is_printer(d))
        if others:
            raise PrinterOffline(
                "L’imprimante {url} n’est pas branchée, mais il y a : {others}.",
                url=self._address.url,
                others=others,
            )
        raise PrinterOffline

    def _unopened(self, error: USBError) -> PrinterOffline:
        match error.errno:
            case errno.EACCES | errno.EPERM:
                text = "Le terminal n’a pas le droit d’ouvrir l’imprimante {url}."
            case errno.EBUSY:
                text = (
                    "L’imprimante {url} est prise par un autre programme : redémarrez le terminal."
                )
            case _:
                return PrinterOffline()
        return PrinterOffline(text, url=self._address.url)


class _UsbLine(Line):
    """The bulk endpoints of one printer."""

    def __init__(self, printer: Any, interface: Any, *, timeout_s: float) -> None:  # noqa: ANN401
        self._printer = printer
        self._interface = interface
        self._out = _endpoint(interface, usb.util.ENDPOINT_OUT)
        self._in = _endpoint(interface, usb.util.ENDPOINT_IN)
        super().__init__(timeout_s=timeout_s, answers=self._in is not None)

    def write(self, data: memoryview, timeout_s: float) -> int:
        try:
            return int(self._out.write(bytes(data), _ms(timeout_s)))
        except USBTimeoutError:
            return 0
        except USBError as error:
            self._unblock(self._out, error)
            raise PrinterOffline from error

    def read(self, timeout_s: float) -> bytes:
        try:
            return bytes(self._in.read(CHUNK_BYTES, _ms(timeout_s)))
        except USBTimeoutError:
            return b""
        except USBError as error:
            self._unblock(self._in, error)
            raise PrinterOffline from error

    def paper_is_out(self) -> bool:
        number = self._interface.bInterfaceNumber << 8
        try:
            (said,) = self._printer.ctrl_transfer(*_PORT_STATUS, 0, number, 1, _ms(self._timeout_s))
        except (USBError, ValueError):
            return False
        return said & _PORT_FIXED == 0 and bool(said & _PORT_PAPER_OUT)

    def _unblock(self, endpoint: Any, error: USBError) -> None:  # noqa: ANN401
        """After a stall the endpoint takes nothing until it is told to."""
        if error.errno == errno.EPIPE:
            with suppress(USBError):
                endpoint.clear_halt()


def _claim(printer: Any, interface: Any) -> None:  # noqa: ANN401
    number = interface.bInterfaceNumber
    with suppress(NotImplementedError):  # said by libusb where the system binds no such driver
        if printer.is_kernel_driver_active(number):
            printer.detach_kernel_driver(number)
    usb.util.claim_interface(printer, number)


def _interface(device: Any) -> Any:  # noqa: ANN401
    """Where receipts go in: what says that it is a printer, else what only its maker knows."""
    there = [i for config in device for i in config if _endpoint(i, usb.util.ENDPOINT_OUT)]
    for kind in (_PRINTER, _VENDOR):
        for interface in there:
            if interface.bInterfaceClass == kind:
                return interface
    return None


def _is_printer(device: Any) -> bool:  # noqa: ANN401
    try:
        return any(i.bInterfaceClass == _PRINTER for config in device for i in config)
    except USBError:
        return False


def _model(device: Any) -> tuple[int, int]:  # noqa: ANN401
    return device.idVendor, device.idProduct


def _endpoint(interface: Any, direction: int) -> Any:  # noqa: ANN401
    return usb.util.find_descriptor(
        interface,
        custom_match=lambda end: (
            usb.util.endpoint_direction(end.bEndpointAddress) == direction
            and usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ),
    )


def _ms(seconds: float) -> int:
    """The library's unit, in which 0 would mean for ever."""
    return max(1, round(seconds * 1000))
