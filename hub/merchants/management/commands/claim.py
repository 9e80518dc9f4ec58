# SPDX-License-Identifier: Apache-2.0
"""`claim`: a code with which a board becomes a terminal of a shop."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.merchants import claims, enrolment
from hub.merchants.models import Shop


class Command(BaseCommand):
    help = "Donne un code pour enrôler un terminal dans une boutique (15 minutes, une fois)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shop", required=True, help="identifiant de la boutique")
        parser.add_argument("--terminal", required=True, help="nom du terminal : a-z, 0-9 et -")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Make the code, say what to do with it."""
        shop = Shop.objects.filter(pk=options["shop"]).first()
        if shop is None:
            known = ", ".join(Shop.objects.values_list("pk", flat=True)) or "aucune"
            raise CommandError(f"Boutique inconnue. Boutiques : {known}.")
        try:
            code = claims.make(shop, options["terminal"])
        except enrolment.BadTerminal as bad:
            raise CommandError(f"Nom de terminal refusé : {bad}.") from bad
        self.stdout.write(code)
        minutes = int(claims.LASTS.total_seconds() / 60)
        self.stderr.write(
            f"À taper sur le terminal dans les {minutes} minutes :"
            f"  ./run enrol ADRESSE-DU-HUB {code}"
        )
