# SPDX-License-Identifier: Apache-2.0
"""Descriptions of customers that a merchant saved, as rows."""

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.campaigns.tree import Tree
from hub.merchants.models import ID_LENGTH, Merchant, new_id

LONGEST_NAME: Final = 60


class Audience(models.Model):
    """A description of customers under a name: a segment, as pages say."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="audiences")
    name = models.CharField(_("nom"), max_length=LONGEST_NAME)
    asks = models.JSONField(default=dict)
    """The conditions, as `Tree.said` writes them."""
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "name"], name="audience_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tree(self) -> Tree:
        """What it asks of a customer."""
        return Tree.read(self.asks)
