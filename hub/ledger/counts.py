# SPDX-License-Identifier: Apache-2.0
"""What each day of each shop came to, hour by hour and article by article: rows (SPEC B4).

A page about a year reads some thousand of these instead of a million receipts.
"""

from typing import ClassVar

from django.db import models

from hub.merchants.models import ID_LENGTH, Merchant

LONGEST_LABEL = 120


class What(models.TextChoices):
    """What is counted."""

    SALES = "sales"
    """By hour of the day; less what was paid back, in cents."""
    VISITS = "visits"
    """By hour of the day: staff scans, and sales to somebody without a card."""
    JOINED = "joined"
    ARTICLE = "article"
    """By product, or by category where no product was picked; less what came back."""
    REWARD = "reward"
    WRITTEN = "written"
    """What entries say by themselves that they move, by kind of account: in its unit, as `cents`."""
    LISTED = "listed"
    """In the list of transactions: by kind of entry."""


class Count(models.Model):
    """So often, and for so much, on a day where the merchant is."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    what = models.CharField(max_length=8, choices=What)
    day = models.DateField()
    shop = models.CharField(max_length=ID_LENGTH, blank=True)
    """Its id; empty: done at no shop."""
    key = models.CharField(max_length=ID_LENGTH, blank=True)
    """Id of the product or reward; the hour, in two digits."""
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)
    """As the receipts of that day called it."""
    times = models.BigIntegerField()
    cents = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merchant", "what", "day", "shop", "key", "label"], name="counted_once"
            )
        ]


class CountBook(models.Model):
    """How far the entries of a merchant were counted."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    upto = models.BigIntegerField(default=0)
    """Key of the last entry."""
