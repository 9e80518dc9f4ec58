# SPDX-License-Identifier: Apache-2.0
"""Frames as they came, until they are handled."""

from django.db import models


class Inbox(models.Model):
    """One frame, kept before anybody reads it."""

    topic = models.CharField(max_length=120)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    """Committed before each try, so that a frame that kills the process is noticed."""
    trying = models.BigIntegerField(default=0)
    """The entry being tried alone, after frames that failed twice."""
