# SPDX-License-Identifier: Apache-2.0
"""`./run demo`: set up what is missing, run everything, stop everything on Ctrl-C."""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NoReturn

from rich.console import Console

from provisioning.demo.house import FIRST_PORT, House
from provisioning.demo.layout import Layout
from provisioning.demo.programs import Died, Programs
from provisioning.demo.setup import SetupFailed, set_up
from provisioning.demo.welcome import welcome

WEEKS_OF_DAYS: Final = 56
LOOK_S: Final = 0.5

console = Console(highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; the exit code."""
    options = _options().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    # all that a demo makes is in its folder: never in the database of somebody's hub
    os.environ.pop("HUB_DATABASE_URL", None)
    layout = Layout(options.data.resolve())
    programs = Programs()
    try:
        with _only_one(layout):
            if options.fresh:
                _empty(layout)
            set_up(layout, days=options.days, console=console)
            house = House(layout, programs, first_port=options.port)
            house.start(console)
            console.print(welcome(house))
            while True:
                programs.check()
                time.sleep(LOOK_S)
    except KeyboardInterrupt:
        console.print("\nArrêt de la démonstration…", style="dim")
        return 0
    except (Died, SetupFailed, TimeoutError, OSError) as error:
        console.print(f"[bold red]La démonstration s’arrête.[/] {_plain(error)}", markup=True)
        return 1
    finally:
        # a second Ctrl-C must not leave half of them behind
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        programs.stop()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run demo",
        description="Tout Comptoir sur cet ordinateur : le hub et deux terminaux virtuels. "
        "(The whole of Comptoir on this computer: the hub and two virtual terminals.)",
    )
    parser.add_argument("--fresh", action="store_true", help="repartir de zéro (start anew)")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("demo-data"),
        metavar="DOSSIER",
        help="dossier des données, ./demo-data sinon (where the data are)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=FIRST_PORT,
        help="premier port, le suivant s’il est pris (first port; the next one when taken)",
    )
    parser.add_argument(
        "--days",
        type=int,
        default=WEEKS_OF_DAYS,
        metavar="JOURS",
        help="jours de passé inventé à la première fois (days of made-up past)",
    )
    return parser


@contextmanager
def _only_one(layout: Layout) -> Iterator[None]:
    """Hold the folder: two demos in one would write over each other."""
    layout.folder.mkdir(parents=True, exist_ok=True)
    with layout.lock.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupFailed(
                f"Une démonstration tourne déjà dans {layout.folder} : arrêtez-la d’abord, "
                "ou donnez un autre dossier avec --data."
            ) from None
        yield


def _empty(layout: Layout) -> None:
    """Forget what an earlier demo made, and nothing that somebody else put there."""
    for made in (layout.hub, layout.terminals, layout.folder / "logs"):
        shutil.rmtree(made, ignore_errors=True)
    with suppress(FileNotFoundError):
        layout.accounts.unlink()


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _plain(error: BaseException) -> str:
    return str(error).replace("[", r"\[")


if __name__ == "__main__":
    sys.exit(main())
