# SPDX-License-Identifier: Apache-2.0
"""How much was awarded to expire on which day, customer by customer, and what of it will: rows (C19).

Lots say what was awarded, never what is left: the oldest is spent first (decision 0013, 6). What is
left of them to expire is worked out from lots and balance, and kept for the page (decision 0016).
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
    foreseen = models.BigIntegerField(null=True)
    """Key of the last movement that `Fall` knows; None: nothing was foreseen yet."""


class Fall(models.Model):
    """Points of a customer that expire on a day, if nobody uses any until then."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    customer = models.CharField(max_length=ID_LENGTH)
    """Uuid."""
    day = models.DateField()
    points = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "customer", "day"], name="fall_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "day", "customer"], name="falls_by_day")
        ]


class FallMonth(models.Model):
    """What falls within one month, all customers together."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    first = models.DateField()
    """Its first day."""
    points = models.BigIntegerField()
    customers = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "first"], name="fall_month_once")
        ]
