# SPDX-License-Identifier: Apache-2.0
"""Printers that hang, never answer, run out half-way, or are only a file."""

import os
from pathlib import Path
from socket import socketpair

import pytest

from firmware.drivers import escpos
from firmware.drivers.base import PrinterStatus
from firmware.drivers.file import FilePrinter
from firmware.drivers.paper import Cut, Paper, Text
from firmware.drivers.thermal import Line
from firmware.faults import PaperOut, PrinterOffline
from tests.firmware.drivers.events import eventually
from tests.firmware.drivers.printer_benches import DeviceBench, TcpBench

RECEIPT = Paper((Text("Bonjour"), Cut()))


@pytest.fixture(params=[TcpBench, DeviceBench])
def bench(request, tmp_path):
    bench = request.param(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def network(tmp_path):
    bench = TcpBench(tmp_path)
    yield bench
    bench.close()


def test_paper_that_ends_half_way_is_a_fault_so_that_the_receipt_comes_again(bench):
    bench.mechanism.last_sheet = True
    with pytest.raises(PaperOut):
        bench.printer.print(RECEIPT)


def test_a_printer_that_never_answers_is_trusted_to_print(bench):
    bench.mechanism.mute = True
    bench.printer.print(RECEIPT)
    eventually(lambda: bench.paper() == escpos.encode(RECEIPT))
    assert bench.printer.status() is PrinterStatus.UNKNOWN


def test_a_printer_that_stops_answering_hangs(bench):
    assert bench.printer.status() is PrinterStatus.READY
    bench.mechanism.mute = True
    with pytest.raises(PrinterOffline):
        bench.printer.print(RECEIPT)
    assert bench.paper() == b""


def test_a_printer_that_takes_nothing_more_hangs():
    ours, theirs = socketpair()
    ours.setblocking(False)
    with ours, theirs, pytest.raises(PrinterOffline):
        Line(ours.fileno(), timeout_s=0.05).send(bytes(5_000_000))


def test_a_printer_that_drops_the_connection_is_offline(network):
    network.printer.print(RECEIPT)
    network.remove()
    assert network.printer.status() is PrinterStatus.OFFLINE


def test_receipts_are_added_to_a_plain_file(tmp_path):
    path = tmp_path / "reçus.bin"
    printer = FilePrinter(f"file://{path}")
    printer.print(RECEIPT)
    printer.print(RECEIPT)
    assert path.read_bytes() == 2 * escpos.encode(RECEIPT)
    assert printer.status() is PrinterStatus.UNKNOWN


def test_a_file_in_a_folder_that_is_not_there_is_a_printer_that_is_not_there(tmp_path):
    with pytest.raises(PrinterOffline):
        FilePrinter(f"file://{tmp_path}/no/receipts.bin").print(RECEIPT)


def test_an_unplugged_printer_does_not_become_a_plain_file():
    path = Path(f"/dev/shm/printer-{os.getpid()}")
    try:
        assert FilePrinter(f"file://{path}").status() is PrinterStatus.OFFLINE
        assert not path.exists()
    finally:
        path.unlink(missing_ok=True)
