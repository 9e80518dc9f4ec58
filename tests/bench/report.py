# SPDX-License-Identifier: Apache-2.0
"""The table that people read: on the terminal, and as docs/performance.md."""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import apsw
from rich.table import Table

from tests.bench.figure import Figure

PAGE: Final = Path("docs/performance.md")
HEAD: Final = """\
# How fast it is

Written by `./run bench --write`; the figures are those of one machine, and each stands beside a
floor measured in the same minutes on the same disk: a slow minute slows both. What a floor is,
its row says. The goals are those that were set before measuring.
"""
ABOUT_PEERS: Final = """
## Beside others

Other people's programs, from their packages, set up as well as we know how:
`python -m tests.bench.peers thingsboard` and `… pretix` say what exactly was done, and each table
on which day and machine, which need not be that of the figures above. They solve other problems as
well as these; what is compared is what they share with a till that must not lose or double anything.
"""


def table(figures: Iterable[Figure]) -> Table:
    """For the terminal."""
    shown = Table("measured", "figure", "floor", "ratio", "goal", "")
    for figure in figures:
        held = "" if not figure.goal else "[green]held[/]" if figure.held else "[red]missed[/]"
        shown.add_row(figure.name, *_cells(figure), held)
    return shown


def page(figures: Sequence[Figure], peers: Sequence[dict[str, str | float]], when: str) -> str:
    """The whole of docs/performance.md."""
    rows = [
        "| measured | figure | floor | ratio | goal | |",
        "|---|---:|---:|---:|---|---|",
        *(_row(figure) for figure in figures),
    ]
    floors = sorted({figure.beside for figure in figures if figure.beside})
    text = [HEAD, f"{when}, on {machine()}.\n", *rows, "", "The floors:", ""]
    for floor in floors:
        of = (figure.name for figure in figures if figure.beside == floor)
        names = dict.fromkeys(re.sub(r", p\d+$", "", name) for name in of)
        text.append(f"- {floor}: {'; '.join(names)}")
    if peers:
        text += [ABOUT_PEERS, *_peers(peers)]
    return "\n".join(text) + "\n"


def cores() -> str:
    """How many of what."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({cpu})"


def machine() -> str:
    """What was measured on."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{cores()}, {pages / 2**30:.0f} GB, Linux {platform.release()},"
        f" Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()} at the terminal"
        f" and {sqlite3.sqlite_version} at the hub, {_mosquitto()}"
    )


def _mosquitto() -> str:
    path = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not path:
        return "no Mosquitto"
    said = subprocess.run([path, "-h"], capture_output=True, text=True, check=False).stdout
    return said.splitlines()[0].replace("mosquitto version", "Mosquitto") if said else "Mosquitto"


def _row(figure: Figure) -> str:
    held = "" if not figure.goal else "held" if figure.held else "**missed**"
    return f"| {figure.name} | {' | '.join(_cells(figure))} | {held} |"


def _cells(figure: Figure) -> tuple[str, str, str, str]:
    floor = "" if figure.floor is None else _number(figure.floor, figure.unit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:,.2f}"
    return _number(figure.value, figure.unit), floor, ratio, figure.goal


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _peers(peers: Sequence[dict[str, str | float]]) -> Iterable[str]:
    for peer in peers:
        yield f"**{peer['peer']} {peer['version']}**, {peer['measured']}\n"
        yield "| figure | |"
        yield "|---|---:|"
        for name, value in peer.items():
            if name not in {"peer", "version", "measured"}:
                shown = f"{value:,.1f}" if isinstance(value, float) else f"{value}"
                yield f"| {name.replace('_', ' ')} | {shown} |"
        yield ""
