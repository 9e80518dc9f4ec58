# SPDX-License-Identifier: Apache-2.0
"""The first start: an empty database, then the sample businesses and their past, with a bar."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from provisioning.demo.layout import Layout
from provisioning.demo.ports import LOOPBACK
from provisioning.demo.programs import last_lines

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
OLD: Final = (
    "Cette démonstration a été faite par une version sans certificats : repartez de zéro avec"
    " ./run demo --fresh"
)
ROOM: Final = 256 * 1024 * 1024


class SetupFailed(Exception):
    """The demo could not be made ready; the text says what to do."""


def set_up(layout: Layout, *, days: int, console: Console) -> None:
    """Make what is not there yet: all of it or nothing.

    Raises:
        SetupFailed: a step failed.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TimeElapsedColumn(),
    )
    log = layout.log("preparation")
    log.parent.mkdir(parents=True, exist_ok=True)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Base de données du hub", total=None)
        if layout.accounts.exists():
            if not (layout.hub / "keys" / "authority.pem").exists():
                raise SetupFailed(OLD)
            _run(layout, log, "-m", "hub", "migrate", "--verbosity", "0")
            return
        with tempfile.TemporaryDirectory(prefix="comptoir-", dir=_workshop()) as folder:
            made = Layout(Path(folder))
            made.static.mkdir(parents=True)
            _run(made, log, "-m", "hub", "migrate", "--verbosity", "0")
            progress.update(task, description="Commerces, clients et ventes", total=days)
            _prepare(made, log, days, progress=progress)
            for part in (made.hub, made.terminals, made.accounts):  # the accounts last
                shutil.move(part, layout.folder / part.name)


def _workshop() -> Path | None:
    """A folder in memory, where nothing waits for a disk; None: the system's own for such things.

    A past of many thousand commits is made in a fifth of the time, and what was cut short is gone.
    """
    try:
        enough = shutil.disk_usage(MEMORY).free > ROOM and os.access(MEMORY, os.W_OK)
    except OSError:
        return None
    return MEMORY if enough else None


def hub_environment(layout: Layout) -> Mapping[str, str]:
    """What the hub's programs are told."""
    return {
        "HUB_DATA": str(layout.hub),
        "HUB_HOSTS": "127.0.0.1,localhost",
        "HUB_MAILBOX": "1",
        "HUB_BROKER_HOST": LOOPBACK,
        "HUB_BROKER_NAME": LOOPBACK,
        "HUB_BROKER_FILES": str(layout.hub / "broker"),
    }


def _run(layout: Layout, log: Path, *arguments: str) -> None:
    with log.open("ab") as out:
        ended = subprocess.run(
            [sys.executable, *arguments],
            env=_environment(layout),
            stdout=out,
            stderr=out,
            check=False,
        )
    if ended.returncode:
        raise _failed(log)


def _prepare(layout: Layout, log: Path, days: int, *, progress: Progress) -> None:
    argv = [sys.executable, "-m", "provisioning.demo.prepare", str(layout.folder), str(days)]
    (task,) = progress.task_ids
    with (
        log.open("ab") as out,
        subprocess.Popen(
            argv, env=_environment(layout), stdout=subprocess.PIPE, stderr=out, text=True
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                done, total, sentence = line.rstrip("\n").split("\t")
                progress.update(task, completed=int(done), total=int(total), description=sentence)
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise _failed(log)


def _environment(layout: Layout) -> dict[str, str]:
    return {**os.environ, **hub_environment(layout)}


def _failed(log: Path) -> SetupFailed:
    return SetupFailed(f"La préparation a échoué. Fin de {log} :\n{last_lines(log)}")
