# SPDX-License-Identifier: Apache-2.0
"""A file on its way in: every line is kept as it was read before any of it counts (SPEC D5, M6)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import Merchant, Shop


class Kind(models.TextChoices):
    """What a file is of."""

    PRODUCTS = "products", _("Articles")
    MEMBERS = "members", _("Clients")


class Stage(models.TextChoices):
    """How far an import is."""

    READING = "reading", _("en lecture")
    READY = "ready", _("à vérifier")
    """A person looks at what it will change."""
    APPLYING = "applying", _("en cours")
    STOPPED = "stopped", _("arrêté")
    """A line could not be written; none of those after it is."""
    DONE = "done", _("terminé")
    DROPPED = "dropped", _("abandonné")


class Act(models.TextChoices):
    """What a line does."""

    WRONG = "wrong", _("à corriger")
    ADD = "add", _("ajouté")
    CHANGE = "change", _("changé")
    SAME = "same", _("déjà pareil")
    KEEP = "keep", _("laissé comme il est")


class Import(models.Model):
    """A file that somebody sent, and how many of its lines count already."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=8, choices=Kind)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    """Where members join."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=100)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.READING)
    updates = models.BooleanField(default=False)
    """Whether what is known already is changed by the file, or left as it is."""
    refused = models.CharField(max_length=200, blank=True)
    """Why it could not be read to its end; nothing of it stays."""
    unread = models.JSONField(default=list)
    """Heads of columns that say nothing to us."""
    lines = models.PositiveIntegerField(default=0)
    """Of the file, without its head."""
    applied = models.PositiveIntegerField(default=0)
    """Place in the file of the last line that counts: written with what it did, or not at all."""
    counts = models.JSONField(default=dict)
    """How many lines did what, by `Act`."""

    class Meta:
        ordering: ClassVar = ["-pk"]

    @property
    def finished(self) -> int:
        """Lines that count."""
        return sum(self.counts.values())


class ImportLine(models.Model):
    """A line as it was read, and what it would do as things stood then; kept for some days."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    n = models.PositiveIntegerField()
    """In the file, as a spreadsheet counts: its head is line 1."""
    facts = models.JSONField(default=dict)
    """Its cells by column, each as it is kept; empty ones are not there."""
    named = models.CharField(max_length=150, blank=True)
    act = models.CharField(max_length=6, choices=Act)
    wrong = models.JSONField(default=list)
    """Of each cell to correct: the column's head, and why."""
    changes = models.JSONField(default=list)
    """Columns that will be different."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "n"], name="line_once")]
        indexes: ClassVar = [models.Index(fields=["of", "act", "n"], name="lines_by_act")]
