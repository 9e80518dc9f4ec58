# SPDX-License-Identifier: Apache-2.0
"""Scanners and printers at the terminal, from a card in a hand to the screen and the paper."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import monotonic

import pytest
import zxingcpp
from PIL import Image

from firmware.drivers.base import PrinterStatus, Scanner
from firmware.drivers.hid import HidScanner
from firmware.drivers.supervise import Scanning
from firmware.virtual import paper
from tests.acceptance.glass import Glass, plain
from tests.firmware.drivers.events import PATIENCE_S
from tests.firmware.drivers.printer_benches import CABLE_BENCHES, CableBench
from tests.firmware.drivers.scanner_benches import (
    FakeBus,
    FakeKeyboard,
    PcscBench,
    ScannerBench,
    SerialBench,
)
from tests.firmware.till.conftest import BAGUETTE, ELODIE, THEO, Bakery

CARD, TAG = ELODIE.codes[0], "04A1B2C3D4E580"


def comes(glass: Glass, condition: Callable[[], bool]) -> None:
    """Let the terminal's loop run until that is so."""
    last_s = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < last_s, [w["label"] for w in glass.display.widgets()]
        glass.app.step(0.02)


def read(png: bytes) -> str:
    """What a phone reads in a picture."""
    drawn = Image.open(BytesIO(png)).convert("RGBA")
    desk = Image.new("RGBA", drawn.size, "white")
    (code,) = zxingcpp.read_barcodes(Image.alpha_composite(desk, drawn).convert("L"))
    return code.text


# ── scanners ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def listening(glass: Glass) -> Iterator[Callable[[Scanner], None]]:
    """Let the terminal listen to a scanner."""
    with ExitStack() as stack:

        def start(scanner: Scanner) -> None:
            scanning = Scanning(scanner, first_pause_s=0.01)
            scanning.start(glass.intake.put)
            stack.callback(scanning.stop)

        yield start


@pytest.fixture
def keyboards() -> FakeBus:
    """Every keyboard-like thing that is plugged in."""
    return FakeBus()


@pytest.fixture
def counter(
    glass: Glass, listening: Callable[[Scanner], None], keyboards: FakeBus, tmp_path: Path
) -> Iterator[dict[str, ScannerBench]]:
    """An open till with a scanner that types, a serial one and a contactless reader."""
    glass.bakery.hub_says(replace(THEO, codes=(TAG,)))
    glass.unlock()
    keyboards.plug(FakeKeyboard("/dev/input/event0"))
    listening(HidScanner("hid://any", paths=keyboards.paths, device=keyboards.open))
    benches: dict[str, ScannerBench] = {"serial": SerialBench(tmp_path), "nfc": PcscBench(tmp_path)}
    for bench in benches.values():
        listening(bench.scanner)
    yield benches
    for bench in benches.values():
        bench.close()


@pytest.mark.row("T6")
def test_several_scanners_of_every_kind_read_at_one_counter(
    glass: Glass, counter: dict[str, ScannerBench], keyboards: FakeBus
) -> None:
    keyboards.plugged["/dev/input/event0"].type(f"{CARD}\r")
    comes(glass, lambda: glass.reads("Élodie"))
    counter["serial"].show(BAGUETTE.ean)
    comes(glass, lambda: glass.reads("Baguette"))
    counter["nfc"].show(TAG)
    comes(glass, lambda: glass.reads("Théo"))


@pytest.mark.row("T6")
def test_a_contactless_reader_that_types_is_a_scanner_too(
    glass: Glass, counter: dict[str, ScannerBench], keyboards: FakeBus
) -> None:
    reader = keyboards.plug(FakeKeyboard("/dev/input/event1"))
    reader.type(f"{TAG}\r")
    comes(glass, lambda: glass.reads("Théo"))


@pytest.mark.row("T6")
@pytest.mark.parametrize("kind", ["serial", "nfc"])
def test_a_scanner_that_is_pulled_out_is_said_and_reads_again_when_it_is_back(
    glass: Glass, counter: dict[str, ScannerBench], kind: str
) -> None:
    counter[kind].unplug()
    comes(glass, lambda: glass.reads("Lecteur débranché"))
    glass.line("1250")  # the till goes on
    counter[kind].plug()
    comes(glass, lambda: not glass.reads("Lecteur débranché"))
    counter[kind].show(TAG)
    comes(glass, lambda: glass.reads("Théo"))


@pytest.mark.row("T6")
def test_one_more_scanner_is_taken_as_soon_as_it_is_plugged_in(
    glass: Glass, counter: dict[str, ScannerBench], keyboards: FakeBus
) -> None:
    keyboards.unplug("/dev/input/event0")
    comes(glass, lambda: glass.reads("Lecteur débranché"))
    keyboards.plug(FakeKeyboard("/dev/input/event9")).type(f"{CARD}\r")
    comes(glass, lambda: glass.reads("Élodie"))


# ── receipts ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=CABLE_BENCHES)
def printer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CableBench]:
    """Each kind of printer that has a cable."""
    bench = CABLE_BENCHES[request.param](tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def shop(bakery: Bakery, printer: CableBench) -> Iterator[Glass]:
    """A terminal with that printer, and a sale just saved on its screen."""
    glass = Glass(bakery, printer=printer.printer)
    glass.unlock()
    glass.scan(CARD)
    glass.line("1250")
    glass.tap("Enregistrer")
    yield glass
    glass.close()


@pytest.mark.row("T3")
def test_a_receipt_is_on_the_screen_and_printed_only_when_asked(
    shop: Glass, printer: CableBench
) -> None:
    assert shop.reads("C’est enregistré", "12,50 €", "Nouveau solde")
    shop.tap("Ticket QR")
    on_screen = read(shop.display.png())
    assert "Total : 12,50 €" in plain(on_screen)
    shop.app.step(0.1)
    assert printer.paper() == b"", "nobody asked for paper"
    shop.tap("Imprimer")
    comes(shop, lambda: printer.paper().endswith(b"\x1dVB\x00"))
    printed = paper.render(printer.paper())
    assert "Payé" in printed.text
    assert "12,50 €" in printed.text
    assert read(printed.png) == on_screen, "the same receipt, for a phone"


@pytest.mark.row("T3")
@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (PrinterStatus.PAPER_OUT, "Plus de papier"),
        (PrinterStatus.COVER_OPEN, "Le capot est ouvert"),
        (PrinterStatus.OFFLINE, "L’imprimante ne répond pas"),
    ],
)
def test_what_a_printer_lacks_is_told_in_words_and_the_receipt_comes_out_afterwards(
    shop: Glass, printer: CableBench, condition: PrinterStatus, said: str
) -> None:
    printer.set(condition)
    shop.tap("Imprimer")
    comes(shop, lambda: shop.reads(said, "La vente est enregistrée. Rien n’est perdu."))
    assert printer.paper() == b""
    printer.set(PrinterStatus.READY)
    comes(shop, lambda: shop.reads("C’est enregistré") and bool(printer.paper()))
    assert "12,50 €" in paper.text(printer.paper())


@pytest.mark.row("T3")
def test_a_receipt_can_be_printed_again_and_says_so(shop: Glass, printer: CableBench) -> None:
    shop.tap("Client suivant", "Ventes")
    row = next(w for w in shop.display.widgets() if w["kind"] == "row")
    shop.tap(str(row["label"]), "Imprimer")
    comes(shop, lambda: printer.paper().endswith(b"\x1dVB\x00"))
    again = paper.text(printer.paper())
    assert "DUPLICATA" in again
    assert "12,50 €" in again


@pytest.mark.row("T3")
def test_a_printer_carried_off_loses_nothing(shop: Glass, printer: CableBench) -> None:
    printer.remove()
    shop.tap("Imprimer")
    comes(shop, lambda: shop.reads("L’imprimante ne répond pas", "Rien n’est perdu."))
    shop.tap("Montrer le QR")
    assert "12,50 €" in plain(read(shop.display.png()))
    shop.tap("Fermer le QR")
    printer.restore()
    comes(shop, lambda: bool(printer.paper()))
    assert "12,50 €" in paper.text(printer.paper())
