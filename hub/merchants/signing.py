# SPDX-License-Identifier: Apache-2.0
"""What is kept of signing in, as rows: tries, recovery codes, open sessions.

The rules are in `tries`, `factor` and `sessions`.
"""

from typing import ClassVar

from django.db import models


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
