# SPDX-License-Identifier: Apache-2.0
"""Cards printed before anybody has them: their numbers are kept for them (SPEC E4)."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from hub.merchants.models import Merchant


class CardBatch(models.Model):
    """Blank cards that are printed together; whoever is given one is served by it from then on."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="card_batches")
    codes = models.JSONField()
    """Their numbers, in the order in which they are printed."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
