# SPDX-License-Identifier: Apache-2.0
"""Frames as they came, until what they ask is committed."""

from typing import ClassVar

from django.db import models


class Inbox(models.Model):
    """One frame. It is written before anybody reads it, and goes with the commit that used it."""

    topic = models.CharField(max_length=120)
    payload = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    """Raised before each try: a frame that kills the bridge is known after its restart."""
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.topic} {len(self.payload)}"
