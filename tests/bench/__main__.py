# SPDX-License-Identifier: Apache-2.0
"""`./run bench`: measure, print the table with its ratios, keep the figures as JSON."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from tests import postgres
from tests.bench import report
from tests.bench.figure import Figure

SHORT: Final = (
    *("decided", "commit", "spent", "frame", "start"),
    *("asked", "asked-pg", "recalled", "recalled-pg", "drain", "drain-pg"),
    *("tiers", "tiers-pg"),
)
LONG: Final = ("growth", "pages", "pages-pg")
PEERS: Final = ("thingsboard", "pretix")
ON_POSTGRESQL: Final = "-pg"
KEPT: Final = Path("var/bench")
"""Beside the checkout's own files: on the disk that is measured."""


def main() -> int:
    """Run it; 0 when every goal was held."""
    asked = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends too
    KEPT.mkdir(parents=True, exist_ok=True)
    if asked.alone:
        figures = import_module(f"tests.bench.{asked.alone[0]}").measure(Path(asked.alone[1]))
        Path(asked.alone[1], "figures.json").write_text(json.dumps([asdict(f) for f in figures]))
        return 0
    console = Console()
    book = _Book(KEPT / "figures.json")
    names = asked.measures or [*SHORT, *(LONG if asked.year else ())]
    for name in names:
        with console.status(f"{name}…"):
            book.keep(name, _measured(name))
    for name in PEERS if asked.peers else ():
        with console.status(f"{name}…"):
            book.keep_peer(name, _peer(name))
    figures = book.figures([*SHORT, *LONG])
    console.print(report.table(book.figures(names)))
    console.print(f"JSON: {book.path}")
    if asked.write:
        report.PAGE.write_text(report.page(figures, book.peers(), _today()))
        console.print(f"{report.PAGE} written")
    return 0 if all(figure.held for figure in book.figures(names)) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="How fast it is, each figure beside a floor measured in the same minutes.",
    )
    parser.add_argument(
        "measures", nargs="*", choices=[*SHORT, *LONG, []], help=f"some of {', '.join(SHORT)}"
    )
    parser.add_argument(
        "--year",
        action="store_true",
        help="what takes minutes too: a year's replay, pages over a million entries",
    )
    parser.add_argument("--peers", action="store_true", help="other people's programs too")
    parser.add_argument(
        "--write", action="store_true", help=f"write {report.PAGE} from what was measured here"
    )
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    return parser


def _measured(name: str) -> list[Figure]:
    """One measurement in a process of its own: nothing of another one is in its memory."""
    module = name.removesuffix(ON_POSTGRESQL)
    with (
        tempfile.TemporaryDirectory(dir=KEPT, prefix=f"{name}-") as folder,
        postgres.running(Path("/var/tmp")) if module != name else nullcontext() as server,
    ):
        given = {"HUB_DATABASE_URL": postgres.fresh(server.url())} if server else {}
        words = (
            sys.executable,
            "-m",
            "tests.bench",
            "--alone",
            module,
            str(Path(folder).absolute()),
        )
        done = subprocess.run(words, env=os.environ | given, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(f"{name} was not measured: it ended with {done.returncode}")
        return [Figure(**row) for row in json.loads(Path(folder, "figures.json").read_text())]


def _peer(name: str) -> dict[str, Any]:
    words = (sys.executable, "-m", "tests.bench.peers", name)
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


class _Book:
    """What was measured on this machine, by measurement; an older figure stays until its next."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept = json.loads(path.read_text()) if path.exists() else {}

    def keep(self, name: str, figures: list[Figure]) -> None:
        self._write(name, [asdict(figure) for figure in figures])

    def keep_peer(self, name: str, figures: dict[str, Any]) -> None:
        if figures:
            self._write(f"peer {name}", {**figures, "measured": f"{_today()}, on {report.cores()}"})

    def figures(self, names: list[str]) -> list[Figure]:
        return [Figure(**row) for name in names for row in self._kept.get(name, ())]

    def peers(self) -> list[dict[str, Any]]:
        return [self._kept[f"peer {name}"] for name in PEERS if f"peer {name}" in self._kept]

    def _write(self, name: str, found: object) -> None:
        self._kept[name] = found
        self.path.write_text(json.dumps(self._kept, indent=1))


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


if __name__ == "__main__":
    sys.exit(main())
