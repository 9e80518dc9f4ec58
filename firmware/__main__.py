# SPDX-License-Identifier: Apache-2.0
"""The terminal's programs, put together: kiosk | sync | virtual | check | verify | enrol."""

import argparse
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from firmware import config as settings
from firmware.config import Config
from firmware.faults import AlreadyRunning, Fault, StoreBusy, StoreDamaged, StoreFault
from firmware.heartbeat import this_machine
from firmware.store import cursors, journal, replica, rights
from firmware.store.clock import Clock, SystemClock, new_id
from firmware.store.database import Database, Role

if TYPE_CHECKING:
    from firmware.drivers.base import Printer, Scanner, Signal
    from firmware.drivers.intake import Intake
    from firmware.kiosk.app import App, Happened
    from firmware.kiosk.display import Display

log = logging.getLogger(__name__)

READ_S = 10.0
"""What is wrong stays on the screen so long before the program ends and is started again."""


def main() -> None:
    """Run one of the terminal's programs; what a person must repair ends it with words."""
    asked = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        if asked.run is run_enrol:  # nothing is set before it
            run_enrol(asked)
        elif asked.run is run_virtual and not asked.config.exists():
            run_new(asked, stop)
        else:
            asked.run(settings.load(asked.config), asked, stop)
    except Fault as fault:
        sys.exit(f"{fault}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run", description="Le terminal de Comptoir.")
    programs = parser.add_subparsers(required=True, metavar="programme")

    def program(name: str, run: Callable[..., None], about: str) -> argparse.ArgumentParser:
        added = programs.add_parser(name, help=about, description=about)
        added.add_argument(
            "--config",
            type=Path,
            default=Path(os.environ.get("COMPTOIR_TERMINAL", "terminal.toml")),
            help="les réglages que le hub a écrits (terminal.toml)",
        )
        added.set_defaults(run=run)
        return added

    program("kiosk", run_kiosk, "L’écran et la caisse.")
    program("sync", run_sync, "Les échanges avec le hub.")
    virtual = program("virtual", run_virtual, "Le terminal dans une page web, sans matériel.")
    virtual.add_argument("--port", type=int, default=8780, help="port sur 127.0.0.1")
    virtual.add_argument(
        "--sync", action="store_true", help="fait aussi ses échanges avec le hub, sans ./run sync"
    )
    check = program("check", run_check, "Vérifie les réglages, le magasin et chaque appareil.")
    check.add_argument("--print", action="store_true", help="imprime un ticket d’essai")
    check.add_argument("--drawer", action="store_true", help="ouvre aussi le tiroir-caisse")
    check.add_argument("--export", type=Path, help="écrit les ventes dans ce fichier CSV")
    check.add_argument(
        "--salvage",
        type=Path,
        help="d’un magasin abîmé : écrit ce qui se lit encore, et rien d’autre",
    )
    program("verify", run_verify, "Vérifie que le journal est, à l’octet près, ce qui fut écrit.")
    enrol = program("enrol", run_enrol, "Fait de cette carte un terminal du hub.")
    enrol.add_argument("hub", help="adresse du hub, comme hub.exemple.fr")
    enrol.add_argument("code", help="le code que le hub a donné, comme 7KQ2-M4XD-9RTB")
    enrol.add_argument("--screen", help="taille de l’écran, comme 800x480")
    enrol.add_argument("--scanner", action="append", help="URL d’un lecteur ; répétable")
    enrol.add_argument("--printer", help="URL de l’imprimante")
    enrol.add_argument("--signal", help="URL du voyant")
    return parser


# ── programs ────────────────────────────────────────────────────────────────────────────────────


def run_sync(config: Config, _asked: argparse.Namespace, stop: Event) -> None:
    """Journal to the hub, feed to the replica."""
    from firmware.sync.loop import run

    run(config, stop=stop)


def run_kiosk(config: Config, _asked: argparse.Namespace, stop: Event) -> None:
    """The till on its own screen, full size."""
    try:
        with _kiosk(config, window=True) as (app, *_):
            app.run(stop)
    except AlreadyRunning:
        raise  # the other one has the screen
    except StoreFault as fault:
        _out_of_order(config, fault)
        stop.wait(READ_S)
        raise


def run_virtual(config: Config, asked: argparse.Namespace, stop: Event) -> None:
    """The same kiosk with `mock:` drivers, its screen and hardware on a page of this machine."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    from firmware.drivers.mock import MockPrinter, MockScanner, MockSignal
    from firmware.virtual.server import VirtualServer
    from firmware.virtual.terminal import VirtualTerminal
    from firmware.virtual.turnstile import Turnstile

    intake: Turnstile[Happened] = Turnstile()
    scanner, printer, light = MockScanner(), MockPrinter(), MockSignal()
    hardware = ([scanner], printer, light)
    with (
        _exchanging(config, stop) if asked.sync else nullcontext(),
        _kiosk(config, intake=intake, hardware=hardware) as (app, display),
        closing(Database(config.state, role=Role.TECH)) as db,
    ):
        terminal = VirtualTerminal(
            config,
            intake=intake,
            display=display,
            scanner=scanner,
            printer=printer,
            signal=light,
            db=db,
            cards=asked.config.parent / "cards.json",
        )
        with VirtualServer(terminal, asked.port) as server:
            serving = Thread(target=server.serve_forever, name="page", daemon=True)
            serving.start()
            log.info("page url=%s", server.url)
            app.run(stop)
            server.shutdown()


def run_new(asked: argparse.Namespace, stop: Event) -> None:
    """Ask on the page for the hub's code; enrolled, be that virtual terminal."""
    from firmware import enrol
    from firmware.virtual import enrolling

    def become(hub: str, code: str) -> None:
        enrol.enrol(asked.config, code, ask=enrol.over_http(hub), hw_id=this_machine().hw_id)

    enrolling.wait(enrolling.Board(become, enrol.said_in), asked.port, stop=stop)
    if not stop.is_set():
        run_virtual(settings.load(asked.config), asked, stop)


def run_check(config: Config, asked: argparse.Namespace, _stop: Event) -> None:
    """Say what is set, what is in the store and how each piece of hardware is."""
    from firmware import check
    from firmware.drivers import open_printer
    from firmware.store import export

    if asked.salvage:
        found = export.salvage(config.state, asked.salvage)
        print(f"sauvetage  {found.sound} écritures intactes, {found.doubtful} douteuses")
        print(f"           {found.lost} illisibles ; le magasin n’a pas été touché")
        return
    print(f"terminal   {config.terminal} (génération {config.gen}), boutique {config.shop}")
    print(f"courtier   {config.host}:{config.port}")
    findings = list(check.hardware(config))
    for finding in findings:
        print(finding.said(config.language))
    if asked.print or asked.drawer:
        slip = check.slip(config.terminal, config.language, drawer=asked.drawer)
        open_printer(config.printer).print(slip)
    try:
        store = Database(config.state, role=Role.TECH)
    except StoreDamaged as fault:
        sys.exit(f"{fault}\nCe qui se lit encore : ./run check --salvage FICHIER")
    with closing(store) as db:
        looked = list(check.card(db.path, db.disk()))
        for finding in looked:
            print(finding.said(config.language))
        findings += looked
        known = replica.programme(db)
        version = f"version {known.version}" if known else "aucun programme reçu"
        print(f"magasin    {db.path} : {journal.waiting(db)} écritures à envoyer, {version}")
        if asked.export:
            print(f"export     {export.export_sales(db, asked.export)} ventes")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def run_verify(config: Config, _asked: argparse.Namespace, _stop: Event) -> None:
    """Hash this terminal's journal again; exits with 1 where it is not what was written."""
    from firmware.store.verify import verify

    with closing(Database(config.state, role=Role.TECH)) as db:
        found = verify(db)
    for one in found:
        if one.wrong:
            print(f"✗ journal {one.segment} : l’écriture {one.wrong} n’est plus ce qui fut écrit")
    read = sum(one.read for one in found)
    print(f"{read} écritures relues dans {len(found)} journaux")
    if any(one.wrong for one in found):
        sys.exit("Appelez l’assistance ; ./run check --salvage écrit ce qui se lit encore.")


def run_enrol(asked: argparse.Namespace) -> None:
    """Become a terminal of the hub that gave the code; what is wrong is said in both languages."""
    from firmware import enrol

    given: enrol.Hardware = {}
    if asked.screen:
        width, _, height = asked.screen.partition("x")
        if not (width.isdigit() and height.isdigit()):
            sys.exit("La taille de l’écran s’écrit comme 800x480.")
        given["width"], given["height"] = int(width), int(height)
    if asked.scanner:
        given["scanners"] = tuple(asked.scanner)
    if asked.printer:
        given["printer"] = asked.printer
    if asked.signal:
        given["signal"] = asked.signal
    try:
        config = enrol.enrol(
            asked.config,
            asked.code,
            ask=enrol.over_http(asked.hub),
            hw_id=this_machine().hw_id,
            hardware=given,
        )
    except Fault as fault:
        sys.exit(enrol.said(fault))
    print(f"Terminal {config.terminal} enrôlé (génération {config.gen}), boutique {config.shop}.")
    print("Relancez ses programmes (./run kiosk, ./run sync), puis voyez ./run check")


# ── composition ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _exchanging(config: Config, stop: Event) -> Iterator[None]:
    """Sync beside the kiosk, for who tries a terminal out; where it ends the kiosk does, too."""
    from firmware.sync.loop import run

    with ThreadPoolExecutor(1, thread_name_prefix="sync") as beside:
        ended = beside.submit(run, config, stop=stop)
        ended.add_done_callback(lambda _: stop.set())
        try:
            yield
        finally:
            stop.set()
    ended.result()


@contextmanager
def _kiosk(
    config: Config,
    *,
    window: bool = False,
    intake: "Intake[Happened] | None" = None,
    hardware: "tuple[Sequence[Scanner], Printer, Signal] | None" = None,
) -> "Iterator[tuple[App, Display]]":
    """Start from the store up to the screen; stop in reverse."""
    from firmware.drivers import open_printer, open_scanner, open_signal
    from firmware.drivers.intake import Intake
    from firmware.drivers.supervise import Printing, Scanning
    from firmware.kiosk.app import App
    from firmware.kiosk.display import Display
    from firmware.kiosk.look import Look
    from firmware.kiosk.text import Language
    from firmware.kiosk.theme import VERT_WAGON
    from firmware.till.desk import Desk
    from firmware.till.till import Till

    clock, machine = SystemClock(floor_ms=config.enrolled_ms), this_machine()
    happened: Intake[Happened] = intake if intake is not None else Intake()
    scanners, printer, light = hardware or (
        [open_scanner(url) for url in config.scanners],
        open_printer(config.printer),
        open_signal(config.signal),
    )
    with closing(Database(config.state, role=Role.KIOSK)) as db:
        journal.open_segment(
            db,
            clock=clock,
            new_id=new_id,
            gen=config.gen,
            hw_id=machine.hw_id,
            software=machine.software,
        )
        rights.unreserve(db)
        desk = Desk(db=db, clock=clock, config=config, new_id=new_id, random_bits=secrets.randbits)
        shop = replica.shop(db)
        look = Look(
            width=config.width,
            height=config.height,
            language=Language(config.language),
            colour=shop.colour if shop else VERT_WAGON,
        )
        display = Display(look, window=window)
        printing = Printing(printer)
        printing.start(happened.put)
        scanning = [Scanning(scanner) for scanner in scanners]
        for reading in scanning:
            reading.start(happened.put)
        app = App(
            Till(desk),
            display,
            intake=happened,
            printing=printing,
            signal=light,
            report=_reporting(db, clock),
            window=window,
        )
        try:
            yield app, display
        finally:
            for reading in scanning:
                reading.stop()
            printing.stop()
            light.stop()


def _reporting(db: Database, clock: Clock) -> Callable[[str, str], None]:
    """Note how printer and scanner are; a store that can't take it is left in peace for a while.

    The till says so itself as soon as somebody wants something of it.
    """
    not_before_s = 0.0

    def report(printer: str, scanner: str) -> None:
        nonlocal not_before_s
        if clock.monotonic_s() < not_before_s:
            return
        try:
            cursors.report_health(db, clock=clock, printer=printer, scanner=scanner)
        except StoreFault as fault:
            log.warning("health not noted fault=%s", fault)
            not_before_s = clock.monotonic_s() + cursors.BEAT_S

    return report


def _out_of_order(config: Config, fault: StoreFault) -> None:
    """Say on the screen that the store can't be used, even where there is none to open."""
    from firmware.kiosk.display import Display
    from firmware.kiosk.look import Look
    from firmware.kiosk.text import Language
    from firmware.till.outcome import Broken, OutOfOrder

    look = Look(width=config.width, height=config.height, language=Language(config.language))
    broken = Broken.BUSY if isinstance(fault, StoreBusy) else Broken.STORE
    Display(look, window=True).show(OutOfOrder(broken=broken))


if __name__ == "__main__":
    main()
