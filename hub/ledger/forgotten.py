# SPDX-License-Identifier: Apache-2.0
"""Who was anonymised, and which entries lost their words about people: rows (SPEC M4, M7)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.ledger.rulings import LONGEST_REASON


class Forgetting(models.Model):
    """A customer became nobody: who decided so, when and why. It can't be undone."""

    customer = models.OneToOneField("ledger.Customer", models.PROTECT, related_name="forgetting")
    reason = models.CharField(_("raison"), max_length=LONGEST_REASON)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    """None: the hub, after a long absence."""
    at = models.DateTimeField()


class Redaction(models.Model):
    """An entry's bytes without what they said of a person; what it was chained to still holds.

    The hash of the bytes that are gone stays in the entry's row, and what comes after is chained to
    it. What came before is kept here: nobody can work it out from the other bytes any more.
    """

    entry = models.OneToOneField("ledger.JournalEntry", models.PROTECT, related_name="redaction")
    before = models.CharField(max_length=64, blank=True)
    """Hex hash of the entry before it; empty: chained to nothing that is here."""
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256, hex, of the bytes that are left; empty: the bytes were not what was chained."""
    at = models.DateTimeField()
