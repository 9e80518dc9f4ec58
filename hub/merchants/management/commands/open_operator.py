# SPDX-License-Identifier: Apache-2.0
"""`open_operator`: makes the account of somebody who runs the hub; the first can only be made here."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from hub.merchants.models import Person, Role


class Command(BaseCommand):
    help = "Ouvre le compte d’un exploitant ; le mot de passe est demandé, ou lu sur l’entrée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse du compte")
        parser.add_argument("--name", required=True, help="nom, tel qu’on le lira")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Make it by the rule for passwords; the second factor is asked for at the first sign-in."""
        if Person.objects.filter(email=options["email"].lower()).exists():
            raise CommandError("Cette adresse a déjà un compte.")
        typed = getpass("Mot de passe : ") if sys.stdin.isatty() else sys.stdin.readline()
        password = typed.rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as lacking:
            raise CommandError(" ".join(lacking.messages)) from lacking
        Person.objects.open_account(
            options["email"], password, name=options["name"], role=Role.OPERATOR
        )
        self.stdout.write("Compte ouvert : connectez-vous, puis ajoutez le code d’un téléphone.")
