# SPDX-License-Identifier: Apache-2.0
"""Who bought what and when last, and for how much in each month: rows (SPEC D4, K1).

Who picks customers by what they bought reads these instead of a million receipts. What was paid
back whole was not bought.
"""

from typing import ClassVar, Final

from django.db import models

from hub.merchants.models import ID_LENGTH, Merchant

ANYTHING: Final = ""
"""In the place of a product or category: whatever it was."""


class Bought(models.Model):
    """The last day on which a customer bought a product, of a category, or anything."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, db_index=False)
    customer = models.ForeignKey("ledger.Customer", models.PROTECT, db_index=False)
    article = models.CharField(max_length=ID_LENGTH, blank=True)
    """Id of a product or category, as the receipt had it; `ANYTHING`: of whatever there was."""
    last_on = models.DateField()
    """Where the merchant is."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "article"], name="bought_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["merchant", "article", "last_on", "customer"], name="who_bought_it"
            )
        ]


class Spent(models.Model):
    """What a customer's sales of a month came to, less what was paid back of these."""

    customer = models.ForeignKey("ledger.Customer", models.PROTECT, db_index=False)
    month = models.DateField()
    """Its first day, where the merchant is."""
    cents = models.BigIntegerField()
    """Due after rewards."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "month"], name="spent_once")
        ]


class PurchaseBook(models.Model):
    """How far the entries of a merchant were read for the rows above."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    upto = models.BigIntegerField(default=0)
    """Key of the last entry."""
