# SPDX-License-Identifier: Apache-2.0
"""What is kept of signing in, as rows: tries, recovery codes, open sessions, what was done to whom.

The rules are in `tries`, `factor` and `sessions`.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Try(models.Model):
    """One try of a kind, counted for an account, an address or both at once."""

    key = models.CharField(max_length=64)
    """SHA-256 of what is counted, hex: neither who nor from where can be read here."""
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="tries_of_key")]


class RecoveryCode(models.Model):
    """A code that stands in for a lost phone, once; the code itself is not here."""

    person = models.ForeignKey("merchants.Person", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    """Keyed (`resting.digest`), hex."""
    used_at = models.DateTimeField(null=True)


class OpenSession(models.Model):
    """A browser in which somebody is signed in."""

    person = models.ForeignKey("merchants.Person", models.CASCADE, related_name="open_sessions")
    key = models.CharField(max_length=40, unique=True)
    """Of Django's session."""
    agent = models.CharField(max_length=300, blank=True)
    """As the browser names itself."""
    address = models.GenericIPAddressField(null=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()


class Deed(models.TextChoices):
    """What was done to an account."""

    FACTOR_SET = "set", _("Second facteur activé")
    CODES_MADE = "codes", _("Codes de secours refaits")
    CODE_USED = "used", _("Entrée avec un code de secours")
    FACTOR_REMOVED = "removed", _("Second facteur retiré")
    FACTOR_RESET = "reset", _("Second facteur retiré par l’exploitant")


class AccountAct(models.Model):
    """Something that was done to an account: by whom, when and why. Rows are only added."""

    person = models.ForeignKey("merchants.Person", models.CASCADE, related_name="acts")
    deed = models.CharField(max_length=8, choices=Deed)
    by = models.ForeignKey("merchants.Person", models.SET_NULL, null=True, related_name="+")
    """None: the command line of the hub's machine."""
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
