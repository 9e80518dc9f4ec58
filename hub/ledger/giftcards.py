# SPDX-License-Identifier: Apache-2.0
"""Gift cards as rows: what each is, who blocked it and why, and which were printed together."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.ledger.rulings import LONGEST_REASON
from hub.merchants.mailed import Outgoing
from hub.merchants.models import ID_LENGTH, Merchant, Shop


class GiftBatch(models.Model):
    """Cards that are printed together; without an amount they are loaded when they are sold."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="gift_batches")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    cents = models.PositiveBigIntegerField(_("montant"), default=0)
    """On each."""
    codes = models.JSONField()
    """Their numbers, in the order in which they are printed."""
    buyer = models.CharField(_("acheteur"), max_length=80, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]


class GiftCard(Outgoing):
    """A gift card; its money is the account of the same fingerprint. It is mailed, where it is."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="gift_cards")
    fingerprint = models.CharField(max_length=ID_LENGTH)
    code = models.CharField(_("numéro"), max_length=64, blank=True)
    last4 = models.CharField(max_length=4)
    cents = models.PositiveBigIntegerField(_("montant"))
    """Loaded in all."""
    virtual = models.BooleanField()
    buyer = models.CharField(_("acheteur"), max_length=80, blank=True)
    recipient = models.CharField(_("bénéficiaire"), max_length=80, blank=True)
    email = models.CharField(_("e-mail du bénéficiaire"), max_length=254, blank=True)
    message = models.CharField(_("message"), max_length=400, blank=True)
    send_on = models.DateField(_("date d’envoi"))
    sold_at = models.DateTimeField()
    shop = models.ForeignKey(Shop, models.PROTECT, null=True)
    customer = models.CharField(max_length=ID_LENGTH, blank=True)
    """Uuid of the customer who bought it."""
    points = models.PositiveBigIntegerField(default=0)
    """What they paid for it in points (SPEC H4)."""
    expires_on = models.DateField(_("expire le"), null=True)
    """First day on which it can't be used; None: never."""
    single_purpose = models.BooleanField(default=False)
    vat_bp = models.PositiveIntegerField(default=0)
    """Due when it was sold, where it is of a single purpose."""
    batch = models.ForeignKey(GiftBatch, models.PROTECT, null=True, related_name="cards")
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "fingerprint"], name="gift_card_once")
        ]
        indexes: ClassVar = [models.Index(fields=["sent_at", "send_on"])]

    def __str__(self) -> str:
        return f"…{self.last4}"


class GiftOffer(models.Model):
    """A gift card that customers may have for points (SPEC H4)."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="gift_offers")
    cents = models.PositiveBigIntegerField(_("montant"))
    points = models.PositiveBigIntegerField(_("points"))
    on = models.BooleanField(default=True)
    told = models.BooleanField(default=False)
    """Whether tills were ever told: one from before they could hear of it is told once."""

    class Meta:
        ordering: ClassVar = ["cents", "points", "pk"]


class GiftTurn(models.Model):
    """Somebody blocked a card, or let it be used again, and said why."""

    card = models.ForeignKey(GiftCard, models.PROTECT, related_name="turns")
    blocked = models.BooleanField()
    reason = models.CharField(_("raison"), max_length=LONGEST_REASON)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


def stopped(merchant: Merchant, fingerprints: Collection[str], *, now: datetime) -> frozenset[str]:
    """Those of these cards that are blocked or expired: nobody can use them, whatever is on them."""
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    cards = GiftCard.objects.filter(merchant=merchant, fingerprint__in=fingerprints)
    found = cards.filter(models.Q(blocked_at__isnull=False) | models.Q(expires_on__lte=today))
    return frozenset(found.values_list("fingerprint", flat=True)) if fingerprints else frozenset()
