# SPDX-License-Identifier: Apache-2.0
"""Where Django starts the interface: it is told of who is forgotten, in every process."""

from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hub.api"

    def ready(self) -> None:
        """Let kept answers hear of who is forgotten."""
        import_module("hub.api.once")
