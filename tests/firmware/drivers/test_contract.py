# SPDX-License-Identifier: Apache-2.0
"""Run the contract over every scheme there is: a new driver without a bench fails here."""

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from firmware.drivers import SCHEMES
from firmware.drivers.gpio import GpioSignal
from firmware.drivers.mock import MockSignal
from tests.firmware.drivers.contract import (
    CableContract,
    PrinterContract,
    ScannerContract,
    SignalContract,
    TypingContract,
)
from tests.firmware.drivers.printer_benches import CABLE_BENCHES, PRINTER_BENCHES
from tests.firmware.drivers.scanner_benches import SCANNER_BENCHES, TYPING_BENCHES

SIGNALS = {
    "gpio": lambda: GpioSignal(
        "gpio://17,27,22?buzzer=12", pin_factory=MockFactory(pin_class=MockPWMPin)
    ),
    "mock": MockSignal,
}


class TestScanners(ScannerContract):
    @pytest.fixture(params=SCHEMES["scanner"])
    def bench(self, request, tmp_path):
        bench = SCANNER_BENCHES[request.param](tmp_path)
        yield bench
        bench.close()


class TestTyping(TypingContract):
    @pytest.fixture(params=TYPING_BENCHES)
    def bench(self, request, tmp_path):
        bench = TYPING_BENCHES[request.param](tmp_path)
        yield bench
        bench.close()


class TestPrinters(PrinterContract):
    @pytest.fixture(params=SCHEMES["printer"])
    def bench(self, request, tmp_path):
        bench = PRINTER_BENCHES[request.param](tmp_path)
        yield bench
        bench.close()


class TestCables(CableContract):
    @pytest.fixture(params=CABLE_BENCHES)
    def bench(self, request, tmp_path):
        bench = CABLE_BENCHES[request.param](tmp_path)
        yield bench
        bench.close()


class TestSignals(SignalContract):
    @pytest.fixture(params=SCHEMES["signal"])
    def signal(self, request):
        signal = SIGNALS[request.param]()
        yield signal
        signal.stop()
