# SPDX-License-Identifier: Apache-2.0
"""What customers are to be told of points that somebody gave or took by hand: rows (SPEC I3)."""

from typing import ClassVar

from django.db import models

LONGEST_NOTE = 200


class PointsNotice(models.Model):
    """One e-mail to one customer; `notices.send_due` sends it once."""

    customer = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="+")
    points = models.BigIntegerField()
    note = models.CharField(max_length=LONGEST_NOTE)
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="points_untold", condition=models.Q(sent_at=None))
        ]
