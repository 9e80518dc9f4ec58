# SPDX-License-Identifier: Apache-2.0
"""What every driver keeps, whatever carries it: one suite, run over each scheme."""

import pytest

from firmware.drivers import escpos
from firmware.drivers.base import Away, Connected, Event, PrinterStatus, Reading, Signal
from firmware.drivers.codes import LIMIT
from firmware.drivers.cues import Cue, Rgb
from firmware.drivers.intake import Intake
from firmware.drivers.paper import Code, Columns, Cut, Paper, Symbology, Text
from firmware.drivers.supervise import Scanning
from firmware.faults import CoverOpen, PaperOut, PrinterOffline, Unplugged, Unprintable
from tests.firmware.drivers.events import heard
from tests.firmware.drivers.printer_benches import PrinterBench
from tests.firmware.drivers.scanner_benches import ScannerBench

RECEIPT = Paper((Text("Crème brûlée & œufs"), Columns("Payé", "13,40 €"), Cut()))


class ScannerContract:
    """Needs a fixture `bench` that gives a `ScannerBench`."""

    @pytest.fixture
    def intake(self, bench: ScannerBench):
        """What the terminal's loop would hear, the scanner being watched over."""
        intake: Intake[Event] = Intake()
        scanning = Scanning(bench.scanner, first_pause_s=0.01)
        scanning.start(intake.put)
        assert heard(intake, Connected).source == bench.scanner.source
        yield intake
        scanning.stop()

    def test_a_card_is_read_once(self, bench, intake):
        bench.send("2000000000015\r")
        reading = heard(intake, Reading)
        assert reading.code == "2000000000015"
        assert not reading.too_long
        assert intake.get(0) is None

    def test_cards_come_in_the_order_they_were_shown(self, bench, intake):
        bench.send("HA112\rha112\r(01)/x;7\t")
        assert [heard(intake, Reading).code for _ in range(3)] == ["HA112", "ha112", "(01)/x;7"]

    def test_an_empty_line_is_no_reading(self, bench, intake):
        bench.send("\r\r\tA1\r\r")
        assert heard(intake, Reading).code == "A1"
        assert intake.get(0) is None

    def test_ten_thousand_characters_are_one_reading_cut_short(self, bench, intake):
        bench.send("9" * 10_000 + "\r")
        flood = heard(intake, Reading)
        assert flood.too_long
        assert flood.code == "9" * LIMIT
        bench.send("A1\r")
        assert heard(intake, Reading).code == "A1"

    def test_an_unplugged_scanner_is_said_once_and_reads_again_when_it_is_back(self, bench, intake):
        bench.unplug()
        away = heard(intake, Away)
        assert away.source == bench.scanner.source
        assert isinstance(away.fault, Unplugged)
        bench.plug()
        heard(intake, Connected)
        bench.send("A1\r")
        assert heard(intake, Reading).code == "A1"

    def test_half_a_card_never_becomes_the_beginning_of_the_next(self, bench, intake):
        bench.send("12345")
        bench.unplug()
        heard(intake, Away)
        bench.plug()
        heard(intake, Connected)
        bench.send("A1\r")
        assert heard(intake, Reading).code == "A1"

    def test_a_scanner_that_is_not_there_at_start_is_waited_for(self, bench):
        bench.unplug()
        intake: Intake[Event] = Intake()
        scanning = Scanning(bench.scanner, first_pause_s=0.01)
        scanning.start(intake.put)
        heard(intake, Away)
        bench.plug()
        heard(intake, Connected)
        scanning.stop()

    def test_nothing_is_read_after_a_stop(self, bench):
        intake: Intake[Event] = Intake()
        scanning = Scanning(bench.scanner, first_pause_s=0.01)
        scanning.start(intake.put)
        heard(intake, Connected)
        scanning.stop()
        bench.send("A1\r")
        assert intake.get(0.05) is None


class PrinterContract:
    """Needs a fixture `bench` that gives a `PrinterBench`."""

    def test_a_receipt_arrives_whole(self, bench: PrinterBench):
        bench.printer.print(RECEIPT)
        assert bench.paper() == escpos.encode(RECEIPT)

    def test_receipts_come_out_one_after_the_other(self, bench):
        for words in ("un", "deux"):
            bench.printer.print(Paper((Text(words),)))
        assert bench.paper() == b"".join(escpos.encode(Paper((Text(w),))) for w in ("un", "deux"))

    def test_it_gets_ready_without_its_hardware(self, bench):
        bench.remove()
        bench.printer.prepare()

    def test_a_printer_that_is_not_there_is_a_fault(self, bench):
        bench.remove()
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        assert bench.printer.status() is PrinterStatus.OFFLINE

    @pytest.mark.parametrize(
        "code",
        [
            Code("x" * 3_000),
            Code(""),
            Code("2000000000016", Symbology.EAN13),
            Code("HA112", Symbology.EAN13),
        ],
        ids=["long QR", "empty QR", "wrong check digit", "letters"],
    )
    def test_a_code_that_no_printer_can_draw_is_refused_for_good(self, bench, code):
        with pytest.raises(Unprintable) as refused:
            bench.printer.print(Paper((Text("Bonjour"), code)))
        assert refused.value.permanent
        assert bench.paper() == b""

    def test_without_paper_nothing_is_sent_until_there_is_some(self, bench):
        bench.set(PrinterStatus.PAPER_OUT)
        with pytest.raises(PaperOut) as empty:
            bench.printer.print(RECEIPT)
        assert not empty.value.permanent
        assert bench.printer.status() is PrinterStatus.PAPER_OUT
        assert bench.paper() == b""
        bench.set(PrinterStatus.READY)
        bench.printer.print(RECEIPT)
        assert bench.paper() == escpos.encode(RECEIPT)

    def test_an_open_cover_is_said(self, bench):
        bench.set(PrinterStatus.COVER_OPEN)
        with pytest.raises(CoverOpen):
            bench.printer.print(RECEIPT)
        assert bench.printer.status() is PrinterStatus.COVER_OPEN


class SignalContract:
    """Needs a fixture `signal`."""

    def test_every_cue_is_shown_without_a_word(self, signal: Signal):
        for cue in Cue:
            signal.show(cue)
            signal.show(cue, shop=Rgb(194, 24, 91))
        signal.stop()

    def test_after_a_stop_it_stays_silent(self, signal: Signal):
        signal.stop()
        signal.show(Cue.READ)
        signal.stop()
