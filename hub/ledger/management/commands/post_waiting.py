# SPDX-License-Identifier: Apache-2.0
"""`post_waiting`: after an update of the hub, post what it did not know before."""

from typing import Any

from django.core.management.base import BaseCommand

from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.waiting import post_waiting


class Command(BaseCommand):
    help = "Enregistre les écritures qui attendaient que ce hub connaisse leur type."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401
        """Print how many were posted, and how many go on waiting."""
        posted = post_waiting()
        left = JournalEntry.objects.filter(outcome=Outcome.WAITING).count()
        self.stdout.write(f"{posted} enregistrées, {left} en attente")
