# SPDX-License-Identifier: Apache-2.0
"""Where a peer lives while it is measured: its own environment, its folder, its memory."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from provisioning.demo.programs import Programs

Figures = dict[str, str | float | int]
"""What one peer gives the table: its name, its version, and figures named with their units."""


class Missing(Exception):
    """A peer cannot be measured here; the text says what is missing."""


def environment(folder: Path, *requirements: str) -> Path:
    """Install a peer into an environment of its own, once; the path of its Python.

    Raises:
        Missing: it cannot be installed; why was said on stderr.
    """
    python = folder / "bin" / "python"
    done = folder / "installed.txt"
    wanted = "\n".join(requirements)
    if done.exists() and done.read_text() == wanted:
        return python
    tell(f"Installing {', '.join(requirements)} into {folder} (once)…")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv:
        make = [uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)]
        install = [uv, "pip", "install", "-q", "--python", str(python)]
    else:
        make = [sys.executable, "-m", "venv", "--clear", str(folder)]
        install = [str(python), "-m", "pip", "install", "-q"]
    for argv in (make, [*install, *requirements]):
        if subprocess.run(argv, stdout=sys.stderr, check=False).returncode:
            raise Missing(
                f"{requirements[0]} cannot be installed here: `{argv[0]}` says why above."
            )
    done.write_text(wanted)
    return python


def version(python: Path, package: str) -> str:
    """Which version of a package an environment holds."""
    asks = f"from importlib.metadata import version; print(version({package!r}))"
    said = subprocess.run((python, "-c", asks), capture_output=True, text=True, check=True)
    return said.stdout.strip()


def emptied(folder: Path) -> Path:
    """The folder, without what an earlier measurement left in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder.resolve()


@contextmanager
def running() -> Iterator[Programs]:
    """Programs that end with the measurement, however it ends."""
    programs = Programs()
    try:
        yield programs
    finally:
        programs.stop()


def memory_mb(*leaders: int) -> float:
    """What these programs and all they started hold, what they share counted once."""
    held_kb = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            _, _, fields = (process / "stat").read_text().rpartition(")")
            if int(fields.split()[3]) in leaders:  # its session's leader
                held_kb += _pss_kb((process / "smaps_rollup").read_text())
    return held_kb / 1024


def _pss_kb(rollup: str) -> int:
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def tell(text: str) -> None:
    """Say how it goes: stdout is kept for the figures."""
    print(text, file=sys.stderr, flush=True)
