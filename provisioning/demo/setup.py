# SPDX-License-Identifier: Apache-2.0
"""The first start: an empty database, then the sample businesses and their past, with a bar."""

import os
import subprocess
import sys
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from provisioning.demo.layout import Layout
from provisioning.demo.programs import last_lines


class SetupFailed(Exception):
    """The demo could not be made ready; the text says what to do."""


def set_up(layout: Layout, *, days: int, console: Console) -> None:
    """Make what is not there yet; a set-up that was cut short is begun again.

    Raises:
        SetupFailed: a step failed.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Base de données du hub", total=None)
        _hub(layout, "migrate", "--verbosity", "0")
        if layout.accounts.exists():
            return
        if (layout.folder / "terminals").exists():
            raise SetupFailed(
                "La préparation précédente a été interrompue. Recommencez avec :  "
                "./run demo --fresh"
            )
        progress.update(task, description="Commerces, clients et ventes", total=days)
        _prepare(layout, days, progress=progress)


def hub_environment(layout: Layout) -> Mapping[str, str]:
    """What the hub's programs are told."""
    return {"HUB_DATA": str(layout.hub), "HUB_HOSTS": "127.0.0.1,localhost"}


def _hub(layout: Layout, *command: str) -> None:
    _run(layout, [sys.executable, "-m", "hub", *command])


def _run(layout: Layout, argv: list[str]) -> None:
    log = layout.log("preparation")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        ended = subprocess.run(argv, env=_environment(layout), stdout=out, stderr=out, check=False)
    if ended.returncode:
        raise _failed(layout)


def _prepare(layout: Layout, days: int, *, progress: Progress) -> None:
    argv = [sys.executable, "-m", "provisioning.demo.prepare", str(layout.folder), str(days)]
    (task,) = progress.task_ids
    with (
        layout.log("preparation").open("ab") as log,
        subprocess.Popen(
            argv, env=_environment(layout), stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            done, total, sentence = line.rstrip("\n").split("\t")
            progress.update(task, completed=int(done), total=int(total), description=sentence)
    if process.returncode:
        raise _failed(layout)


def _environment(layout: Layout) -> dict[str, str]:
    return {**os.environ, **hub_environment(layout)}


def _failed(layout: Layout) -> SetupFailed:
    log = layout.log("preparation")
    return SetupFailed(f"La préparation a échoué. Fin de {log} :\n{last_lines(log)}")
