# SPDX-License-Identifier: Apache-2.0
"""Whatever the hardware does, the till goes on and hears about it once."""

from threading import Event as Flag

import pytest

from firmware.drivers.base import Away, Connected, Event, PaperDone, PrinterStatus, Reading, Scanner
from firmware.drivers.intake import Intake
from firmware.drivers.mock import MockPrinter, MockScanner
from firmware.drivers.paper import Code, Paper, Symbology, Text
from firmware.drivers.supervise import MOST_WAITING, Printing, Scanning
from firmware.faults import CoverOpen, Fault, PaperOut, Unprintable
from firmware.virtual import paper as virtual_paper
from tests.firmware.drivers.events import eventually, heard

SOON_S = 0.01
NEVER_S = 4.0


def receipt(words: str = "Bonjour") -> Paper:
    return Paper((Text(words),))


class Shop:
    """A mock printer at work, and what the till hears of it."""

    def __init__(self, printer, *, first_pause_s: float = SOON_S) -> None:
        self.printer = printer
        self.intake: Intake[Event] = Intake()
        self.printing = Printing(printer, first_pause_s=first_pause_s)
        self.printing.start(self.intake.put)

    def texts(self) -> list[str]:
        return [virtual_paper.text(raw).strip() for raw in self.printer.receipts.values()]


@pytest.fixture
def open_shop():
    shops = []

    def start(printer=None, **options) -> Shop:
        shops.append(Shop(printer or MockPrinter(), **options))
        return shops[-1]

    yield start
    for shop in shops:
        shop.printing.stop()


def test_receipts_come_out_in_order_and_each_is_told(open_shop):
    shop = open_shop()
    for words in ("un", "deux", "trois"):
        shop.printing.print(receipt(words))
    assert all(heard(shop.intake, PaperDone).ok for _ in range(3))
    assert shop.texts() == ["un", "deux", "trois"]


def test_a_receipt_without_paper_waits_and_comes_out_by_itself(open_shop):
    shop = open_shop()
    shop.printer.condition = PrinterStatus.PAPER_OUT
    shop.printing.print(receipt())
    done = heard(shop.intake, PaperDone)
    assert isinstance(done.fault, PaperOut)
    assert (done.ok, done.waiting) == (False, 1)
    shop.printer.condition = PrinterStatus.READY
    assert heard(shop.intake, PaperDone) == PaperDone(None, waiting=0)
    assert shop.texts() == ["Bonjour"]


def test_the_same_trouble_is_told_once_and_another_at_once(open_shop):
    shop = open_shop()
    shop.printer.condition = PrinterStatus.PAPER_OUT
    shop.printing.print(receipt())
    heard(shop.intake, PaperDone)
    assert shop.intake.get(5 * SOON_S) is None
    shop.printer.condition = PrinterStatus.COVER_OPEN
    assert isinstance(heard(shop.intake, PaperDone).fault, CoverOpen)


def test_who_asks_again_gets_an_answer_again(open_shop):
    shop = open_shop(first_pause_s=NEVER_S)
    shop.printer.condition = PrinterStatus.PAPER_OUT
    shop.printing.print(receipt("un"))
    assert heard(shop.intake, PaperDone).waiting == 1
    shop.printing.retry()
    assert heard(shop.intake, PaperDone).waiting == 1
    shop.printing.print(receipt("deux"))
    assert heard(shop.intake, PaperDone).waiting == 2
    shop.printer.condition = PrinterStatus.READY
    shop.printing.retry()
    assert [heard(shop.intake, PaperDone).waiting for _ in range(2)] == [1, 0]
    assert shop.texts() == ["un", "deux"]


def test_receipts_that_nobody_wants_any_more_never_come_out(open_shop):
    shop = open_shop()
    shop.printer.condition = PrinterStatus.PAPER_OUT
    shop.printing.print(receipt("oublié"))
    heard(shop.intake, PaperDone)
    shop.printing.forget()
    shop.printer.condition = PrinterStatus.READY
    shop.printing.print(receipt("suivant"))
    eventually(lambda: shop.texts() == ["suivant"])


def test_too_many_receipts_are_dropped_with_an_answer_and_none_of_the_others_is_lost(open_shop):
    shop = open_shop(first_pause_s=NEVER_S)
    shop.printer.condition = PrinterStatus.OFFLINE
    for number in range(MOST_WAITING):
        shop.printing.print(receipt(str(number)))
    eventually(lambda: heard(shop.intake, PaperDone).waiting == MOST_WAITING)
    shop.printing.print(receipt("de trop"))
    assert heard(shop.intake, PaperDone).waiting == MOST_WAITING
    shop.printer.condition = PrinterStatus.READY
    shop.printing.retry()
    eventually(lambda: shop.texts() == [str(n) for n in range(MOST_WAITING)])


def test_a_receipt_that_no_printer_can_draw_does_not_hold_up_the_next(open_shop):
    shop = open_shop()
    shop.printing.print(Paper((Code("HA112", Symbology.EAN13),)))
    shop.printing.print(receipt())
    refused = heard(shop.intake, PaperDone)
    assert isinstance(refused.fault, Unprintable)
    assert heard(shop.intake, PaperDone).ok


class Hanging(MockPrinter):
    """A printer that holds every receipt until it is let go."""

    def __init__(self):
        super().__init__()
        self.hung, self.released = Flag(), Flag()

    def print(self, paper):
        self.hung.set()
        self.released.wait()
        super().print(paper)


def test_a_hanging_printer_keeps_nobody_waiting(open_shop):
    shop = open_shop(Hanging())
    shop.printing.print(receipt("un"))
    shop.printer.hung.wait()
    shop.printing.print(receipt("deux"))  # returns at once
    assert shop.intake.get(0) is None
    shop.printer.released.set()
    eventually(lambda: shop.texts() == ["un", "deux"])


def test_a_receipt_forgotten_while_it_comes_out_takes_no_other_with_it(open_shop):
    shop = open_shop(Hanging())
    shop.printing.print(receipt("trop tard"))
    shop.printer.hung.wait()
    shop.printing.forget()
    shop.printing.print(receipt("suivant"))
    shop.printer.released.set()
    eventually(lambda: shop.texts() == ["trop tard", "suivant"])


def test_a_bug_in_a_printer_driver_costs_one_receipt(open_shop, caplog):
    class Broken(MockPrinter):
        def print(self, paper):
            if paper == receipt("un"):
                raise ZeroDivisionError
            super().print(paper)

    shop = open_shop(Broken())
    shop.printing.print(receipt("un"))
    shop.printing.print(receipt("deux"))
    assert isinstance(heard(shop.intake, PaperDone).fault, Unprintable)
    assert heard(shop.intake, PaperDone).ok
    assert "ZeroDivisionError" in caplog.text


def test_a_bug_in_a_scanner_driver_is_an_absence(caplog):
    class Broken(Scanner):
        source = "broken:"
        tries = 0

        def listen(self, put, ready):
            self.tries += 1
            if self.tries < 3:
                raise ZeroDivisionError
            ready()
            put(Reading("A1", self.source))

        def stop(self):
            pass

    intake: Intake[Event] = Intake()
    scanning = Scanning(Broken(), first_pause_s=SOON_S)
    scanning.start(intake.put)
    assert type(heard(intake, Away).fault) is Fault
    heard(intake, Connected)
    assert heard(intake, Reading).code == "A1"
    scanning.stop()
    assert "ZeroDivisionError" in caplog.text


def test_two_scanners_are_watched_over_side_by_side():
    intake: Intake[Event] = Intake()
    left, right = MockScanner("mock:left"), MockScanner("mock:right")
    watched = [Scanning(scanner, first_pause_s=SOON_S) for scanner in (left, right)]
    for scanning in watched:
        scanning.start(intake.put)
    assert {heard(intake, Connected).source for _ in "12"} == {"mock:left", "mock:right"}
    left.unplug()
    assert heard(intake, Away).source == "mock:left"
    right.put("A1")
    assert heard(intake, Reading) == Reading("A1", "mock:right")
    for scanning in watched:
        scanning.stop()
