# SPDX-License-Identifier: Apache-2.0
"""A person's word on what the hub could not settle by itself: who, when, what and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 400


class Verdict(models.TextChoices):
    """What the person decided."""

    POSTED = "posted", _("enregistrée telle quelle")
    CORRECTED = "corrected", _("enregistrée, corrigée")
    REFUSED = "refused", _("refusée")
    CLOSED = "closed", _("classé")
    FROZEN = "frozen", _("gelée")
    THAWED = "thawed", _("remise en service")
    RETIRED = "retired", _("retirée")
    LEAVING = "leaving", _("sortie de service demandée")
    STAYING = "staying", _("sortie de service annulée")
    ADOPTED = "adopted", _("nouvelle machine")
    ACCEPTED = "accepted", _("reprise acceptée")


class Ruling(models.Model):
    """About a shelved entry or an incident, once and for ever; or about a terminal, each time.

    The entry that was shelved stays as it came; what became of it is another entry, the hub's own.
    """

    entry = models.OneToOneField(
        "ledger.JournalEntry", models.PROTECT, null=True, related_name="ruling"
    )
    became = models.OneToOneField(
        "ledger.JournalEntry", models.PROTECT, null=True, related_name="came_from"
    )
    incident = models.OneToOneField(
        "ledger.Incident", models.PROTECT, null=True, related_name="ruling"
    )
    terminal = models.ForeignKey(
        "merchants.Terminal", models.PROTECT, null=True, related_name="rulings"
    )
    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.CharField(_("raison"), max_length=LONGEST_REASON)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    """None: the hub, which had been taught meanwhile."""
    at = models.DateTimeField()
