# SPDX-License-Identifier: Apache-2.0
"""Appointments for services and classes: rows, with every change that was made to each."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import ID_LENGTH, Merchant, Shop, new_id
from hub.merchants.tokens import Token
from hub.programmes.models import Product


class State(models.TextChoices):
    """How an appointment is."""

    BOOKED = "booked", _("prévu")
    MOVED = "moved", _("déplacé")
    CANCELLED = "cancelled", _("annulé")
    MISSED = "missed", _("manqué")
    DONE = "done", _("terminé")


KEPT = (State.BOOKED, State.MOVED)
"""It is still to come, or to be credited."""


class Appointment(models.Model):
    """Somebody comes to a shop at some time for a service or a class."""

    uuid = models.CharField(max_length=ID_LENGTH, default=new_id, unique=True)
    """What the id of its credit is derived from."""
    merchant = models.ForeignKey(Merchant, models.PROTECT)
    shop = models.ForeignKey(Shop, models.PROTECT)
    customer = models.ForeignKey("ledger.Customer", models.PROTECT, related_name="appointments")
    product = models.ForeignKey(Product, models.PROTECT)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField(default=0)
    """Promised when it was made: what the service earns later is for later ones."""
    state = models.CharField(max_length=9, choices=State, default=State.BOOKED)
    credited_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["merchant", "starts_at"]),
            models.Index(
                fields=["starts_at"],
                name="appointment_open",
                condition=models.Q(state__in=["booked", "moved"]),
            ),
        ]

    @property
    def ends_at(self) -> datetime:
        """When it is over: minutes are minutes, in a night with 23 hours too."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def kept(self) -> bool:
        """Whether it is still to come, or to be credited."""
        return self.state in KEPT


class Change(models.Model):
    """What somebody did to an appointment."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="changes")
    state = models.CharField(max_length=9, choices=State)
    starts_at = models.DateTimeField()
    """From then on."""
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    token = models.ForeignKey(Token, models.PROTECT, null=True)
    """Whose program did it, where nobody was at a page; with neither it was the hub itself."""
