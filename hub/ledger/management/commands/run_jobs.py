# SPDX-License-Identifier: Apache-2.0
"""`python -m hub run_jobs`: what falls due by itself, in a loop beside the bridge or once."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Final

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from hub.ledger import (
    awards,
    birthdays,
    counter,
    counting,
    crediting,
    expiring,
    gift_expiring,
    gifting,
    maturing,
    notices,
    retention,
    tiering,
)
from hub.ledger.imports import work
from hub.merchants import links, sessions, stays, tries
from hub.programmes import photos

EVERY_S: Final = 60.0
SOON_S: Final = 1.0
"""While a file is being imported, for which somebody waits."""
JOBS: Final[tuple[tuple[str, Callable[[], int]], ...]] = (
    ("rendez-vous", crediting.credit_due),
    ("points", maturing.mature_due),
    ("anniversaires", birthdays.celebrate_due),
    ("lues", awards.read_due),
    ("expirés", expiring.expire_due),
    ("cartes-expirées", gift_expiring.expire_gifts_due),
    ("chiffres", counting.count_due),
    ("statuts", tiering.evaluate_due),
    ("offres", gifting.tell_offers_due),
    ("photos", photos.make_due),
    ("cartes", notices.send_due),
    ("mots", notices.send_points_due),
    ("absents", retention.keep_due),
    ("rappels", notices.send_reminders_due),
    ("liens", links.send_due),
    ("importées", work.apply_due),
    ("oubliées", work.tidy),
    ("abandonnées", counter.tidy),
    ("essais", tries.tidy),
    ("sessions", sessions.tidy),
    ("visites", stays.close_lapsed),
)
"""What is done, in this order: what matures or opens may be used before anything expires."""


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
            counts = {name: job() for name, job in JOBS}
            self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
            if once:
                return
            close_old_connections()
            stop.wait(SOON_S if counts["importées"] else EVERY_S)
