# SPDX-License-Identifier: Apache-2.0
"""`python -m hub run_jobs`: what falls due by itself, in a loop beside the bridge or once."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Mapping
from time import monotonic
from typing import Final

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from hub.ledger import running

EVERY_S: Final = 60.0
SOON_S: Final = 1.0
"""While a file is being imported, for which somebody waits; and for looking who asked."""


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT; whatever days it slept through come at its start."""

    help = "Fait ce qui vient à échéance : points, anniversaires, expirations, statuts, e-mails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="une fois, puis termine")

    def handle(self, *_args: object, once: bool = False, **_options: object) -> None:
        stop = threading.Event()
        if not once:
            for wanted in (signal.SIGTERM, signal.SIGINT):
                signal.signal(wanted, lambda *_: stop.set())
        while not stop.is_set():
            counts = running.run()
            self._tell(counts)
            if once:
                return
            close_old_connections()
            self._wait(stop, SOON_S if counts["importées"] else EVERY_S)

    def _wait(self, stop: threading.Event, pause_s: float) -> None:
        """Until the next round, but for jobs that somebody asks for meanwhile."""
        until_s = monotonic() + pause_s
        while not stop.wait(SOON_S) and monotonic() < until_s:
            if asked := running.asked():
                self._tell(running.run(asked))
            close_old_connections()

    def _tell(self, counts: Mapping[str, int]) -> None:
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
