# SPDX-License-Identifier: Apache-2.0
"""Who agreed to be written to, and the proof of it: rows that nobody changes (SPEC K3)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.ledger.rulings import LONGEST_REASON

LONGEST_SENTENCE = 300


class Channel(models.TextChoices):
    """By what somebody is written to."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Surface(models.TextChoices):
    """Where the answer was noted."""

    CONSOLE = "console", _("noté sur le hub par le commerce")
    TILL = "till", _("demandé à la caisse")
    FILE = "file", _("repris d’un fichier")
    MERGE = "merge", _("gardé quand deux fiches se séparent")


class Consent(models.Model):
    """One answer of one customer about one channel; the last one counts, all of them are kept."""

    customer = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="consents")
    channel = models.CharField(max_length=5, choices=Channel)
    given = models.BooleanField()
    before = models.BooleanField(null=True)
    """What they had answered until then; None: they had not been asked."""
    sentence = models.CharField(max_length=LONGEST_SENTENCE, blank=True)
    """What they were asked, word for word; empty: it was asked elsewhere, in words of which a file
    says nothing."""
    version = models.PositiveSmallIntegerField()
    """Of that sentence; 0 where there is none."""
    surface = models.CharField(max_length=8, choices=Surface)
    said = models.CharField(max_length=LONGEST_REASON)
    """How the customer said so, in the words of who noted it."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    """Who noted it."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]
