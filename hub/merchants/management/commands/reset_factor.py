# SPDX-License-Identifier: Apache-2.0
"""`reset_factor`: lets in again an operator who lost phone and recovery codes, at the machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.merchants import factor, sessions
from hub.merchants.models import Person


class Command(BaseCommand):
    help = "Retire le second facteur d’un compte : téléphone et codes de secours perdus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse du compte")
        parser.add_argument("--reason", required=True, help="pourquoi ; gardé avec le compte")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Take it away, end the sessions, keep the reason."""
        person = Person.objects.filter(email=options["email"].lower()).first()
        if person is None or not person.factor:
            raise CommandError("Aucun compte avec un second facteur à cette adresse.")
        factor.remove(person, by=None, reason=options["reason"])
        sessions.end_others(person, but=None)
        self.stdout.write(f"{person.name} entre de nouveau avec son mot de passe seul.")
