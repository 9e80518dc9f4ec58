# SPDX-License-Identifier: Apache-2.0
"""What other programs asked and were answered: the same request again is answered the same."""

from typing import ClassVar

from django.db import models

from hub.merchants.models import ID_LENGTH, Merchant


class Asked(models.Model):
    """A request under the key that its program gave it, and its answer."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=ID_LENGTH)
    digest = models.CharField(max_length=64)
    """SHA-256, hex, of what was asked."""
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "key"], name="asked_once")
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "at"], name="asked_since")]
