# SPDX-License-Identifier: Apache-2.0
"""Spending rights that terminals asked for: rows (RIGHTS)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hub.merchants.models import ID_LENGTH, KEY_LENGTH, Terminal


class SpendingRight(models.Model):
    """A request for a right: asking again gets the same answer, once."""

    terminal = models.ForeignKey(Terminal, models.PROTECT)
    ask = models.CharField(max_length=ID_LENGTH)
    segment = models.CharField(max_length=ID_LENGTH)
    kind = models.CharField(max_length=8)
    owner = models.CharField(max_length=ID_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH, blank=True)
    asked = models.BigIntegerField()
    amount = models.BigIntegerField(null=True)
    """None: other terminals were asked to give back what they hold of it."""
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terminal", "ask"], name="ask_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["terminal"], name="ask_open", condition=Q(amount__isnull=True))
        ]
