# SPDX-License-Identifier: Apache-2.0
"""Printers that hang, never answer, run out half-way, or are only a file."""

import os
from pathlib import Path
from socket import socketpair
from time import sleep

import pytest

from firmware.drivers import escpos
from firmware.drivers.base import PrinterStatus
from firmware.drivers.file import FilePrinter
from firmware.drivers.line import FileLine, Line
from firmware.drivers.paper import Cut, Paper, Text
from firmware.faults import PrinterOffline
from tests.firmware.drivers.printer_benches import TcpBench

RECEIPT = Paper((Text("Bonjour"), Cut()))


@pytest.fixture
def network(tmp_path):
    bench = TcpBench(tmp_path)
    yield bench
    bench.close()


def test_a_printer_that_takes_nothing_more_hangs():
    ours, theirs = socketpair()
    ours.setblocking(False)
    with ours, theirs, pytest.raises(PrinterOffline):
        FileLine(ours.fileno(), timeout_s=0.05).send(bytes(5_000_000))


class Drop(Line):
    """A printer that takes one byte at a time, and only once in a while."""

    def __init__(self) -> None:
        super().__init__(timeout_s=0.05)

    def write(self, data: memoryview, timeout_s: float) -> int:
        sleep(timeout_s / 2)
        return 1

    def read(self, timeout_s: float) -> bytes:
        return b""


def test_a_printer_that_takes_a_drop_at_a_time_hangs_too():
    with pytest.raises(PrinterOffline):
        Drop().send(bytes(1_000))


def test_a_printer_that_drops_the_connection_is_offline(network):
    network.printer.print(RECEIPT)
    network.remove()
    assert network.printer.status() is PrinterStatus.OFFLINE


def test_receipts_are_added_to_a_plain_file(plain):
    path = plain / "reçus.bin"
    printer = FilePrinter(f"file://{path}")
    printer.print(RECEIPT)
    printer.print(RECEIPT)
    assert path.read_bytes() == 2 * escpos.encode(RECEIPT)
    assert printer.status() is PrinterStatus.UNKNOWN


def test_a_file_in_a_folder_that_is_not_there_is_a_printer_that_is_not_there(plain):
    with pytest.raises(PrinterOffline):
        FilePrinter(f"file://{plain}/no/receipts.bin").print(RECEIPT)


def test_an_unplugged_printer_does_not_become_a_plain_file():
    path = Path(f"/dev/shm/printer-{os.getpid()}")
    try:
        assert FilePrinter(f"file://{path}").status() is PrinterStatus.OFFLINE
        assert not path.exists()
    finally:
        path.unlink(missing_ok=True)
