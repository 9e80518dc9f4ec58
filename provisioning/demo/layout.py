# SPDX-License-Identifier: Apache-2.0
"""Where everything of a demo lies: one folder, and nothing outside of it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of a demo."""

    folder: Path

    @property
    def hub(self) -> Path:
        """The hub's database, keys and mails."""
        return self.folder / "hub"

    @property
    def static(self) -> Path:
        """Where the hub would collect its static files; served from their sources instead."""
        return self.hub / "static"

    @property
    def terminals(self) -> Path:
        """One folder a terminal."""
        return self.folder / "terminals"

    @property
    def accounts(self) -> Path:
        """Who may log in; written last: with it the set-up is complete."""
        return self.folder / "accounts.json"

    @property
    def lock(self) -> Path:
        """Locked while a demo runs here."""
        return self.folder / "lock"

    def terminal(self, name: str) -> Path:
        """A terminal's settings, sample cards and store."""
        return self.terminals / name

    def log(self, name: str) -> Path:
        """What a program says."""
        return self.folder / "logs" / f"{name}.log"
