# SPDX-License-Identifier: Apache-2.0
"""What every driver keeps, whatever carries it: one suite, run over each scheme."""

from threading import enumerate as enumerate_threads

import pytest

from firmware.drivers import escpos
from firmware.drivers.base import (
    Away,
    Connected,
    Event,
    PaperDone,
    PrinterStatus,
    Reading,
    Signal,
)
from firmware.drivers.codes import LIMIT
from firmware.drivers.cues import Cue, Rgb
from firmware.drivers.intake import READINGS, ROOM, Intake
from firmware.drivers.paper import Code, Columns, Cut, Paper, Symbology, Text
from firmware.drivers.supervise import Printing, Scanning
from firmware.faults import CoverOpen, PaperOut, PrinterOffline, Unprintable
from tests.firmware.drivers.events import eventually, heard
from tests.firmware.drivers.mechanism import Mood
from tests.firmware.drivers.printer_benches import CableBench, PrinterBench
from tests.firmware.drivers.scanner_benches import ScannerBench, TypingBench

CARDS = ("04A1B2C3D4E580", "20000000000015", "0411223344")
"""Codes that every kind of scanner can read: digits and the letters of hexadecimal."""

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
        bench.show(CARDS[0])
        reading = heard(intake, Reading)
        assert reading.code == CARDS[0]
        assert not reading.too_long
        assert intake.get(0) is None

    def test_cards_come_in_the_order_they_were_shown(self, bench, intake):
        for card in CARDS:
            bench.show(card)
        assert tuple(heard(intake, Reading).code for _ in CARDS) == CARDS

    def test_it_says_what_it_reads_with(self, bench, intake):
        assert bench.scanner.found

    def test_an_unplugged_scanner_is_said_once_and_reads_again_when_it_is_back(self, bench, intake):
        bench.unplug()
        away = heard(intake, Away)
        assert away.source == bench.scanner.source
        assert isinstance(away.fault, bench.away)
        bench.plug()
        heard(intake, Connected)
        bench.show(CARDS[0])
        assert heard(intake, Reading).code == CARDS[0]

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
        bench.show(CARDS[0])
        assert intake.get(0.05) is None

    def test_a_scanner_that_goes_mad_neither_fills_memory_nor_keeps_the_loop_from_other_things(
        self, bench
    ):
        intake: Intake[Event] = Intake()
        scanning = Scanning(bench.scanner, first_pause_s=0.01)
        scanning.start(intake.put)
        heard(intake, Connected)
        bench.flood()
        eventually(lambda: intake.dropped)
        intake.put(PaperDone())  # from another thread: it finds room, and its turn
        waiting = [intake.get(0) for _ in range(READINGS + ROOM)]
        assert PaperDone() in waiting
        scanning.stop()
        assert not [t for t in enumerate_threads() if t.name == f"scanner {bench.scanner.source}"]


class TypingContract:
    """Needs a fixture `bench` that gives a `TypingBench`: a scanner that sends characters."""

    intake = ScannerContract.intake

    def test_all_characters_arrive(self, bench: TypingBench, intake):
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

    def test_half_a_card_never_becomes_the_beginning_of_the_next(self, bench, intake):
        bench.send("12345")
        bench.unplug()
        heard(intake, Away)
        bench.plug()
        heard(intake, Connected)
        bench.send("A1\r")
        assert heard(intake, Reading).code == "A1"


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

    def test_a_printer_that_comes_back_prints(self, bench):
        bench.remove()
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        bench.restore()
        bench.printer.print(RECEIPT)
        assert bench.paper() == escpos.encode(RECEIPT)

    def test_a_roll_that_ends_soon_still_prints_and_is_told(self, bench):
        bench.set(PrinterStatus.PAPER_LOW)
        bench.printer.print(RECEIPT)
        assert bench.paper() == escpos.encode(RECEIPT)
        assert bench.printer.status() is PrinterStatus.PAPER_LOW


class CableContract:
    """Needs a fixture `bench` that gives a `CableBench`: whatever the far end of a cable does."""

    def test_a_broken_printer_is_offline(self, bench: CableBench):
        bench.set(PrinterStatus.OFFLINE)
        assert bench.printer.status() is PrinterStatus.OFFLINE
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        assert bench.paper() == b""

    def test_paper_that_ends_half_way_is_a_fault_so_that_the_receipt_comes_again(self, bench):
        bench.mechanism.last_sheet = True
        with pytest.raises(PaperOut):
            bench.printer.print(RECEIPT)

    def test_a_printer_that_never_answers_is_trusted_to_print(self, bench):
        bench.mechanism.mood = Mood.MUTE
        bench.printer.print(RECEIPT)
        eventually(lambda: bench.paper() == escpos.encode(RECEIPT))
        assert bench.printer.status() is PrinterStatus.UNKNOWN

    def test_a_printer_that_stops_answering_hangs(self, bench):
        assert bench.printer.status() is PrinterStatus.READY
        bench.mechanism.mood = Mood.MUTE
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        assert bench.paper() == b""

    def test_a_printer_that_answers_rubbish_is_trusted_to_print(self, bench):
        bench.mechanism.mood = Mood.BABBLING
        assert bench.printer.status() is PrinterStatus.UNKNOWN
        bench.printer.print(RECEIPT)
        eventually(lambda: bench.paper() == escpos.encode(RECEIPT))

    def test_a_printer_that_takes_no_byte_is_offline_and_prints_once_it_takes_them(self, bench):
        assert bench.printer.status() is PrinterStatus.READY
        bench.mechanism.mood = Mood.HANGING
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        assert bench.printer.status() is PrinterStatus.OFFLINE
        bench.mechanism.mood = Mood.WELL
        prints_again(bench)

    def test_a_printer_that_floods_the_line_blocks_nobody_and_prints_once_it_is_quiet(self, bench):
        assert bench.printer.status() is PrinterStatus.READY
        bench.mechanism.mood = Mood.FLOODING
        assert bench.printer.status() is PrinterStatus.OFFLINE
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        bench.mechanism.mood = Mood.WELL
        prints_again(bench)

    def test_a_cable_pulled_half_way_is_a_fault_and_the_receipt_comes_out_whole_later(self, bench):
        assert bench.printer.status() is PrinterStatus.READY
        bench.mechanism.lasts = 20
        with pytest.raises(PrinterOffline):
            bench.printer.print(RECEIPT)
        assert len(bench.paper()) == 20
        bench.remove()
        bench.restore()
        bench.printer.print(RECEIPT)
        again = bench.paper()[20:]
        assert again.lstrip(b"\0") == escpos.encode(RECEIPT)
        assert again.startswith(bytes(len(escpos.encode(RECEIPT)) - 20)), (
            "a command that was cut off must not take the receipt for its own"
        )

    def test_nothing_a_printer_does_stops_the_loop(self, bench):
        """The loop hands over a receipt and hears of it; in between it is free."""
        intake: Intake[Event] = Intake()
        printing = Printing(bench.printer, first_pause_s=0.01)
        bench.mechanism.mood = Mood.HANGING
        bench.printer.status()
        printing.start(intake.put)
        try:
            printing.print(RECEIPT)
            bench.remove()
            assert isinstance(heard(intake, PaperDone).fault, PrinterOffline)
            bench.mechanism.mood = Mood.WELL
            bench.restore()
            assert heard(intake, PaperDone).ok
        finally:
            printing.stop()
        assert bench.paper().endswith(escpos.encode(RECEIPT))


def prints_again(bench: CableBench) -> None:
    """The same printer prints the next receipt whole, once it is itself again."""
    eventually(lambda: bench.printer.status() is PrinterStatus.READY)
    bench.printer.print(RECEIPT)
    assert bench.paper().endswith(escpos.encode(RECEIPT))


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
