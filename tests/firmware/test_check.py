# SPDX-License-Identifier: Apache-2.0
"""`./run check` tells how each kind of hardware is, and what to do, in both languages."""

import ast
import subprocess
import sys
from errno import EACCES, EBUSY
from io import BytesIO
from pathlib import Path
from threading import Event

import polib
import pytest
import zxingcpp
from gpiozero.pins.mock import MockFactory, MockPWMPin
from PIL import Image

from firmware import check, faults
from firmware.drivers import escpos
from firmware.drivers.base import PrinterStatus, Put, Scanner
from firmware.drivers.gpio import GpioSignal
from firmware.drivers.mock import MockSignal
from firmware.drivers.usb import UsbPrinter
from firmware.store.database import FILE_NAME
from firmware.virtual import paper
from tests.firmware.conftest import FillingDisk
from tests.firmware.drivers.fake_usb import FakeBus, FakeDevice
from tests.firmware.drivers.printer_benches import CABLE_BENCHES
from tests.firmware.drivers.scanner_benches import SCANNER_BENCHES
from tests.firmware.test_config import PLAIN
from tests.house.pages import ROOT

FRENCH = PLAIN.partition("[drivers]")[0].replace('"en"', '"fr"')
FIRMWARE = ROOT / "firmware"
CATALOGUE = FIRMWARE / "locale" / "en" / "LC_MESSAGES" / "terminal.po"


@pytest.fixture(params=list(SCANNER_BENCHES))
def scanner(request, tmp_path):
    bench = SCANNER_BENCHES[request.param](tmp_path)
    yield bench
    bench.close()


@pytest.fixture(params=CABLE_BENCHES)
def printer(request, tmp_path):
    bench = CABLE_BENCHES[request.param](tmp_path)
    yield bench
    bench.close()


def told(finding: check.Finding) -> tuple[str, str]:
    return finding.said("fr"), finding.said("en")


def test_a_scanner_that_is_there_is_named(scanner):
    finding = check.scanner("x:", scanner.scanner)
    assert finding.ok
    french, english = told(finding)
    assert f"Prêt à lire : {scanner.scanner.found[0]}" in french
    assert f"Ready to read: {scanner.scanner.found[0]}" in english


def test_a_scanner_that_is_not_there_is_to_be_plugged_in(scanner):
    scanner.unplug()
    finding = check.scanner("x:", scanner.scanner)
    assert not finding.ok
    french, english = told(finding)
    assert "débranché : rebranchez-le" in french
    assert "unplugged: plug it in again" in english


def test_a_scanner_that_the_terminal_itself_holds_is_no_trouble(tmp_path):
    bench = SCANNER_BENCHES["hid"](tmp_path)
    bench.bus.plugged[bench.path].grabbed_by_another = True
    assert "Si le terminal tourne, c’est lui" in check.scanner("x:", bench.scanner).said("fr")
    bench.close()


class Deaf(Scanner):
    """A scanner whose driver never comes back."""

    source = "x:"

    def listen(self, put: Put, ready) -> None:
        Event().wait()

    def stop(self) -> None:
        pass


def test_a_scanner_that_hangs_is_said_so(monkeypatch):
    monkeypatch.setattr(check, "_PATIENCE_S", 0.01)
    french, english = told(check.scanner("x:", Deaf()))
    assert "ne répond pas : débranchez-le et rebranchez-le" in french
    assert "does not answer: unplug it and plug it in again" in english


@pytest.mark.parametrize(
    ("condition", "ok", "french", "english"),
    [
        (PrinterStatus.READY, True, "Prête à imprimer.", "Ready to print."),
        (PrinterStatus.PAPER_LOW, True, "finit bientôt : préparez-en", "ends soon: have"),
        (PrinterStatus.PAPER_OUT, False, "posez un rouleau", "put a roll in"),
        (PrinterStatus.COVER_OPEN, False, "refermez-le", "close it"),
        (PrinterStatus.OFFLINE, False, "allumée et branchée", "switched on and plugged in"),
    ],
)
def test_a_printer_tells_how_it_is(printer, condition, ok, french, english):
    printer.set(condition)
    finding = check.printer("x:", printer.printer)
    assert finding.ok is ok
    assert french in finding.said("fr")
    assert english in finding.said("en")


def test_a_printer_that_is_not_there_is_to_be_switched_on(printer):
    printer.remove()
    french, english = told(check.printer("x:", printer.printer))
    assert "allumée et branchée" in french
    assert "switched on and plugged in" in english


@pytest.mark.parametrize(
    ("device", "said"),
    [
        (FakeDevice(refuses=EACCES), "pas le droit d’ouvrir l’imprimante usb://04b8:0e15"),
        (FakeDevice(refuses=EBUSY), "prise par un autre programme"),
        (FakeDevice(model=(0x0519, 0x0003)), "n’est pas branchée, mais il y a : 0519:0003"),
        (FakeDevice(kind=3), "n’est pas une imprimante"),
    ],
)
def test_a_printer_on_usb_that_can_t_be_opened_says_why(device, said):
    printer = UsbPrinter("usb://04b8:0e15", backend=lambda: FakeBus(device))
    assert said in check.printer("usb://04b8:0e15", printer).said("fr")


def test_a_printer_that_says_nothing_is_to_be_tried(printer):
    printer.mechanism.mood = "mute"
    assert "check --print" in check.printer("x:", printer.printer).said("fr")


def test_pins_that_are_there_are_ready_and_left_free():
    pins = GpioSignal("gpio://17,27,22?buzzer=12", pin_factory=MockFactory(pin_class=MockPWMPin))
    for signal in (pins, pins, MockSignal()):
        assert told(check.signal("x:", signal))[0].endswith("Lumière et son sont prêts.")


def test_pins_that_are_not_there_are_named():
    class NoPin(MockPWMPin):
        def __init__(self, *_arguments):
            raise OSError("no gpiochip")

    signal = GpioSignal("gpio://17,27,22?buzzer=12", pin_factory=MockFactory(pin_class=NoPin))
    french, english = told(check.signal("x:", signal))
    assert "Les broches 17, 27, 22, 12 manquent ou sont prises" in french
    assert "The pins 17, 27, 22, 12 are missing or taken" in english


# ── the command itself ──────────────────────────────────────────────────────────────────────────


def checked(folder: Path, drivers: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What `./run check` says of a terminal with these drivers."""
    settings = folder / "terminal.toml"
    settings.write_text(FRENCH + "[drivers]\n" + drivers)
    return subprocess.run(
        [sys.executable, "-m", "firmware", "check", "--config", settings, *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_the_command_looks_at_each_piece_and_fails_when_one_is_missing(tmp_path):
    done = checked(tmp_path, 'scanners = ["mock:", "serial:///dev/nowhere", "hidd://any"]\n')
    assert done.returncode == 1
    assert "✓ lecteur     mock:" in done.stdout
    assert "✗ lecteur     serial:///dev/nowhere\n  Le lecteur est débranché" in done.stdout
    assert "✗ lecteur     hidd://any\n" in done.stdout
    assert "vouliez-vous dire hid" in done.stdout
    assert "✓ imprimante  mock:" in done.stdout
    assert "✓ signal      mock:" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_command_prints_a_trial_and_opens_the_drawer(tmp_path, plain):
    receipts = plain / "receipts.bin"
    done = checked(tmp_path, f'printer = "file://{receipts}"\n', "--print", "--drawer")
    assert done.returncode == 0, done.stdout + done.stderr
    raw = receipts.read_bytes()
    trial = paper.render(raw)
    assert "Crème brûlée, oeuf à la coque" in trial.text
    assert "ÀÂÇÉÈÊËÎÏÔÙÛÜ" in trial.text
    assert trial.unknown == ()
    assert b"\x1bp\x00" in raw
    codes = zxingcpp.read_barcodes(Image.open(BytesIO(trial.png)).convert("L"))
    assert {code.text for code in codes} == {"saint-denis-1", "2000000000015"}


def test_a_trial_without_the_drawer_leaves_it_shut():
    assert b"\x1bp" not in escpos.encode(check.slip("saint-denis-1", "fr"))


# ── the card ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("percent", "ok", "says"),
    [
        (79, True, "There is room"),
        (80, True, "80 % full: enough for now"),
        (90, False, "90 % full: sales that were sent"),
        (95, False, "95 % full: no sale is taken"),
    ],
)
def test_a_card_that_fills_up_is_said_before_it_is_full(
    tmp_path: Path, percent: int, *, ok: bool, says: str
):
    [finding] = check.card(tmp_path / FILE_NAME, FillingDisk(percent)(tmp_path))
    assert finding.ok is ok
    assert says in finding.said("en")


def test_what_was_put_aside_is_never_forgotten(tmp_path: Path):
    (tmp_path / f"{FILE_NAME}-wal.aside-77").touch()
    _, finding = check.card(tmp_path / FILE_NAME, FillingDisk()(tmp_path))
    assert not finding.ok
    assert "wal.aside-77" in finding.said("fr")


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def sentences() -> set[str]:
    """Every sentence that a fault of the hardware or the command itself can say."""
    known = {name: kind for name, kind in vars(faults).items() if isinstance(kind, type)}
    said = {kind.default for kind in known.values()}
    for path in (FIRMWARE / "drivers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text))]) if (
                    name in known
                ):
                    said.add(text)
                case ast.Assign(targets=[ast.Name(id="text")], value=ast.Constant(value=str(text))):
                    said.add(text)
    for node in ast.walk(ast.parse((FIRMWARE / "check.py").read_text())):
        match node:
            case ast.Call(func=ast.Name(id="t"), args=[ast.Constant(value=str(text))]):
                said.add(text)
            case ast.Assign(
                targets=[ast.Name(id="text" | "held")], value=ast.Constant(value=str(text))
            ):
                said.add(text)
            case ast.keyword(arg="text", value=ast.Constant(value=str(text))):
                said.add(text)
            case ast.Call(func=ast.Name(id="Finding"), args=[ast.Constant(value=str(part)), *_]):
                said.add(part)
    return said - {""}


def test_every_sentence_has_its_english_and_no_english_is_left_over():
    assert {entry.msgid for entry in polib.pofile(str(CATALOGUE))} == sentences()


def test_a_translation_keeps_the_facts_of_its_sentence():
    for entry in polib.pofile(str(CATALOGUE)):
        facts = [
            {part.split("}")[0] for part in text.split("{")[1:]}
            for text in (entry.msgid, entry.msgstr)
        ]
        assert facts[0] == facts[1], entry.msgid
