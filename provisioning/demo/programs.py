# SPDX-License-Identifier: Apache-2.0
"""Start programs, notice when one dies, and stop them all without leaving an orphan."""

import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

STOP_S: Final = 8.0
"""How long a program may take to put its things away before it is killed."""

LAST_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: its name for people, its command, where it writes what it says."""

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)


class Died(Exception):
    """A program ended by itself; the text names it and ends with the last lines of its log."""


class Programs:
    """Programs that live and die together; each has a process group of its own."""

    def __init__(self) -> None:
        self._running: list[tuple[Program, subprocess.Popen[bytes]]] = []

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start one; what it says is added to its log.

        Ctrl-C reaches this process only, which then stops the others in order; should this process
        be killed, the system ends them where it can (Linux).
        """
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            process = subprocess.Popen(
                _leashed(program.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **program.env},
                start_new_session=True,
            )
        self._running.append((program, process))
        return process

    def check(self) -> None:
        """Do nothing while all of them run.

        Raises:
            Died: one does not.
        """
        for program, process in self._running:
            code = process.poll()
            if code is not None:
                raise Died(_obituary(program, code))

    def wait_until(self, ready: Callable[[], bool], *, what: str, timeout_s: float = 30) -> None:
        """Wait for something that the programs do.

        Raises:
            Died: one of them died meanwhile.
            TimeoutError: it did not happen in time; the text says what.
        """
        deadline = time.monotonic() + timeout_s
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(what)
            time.sleep(0.05)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End one at once, with all it started, as a power cut would."""
        self._running = [(program, one) for program, one in self._running if one is not process]
        _signal(process, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End them, the last started first; each gets time to put its things away."""
        for _, process in reversed(self._running):
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for _, process in reversed(self._running):
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            # what a program started itself is in its group and ends with it
            _signal(process, signal.SIGKILL)
            process.wait()
        self._running.clear()


def _leashed(argv: tuple[str, ...]) -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *argv] if setpriv else list(argv)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _obituary(program: Program, code: int) -> str:
    how = signal.Signals(-code).name if code < 0 else f"code {code}"
    return (
        f"« {program.name} » s’est arrêté ({how}). "
        f"Fin de {program.log} :\n{last_lines(program.log)}"
    )


def last_lines(log: Path) -> str:
    """The end of a log, indented."""
    with log.open(errors="replace") as lines:
        return "".join(f"    {line}" for line in deque(lines, LAST_LINES)).rstrip()
