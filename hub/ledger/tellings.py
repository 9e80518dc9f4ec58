# SPDX-License-Identifier: Apache-2.0
"""What customers are to be told of points that somebody gave or took by hand: rows (SPEC I3)."""

from typing import ClassVar

from django.db import models

from hub.merchants.mailed import Outgoing

LONGEST_NOTE = 200


class About(models.TextChoices):
    """What a customer is reminded of."""

    EXPIRY = "expiry"
    """Points expire soon."""
    TIER = "tier"
    """A tier will be lost soon."""
    ABSENCE = "absence"
    """They did not come for years, and will be forgotten soon."""


class Reminder(Outgoing):
    """One e-mail about one coming day, once; without an address it is on the customer's page."""

    customer = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="reminders")
    about = models.CharField(max_length=8, choices=About)
    day = models.DateField()
    """On which it comes."""
    amount = models.BigIntegerField(default=0)
    """Points."""
    name = models.CharField(max_length=40, blank=True)
    """Of the tier."""
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "about", "day"], name="reminded_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="unreminded", condition=models.Q(sent_at=None))
        ]


class PointsNotice(Outgoing):
    """One e-mail to one customer; `notices.send_points_due` sends it once."""

    customer = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="+")
    points = models.BigIntegerField()
    note = models.CharField(max_length=LONGEST_NOTE)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="points_untold", condition=models.Q(sent_at=None))
        ]
