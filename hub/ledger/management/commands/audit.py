# SPDX-License-Identifier: Apache-2.0
"""`audit`: add everything up again; exits with 1 where something does not agree."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hub.ledger.audit import equation, faults
from hub.merchants.models import Merchant


class Command(BaseCommand):
    help = "Vérifie que ce qui a été émis, moins ce qui a été utilisé, est ce qui reste."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", nargs="*", help="tous les commerçants par défaut")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Print the equation of each merchant, then what is wrong."""
        wrong = 0
        chosen = options["merchant"] or Merchant.objects.values_list("pk", flat=True)
        for merchant_id in chosen:
            self.stdout.write(f"{merchant_id}")
            for line in equation(merchant_id):
                parts = " ".join(f"{kind} {amount:+d}" for kind, amount in line.by_entry.items())
                self.stdout.write(
                    f"  {line.unit} : {parts} = {line.balances} (réservés {line.held}),"
                    f" écart {line.difference}"
                )
            for sentence in faults(merchant_id):
                self.stdout.write(f"  ! {sentence}")
                wrong += 1
        sys.exit(1 if wrong else 0)
