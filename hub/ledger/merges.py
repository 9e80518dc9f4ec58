# SPDX-License-Identifier: Apache-2.0
"""Who decided that two customers are one person, or are not: rows, with why and when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.ledger.rulings import LONGEST_REASON


class Merge(models.Model):
    """Two customers are served as one while this stands; it moves nothing, so undoing it is safe.

    Standing ones make a forest: each customer is a member of at most one other, and the root of
    the tree is whom the person is served as.
    """

    into = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="merges")
    member = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="merged")
    reason = models.CharField(_("raison"), max_length=LONGEST_REASON)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()
    undone_reason = models.CharField(_("raison"), max_length=LONGEST_REASON, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], name="merged_once", condition=models.Q(undone_at=None)
            )
        ]


class Apart(models.Model):
    """Two customers with the same phone or e-mail are two people: they are not asked about again."""

    one = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="+")
    other = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="+")
    """The one that was registered later."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="apart_once")
        ]
