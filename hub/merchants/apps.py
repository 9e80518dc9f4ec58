# SPDX-License-Identifier: Apache-2.0
"""Where Django starts: what an installation may get wrong is checked from here."""

from importlib import import_module

from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "hub.merchants"

    def ready(self) -> None:
        """Register the checks."""
        import_module("hub.checks")
