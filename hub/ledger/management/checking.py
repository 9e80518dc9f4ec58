# SPDX-License-Identifier: Apache-2.0
"""What commands that look something over have in common: merchants in, sentences and a code out."""

import sys
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.merchants.models import Merchant


class Checking(BaseCommand):
    """Looks every merchant over, or those named; exits with 1 where something is wrong."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", nargs="*", help="tous les commerçants par défaut")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401
        """Print what was looked at, then what is wrong."""
        named: list[str] = options["merchant"]
        merchants = Merchant.objects.order_by("pk")
        chosen = list(merchants.filter(pk__in=named) if named else merchants)
        if missing := sorted(set(named) - {merchant.pk for merchant in chosen}):
            raise CommandError(f"Aucun commerçant de ce nom : {', '.join(missing)}")
        wrong = 0
        for merchant in chosen:
            self.stdout.write(merchant.pk)
            for sentence in self.said(merchant):
                self.stdout.write(f"  {sentence}")
            for sentence in self.wrong(merchant):
                self.stdout.write(f"  ! {sentence}")
                wrong += 1
        sys.exit(1 if wrong else 0)

    @abstractmethod
    def said(self, merchant: Merchant) -> Iterable[str]:
        """What there is to say however it went."""

    @abstractmethod
    def wrong(self, merchant: Merchant) -> Iterable[str]:
        """What is wrong, a sentence each."""
