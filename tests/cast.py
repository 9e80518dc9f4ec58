# SPDX-License-Identifier: Apache-2.0
"""Real programs that a test plays with: each can be held still, killed and brought back."""

import os
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from provisioning.demo.ports import Ports
from provisioning.demo.programs import Died, Program, Programs, last_lines
from tests.hands import until

Ready = Callable[[], bool]


def somewhere() -> int:
    """A free port, elsewhere for each run, below those that the system lends to callers.

    A program that is killed must find its port again: nobody who calls may hold it meanwhile.
    """
    return Ports().take(10_000 + os.getpid() * 37 % 20_000)


class Cast:
    """Programs by name; any thread may do anything to those that are its own."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._known: dict[str, tuple[Program, Ready | None]] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = Lock()
        # Programs end with the thread that started them (Linux): this one lasts as long as we do.
        self._starting = ThreadPoolExecutor(1)

    def know(self, program: Program, *, ready: Ready | None = None) -> None:
        """A program that may be started by its name, and how to see that it serves."""
        self._known[program.name] = (program, ready)

    def start(self, *names: str) -> None:
        """Start programs, all when none is named; each serves before the next one starts.

        Raises:
            Died: one ended at once; the text says how.
        """
        for name in names or self._known:
            program, ready = self._known[name]
            with self._lock:
                started = self._starting.submit(self._programs.start, program)
                self._running[name] = started.result()
            if ready:
                until(lambda ready=ready, name=name: self._lives(name) and ready(), name)
            self._lives(name)  # it may be another's port that answers

    def kill(self, *names: str) -> None:
        """The power is gone: kill -9."""
        with self._lock:
            for name in names or list(self._running):
                if process := self._running.pop(name, None):
                    self._programs.kill(process)

    def hold(self, *names: str) -> None:
        """Stop programs where they stand, with all they started (SIGSTOP)."""
        for name in names:
            os.killpg(self._running[name].pid, signal.SIGSTOP)

    def let_go(self, *names: str) -> None:
        """Let them go on (SIGCONT)."""
        for name in names:
            os.killpg(self._running[name].pid, signal.SIGCONT)

    @property
    def dead(self) -> list[str]:
        """Programs that were killed and not started again."""
        return [name for name in self._known if name not in self._running]

    def check(self) -> None:
        """Do nothing while all that were started and not killed run. Raises Died."""
        with self._lock:
            self._programs.check()

    def _lives(self, name: str) -> bool:
        code = self._running[name].poll()
        if code is not None:
            raise Died(f"{name}: {code}\n{last_lines(self._known[name][0].log)}")
        return True
