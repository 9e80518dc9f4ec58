# SPDX-License-Identifier: Apache-2.0
"""Mails as rows, and the links that some carry: what became of each."""

from typing import ClassVar, Final

from django.db import models


class Purpose(models.TextChoices):
    """What a link does."""

    ACTIVATE = "activate"
    """Makes the merchant that somebody signed up, and their account."""
    PASSWORD = "password"  # noqa: S105 (a word)
    """Lets somebody choose a password."""
    ADDRESS = "address"
    """Gives an account the address that the link was mailed to."""


LONGEST_ERROR: Final = 40


class Outgoing(models.Model):
    """A mail on its way; `outgoing.deliver` claims it and sends it once."""

    claimed_at = models.DateTimeField(null=True)
    """When a process began to send it."""
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    """When it last could not be sent."""
    error = models.CharField(max_length=LONGEST_ERROR, blank=True)
    """Why: the kind of the error and the server's number, `SMTPRecipientsRefused 550`."""
    given_up = models.BooleanField(default=False)
    """Another try would end the same: somebody has to ask for it."""

    class Meta:
        abstract = True


class Link(Outgoing):
    """A link that was asked for; whoever asked is told nothing of what became of it."""

    purpose = models.CharField(max_length=8, choices=Purpose)
    address = models.EmailField(max_length=254)
    person = models.ForeignKey("merchants.Person", models.CASCADE, null=True, related_name="+")
    """Whose password; None: nobody has an account yet."""
    wanted = models.JSONField(default=dict)
    """Of a sign-up: business, name, zone, and the password's hash."""
    page = models.CharField(max_length=300)
    """What it opens, without the secret at its end: `https://hub.example.fr/lien/`."""
    language = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256, hex; empty: it was not sent yet."""
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    """Also of those that were not needed any more."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["address", "made_at"], name="links_of_address"),
            models.Index(fields=["made_at"], name="links_unsent", condition=models.Q(sent_at=None)),
        ]
