# SPDX-License-Identifier: Apache-2.0
"""`python -m hub run_jobs`: what falls due by itself, in a loop beside the bridge or once."""

import signal
import threading
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from hub.ledger import awards, crediting, expiring, gift_expiring, maturing, notices, tiering

EVERY_S = 60.0


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT; whatever days it slept through come at its start."""

    help = "Fait ce qui vient à échéance : points des rendez-vous, e-mails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="une fois, puis termine")

    def handle(self, *_args: object, once: bool = False, **_options: object) -> None:
        stop = threading.Event()
        if not once:
            for wanted in (signal.SIGTERM, signal.SIGINT):
                signal.signal(wanted, lambda *_: stop.set())
        while not stop.is_set():
            credited = crediting.credit_due()
            matured = maturing.mature_due()
            awards.read_due()
            expired = expiring.expire_due() + gift_expiring.expire_gifts_due()
            raised = tiering.evaluate_due()
            told = notices.send_due() + notices.send_points_due()
            told += notices.send_reminders_due()
            self.stdout.write(
                f"rendez-vous={credited} points={matured} expirés={expired} statuts={raised} e-mails={told}"
            )
            if once:
                return
            close_old_connections()
            stop.wait(EVERY_S)
