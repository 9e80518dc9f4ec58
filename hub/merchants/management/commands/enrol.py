# SPDX-License-Identifier: Apache-2.0
"""`enrol`: make a terminal ours and write the settings it starts from."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hub.merchants import enrolment
from hub.merchants.models import Shop


class Command(BaseCommand):
    help = "Enrôle un terminal dans une boutique et écrit son fichier de réglages (secret)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shop", required=True, help="identifiant de la boutique")
        parser.add_argument("--terminal", required=True, help="nom du terminal : a-z, 0-9 et -")
        parser.add_argument("--host", default=settings.HUB_BROKER_HOST, help="adresse du broker")
        parser.add_argument("--port", type=int, default=settings.HUB_BROKER_PORT)
        parser.add_argument("--screen", default="800x480", help="taille de l’écran")
        parser.add_argument("--scanner", action="append", help="URL d’un lecteur ; répétable")
        parser.add_argument("--printer", default="mock:")
        parser.add_argument("--signal", default="mock:")
        parser.add_argument("--out", type=Path, help="fichier à écrire ; sinon à l’écran")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Enrol, then print or write."""
        shop = Shop.objects.select_related("merchant").filter(pk=options["shop"]).first()
        if shop is None:
            known = ", ".join(Shop.objects.values_list("pk", flat=True)) or "aucune"
            raise CommandError(f"Boutique inconnue. Boutiques : {known}.")
        width, _, height = options["screen"].partition("x")
        if not (width.isdigit() and height.isdigit()):
            raise CommandError("La taille de l’écran s’écrit comme 800x480.")
        try:
            terminal = enrolment.enrol(shop, options["terminal"])
        except enrolment.BadTerminal as bad:
            raise CommandError(f"Nom de terminal refusé : {bad}.") from bad
        text = enrolment.settings_toml(
            terminal,
            host=options["host"],
            port=options["port"],
            width=int(width),
            height=int(height),
            scanners=tuple(options["scanner"] or ["mock:"]),
            printer=options["printer"],
            signal=options["signal"],
        )
        path: Path | None = options["out"]
        if path is None:
            self.stdout.write(text, ending="")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        self.stdout.write(f"{path} (génération {terminal.gen})")
