# SPDX-License-Identifier: Apache-2.0
"""What the movements of each day came to, by account and cause: rows (SPEC I1, I7, B4).

A page about all points ever moved reads some thousand of these instead of a million movements.
"""

from typing import ClassVar

from django.db import models

from hub.merchants.models import ID_LENGTH, Merchant


class DaySum(models.Model):
    """So many movements of one sort, and what they come to, on a day where the merchant is."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    day = models.DateField()
    """On which their entries happened."""
    shop = models.CharField(max_length=ID_LENGTH, blank=True)
    """Its id; empty: done at no shop."""
    kind = models.CharField(max_length=8)
    """Of their accounts."""
    key = models.CharField(max_length=64, blank=True)
    """Of accounts that count against another: which. The others are summed whatever their key."""
    lost = models.BooleanField()
    """Whether the loss reserve paid, and no customer, gift card or sale."""
    entry = models.CharField(max_length=24)
    """Kind of their entries."""
    cause = models.CharField(max_length=12, blank=True)
    up = models.BooleanField()
    """Whether they gave; else they took."""
    times = models.BigIntegerField()
    amount = models.BigIntegerField()
    """Below 0 where they took."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("merchant", "kind", "day", "shop", "key"),
                    *("lost", "entry", "cause", "up"),
                ],
                name="summed_once",
            )
        ]


class SumBook(models.Model):
    """How far the movements of a merchant were added up."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    upto = models.BigIntegerField(default=0)
    """Key of the last movement: every one of the merchant's up to it is in, none after it."""
