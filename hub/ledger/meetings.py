# SPDX-License-Identifier: Apache-2.0
"""Which customers a shop has met: rows (SPEC A3). Who asks for them reads no entries."""

from typing import ClassVar

from django.db import models

from hub.merchants.models import Shop


class Meeting(models.Model):
    """Something of a customer's happened at a shop."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "ledger.Customer", models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "customer"], name="met_once")
        ]
