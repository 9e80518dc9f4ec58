# SPDX-License-Identifier: Apache-2.0
"""Mistakes of an installation, told at start instead of at the first customer."""

import os
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections

SHORTEST_KEY: Final = 32


@register
def installation(app_configs: Sequence[Any] | None, **more: Any) -> list[CheckMessage]:  # noqa: ANN401
    """Look at the settings that the environment gave."""
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        found.append(
            Error(
                "HUB_SECRET_KEY est trop courte : 32 caractères au moins, ou aucune.", id="hub.E001"
            )
        )
    if not os.access(settings.HUB_DATA, os.W_OK):
        found.append(
            Error(f"Le dossier HUB_DATA ({settings.HUB_DATA}) est en lecture seule.", id="hub.E002")
        )
    if settings.DEBUG and set(settings.ALLOWED_HOSTS) - settings.LOOPBACK:
        found.append(
            Caution("HUB_DEBUG montre le code du hub à qui provoque une erreur.", id="hub.W001")
        )
    if settings.HUB_BROKER_PLAIN and settings.HUB_BROKER_HOST not in settings.LOOPBACK:
        sentence = (
            "HUB_BROKER_PLAIN est pour un courtier sur cet ordinateur (127.0.0.1) : ailleurs, sans"
            " TLS, n’importe qui lirait les ventes et se ferait passer pour une caisse."
        )
        found.append(Error(sentence, id="hub.E004"))
    return found


@register(Tags.database)
def durability(databases: Sequence[str] | None = None, **more: Any) -> list[CheckMessage]:  # noqa: ANN401
    """Ask a PostgreSQL server whether what it commits outlives a power cut."""
    found: list[CheckMessage] = []
    for connection in (connections[alias] for alias in databases or ()):
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            for name in ("fsync", "full_page_writes"):
                cursor.execute(f"SHOW {name}")
                if cursor.fetchone() != ("on",):
                    sentence = (
                        f"PostgreSQL a {name} = off : une coupure perdrait des ventes que les"
                        " caisses croient sauvées. Remettez-le à on."
                    )
                    found.append(Error(sentence, id="hub.E003"))
    return found
