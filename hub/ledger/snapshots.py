# SPDX-License-Identifier: Apache-2.0
"""A merchant's state as one terminal is given it at once: rows, replaced by each newer one."""

from typing import ClassVar

from django.db import models

from hub.merchants.models import ID_LENGTH, Terminal


class Snapshot(models.Model):
    """A merchant's state for one terminal, kept in parts until the next one."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    terminal = models.OneToOneField(Terminal, models.CASCADE)
    gen = models.PositiveIntegerField(default=0)
    """The terminal's: enrolled again, it may stand in another shop."""
    to = models.BigIntegerField()
    """The feed position that it stands for."""
    parts = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    """When its last part was."""


class SnapshotPart(models.Model):
    """Some of its items, one a line."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE)
    part = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "part"], name="part_once")
        ]
