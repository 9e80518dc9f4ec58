# SPDX-License-Identifier: Apache-2.0
"""A USB bus at the library's own door: descriptors, claims, time-outs and stalls as libusb has."""

import errno
from array import array
from dataclasses import dataclass, field
from time import sleep
from types import SimpleNamespace

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from tests.firmware.drivers.mechanism import RUBBISH, Mechanism, Mood

EPSON = (0x04B8, 0x0E15)
OUT, IN = 0x01, 0x82
PRINTER, VENDOR, KEYBOARD = 7, 255, 3
_BULK, _INTERRUPT = 2, 3
_MOST_SLEEP_S = 0.01


@dataclass(eq=False)
class FakeDevice:
    """What is plugged into one socket: by default a printer behind the system's own driver."""

    mechanism: Mechanism = field(default_factory=Mechanism)
    model: tuple[int, int] = EPSON
    kind: int = PRINTER
    endpoints: tuple[int, ...] = (OUT, IN)
    taken_by_kernel: bool = True
    refuses: int = 0
    """The errno with which it refuses to be opened."""
    stalled: bool = False
    """Its endpoints stand still until they are told to go on."""
    port_status: int | None = 0x18
    claimed: bool = False
    plugged: bool = True
    said: bytes = b""


class FakeBus(IBackend):
    """All that pyusb asks of a backend for one conversation."""

    def __init__(self, *devices: FakeDevice) -> None:
        self.devices = list(devices)

    def enumerate_devices(self):
        return [device for device in self.devices if device.plugged]

    def get_device_descriptor(self, dev):
        return _Descriptor(idVendor=dev.model[0], idProduct=dev.model[1], bNumConfigurations=1)

    def get_configuration_descriptor(self, dev, config):
        if config:
            raise IndexError(config)
        return _Descriptor(bNumInterfaces=1, bConfigurationValue=1)

    def get_interface_descriptor(self, dev, intf, alt, config):
        if intf or alt or config:
            raise IndexError(intf)
        return _Descriptor(
            bInterfaceClass=dev.kind, bInterfaceNumber=0, bNumEndpoints=len(dev.endpoints)
        )

    def get_endpoint_descriptor(self, dev, ep, intf, alt, config):
        kind = _INTERRUPT if dev.kind == KEYBOARD else _BULK
        return _Descriptor(bEndpointAddress=dev.endpoints[ep], bmAttributes=kind)

    def open_device(self, dev):
        self._there(dev)
        if dev.refuses:
            raise USBError("refused", errno=dev.refuses)
        return dev

    def close_device(self, dev_handle):
        dev_handle.claimed = False

    def get_configuration(self, dev_handle):
        self._there(dev_handle)
        return 1

    def is_kernel_driver_active(self, dev_handle, intf):
        return dev_handle.taken_by_kernel

    def detach_kernel_driver(self, dev_handle, intf):
        dev_handle.taken_by_kernel = False

    def claim_interface(self, dev_handle, intf):
        self._there(dev_handle)
        if dev_handle.taken_by_kernel:
            raise USBError("busy", errno=errno.EBUSY)
        dev_handle.claimed = True

    def release_interface(self, dev_handle, intf):
        dev_handle.claimed = False

    def clear_halt(self, dev_handle, ep):
        dev_handle.stalled = False

    def bulk_write(self, dev_handle, ep, intf, data, timeout):
        self._usable(dev_handle, OUT, ep)
        mechanism = dev_handle.mechanism
        if mechanism.mood is Mood.HANGING:
            self._late(timeout)
        dev_handle.said += mechanism.hear(bytes(data))
        if mechanism.torn_off:
            dev_handle.plugged = False
        self._there(dev_handle)
        return len(data)

    def bulk_read(self, dev_handle, ep, intf, buff: array, timeout):
        self._usable(dev_handle, IN, ep)
        if dev_handle.mechanism.mood is Mood.FLOODING:
            dev_handle.said += RUBBISH
        if not dev_handle.said:
            self._late(timeout)
        taken, dev_handle.said = dev_handle.said[: len(buff)], dev_handle.said[len(buff) :]
        buff[: len(taken)] = array("B", taken)
        return len(taken)

    def ctrl_transfer(self, dev_handle, *request):
        *kind, _value, _index, data, _timeout = request
        self._there(dev_handle)
        if kind != [0xA1, 1] or dev_handle.port_status is None:
            raise USBError("pipe", errno=errno.EPIPE)
        data[0] = dev_handle.port_status
        return 1

    def _usable(self, dev: FakeDevice, wanted: int, endpoint: int) -> None:
        self._there(dev)
        assert endpoint == wanted
        assert dev.claimed, "used without a claim"
        if dev.stalled:
            raise USBError("stall", errno=errno.EPIPE)

    def _there(self, dev: FakeDevice) -> None:
        if not dev.plugged:
            raise USBError("gone", errno=errno.ENODEV)

    def _late(self, timeout_ms: int) -> None:
        assert timeout_ms, "0 would wait for ever"
        sleep(min(timeout_ms / 1000, _MOST_SLEEP_S))
        raise USBTimeoutError("late", errno=errno.ETIMEDOUT)


class _Descriptor(SimpleNamespace):
    """Whatever pyusb copies out of a descriptor and nobody here cares about is 0."""

    def __getattr__(self, name: str) -> int:
        if name.startswith("__"):
            raise AttributeError(name)
        return 0
