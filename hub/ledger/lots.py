# SPDX-License-Identifier: Apache-2.0
"""How much was awarded to expire on which day, customer by customer: rows (SPEC C19).

They say what was awarded, never what is left: the oldest is spent first (decision 0013, 6).
"""

from typing import ClassVar

from django.db import models

from hub.merchants.models import ID_LENGTH, Merchant


class Lot(models.Model):
    """Points of a customer that expire on a day, all awards of it together."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    customer = models.CharField(max_length=ID_LENGTH)
    """Uuid."""
    day = models.DateField(null=True)
    """First day on which they are not there any more; None: never."""
    points = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["merchant", "customer"], name="lots_of_customer"),
            models.Index(
                fields=["merchant", "day"],
                name="lots_by_day",
                condition=models.Q(day__isnull=False),
            ),
        ]


class LotBook(models.Model):
    """How far the entries of a merchant were read into lots, and the last day that was seen to."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    upto = models.BigIntegerField(default=0)
    """Key of the last entry."""
    day = models.DateField(null=True)
    """On which what was due expired last."""
