# SPDX-License-Identifier: Apache-2.0
"""Tokens by which other programs speak for a merchant: what each may do, and how often it asks."""

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.merchants.lightly import lightly

ASKED_A_MINUTE: Final = 600
"""Requests of one token; a shop's till asks some dozens of times."""
MISSED_A_MINUTE: Final = 10
"""Gift-card numbers that were none: more would be guessing (SPEC H6)."""
MARK: Final = "cpt_"
"""Begins every token, so that one which leaked into a text is recognised."""
MINUTE_S: Final = 60
LONGEST_NAME: Final = 60


class May(models.TextChoices):
    """What a token can be allowed."""

    CUSTOMERS_READ = "customers.read", _("Lire les clients et leurs soldes")
    CUSTOMERS_WRITE = "customers.write", _("Créer des clients")
    SALES_WRITE = "sales.write", _("Enregistrer des ventes")
    SALES_REFUND = "sales.refund", _("Rembourser des ventes")
    REWARDS_SPEND = "rewards.spend", _("Utiliser des récompenses dans une vente")
    GIFTCARDS_READ = "giftcards.read", _("Lire ce qui reste sur une carte cadeau")
    GIFTCARDS_SPEND = "giftcards.spend", _("Payer avec une carte cadeau")
    APPOINTMENTS_READ = "appointments.read", _("Lire les rendez-vous")
    APPOINTMENTS_WRITE = "appointments.write", _("Prendre, déplacer et annuler des rendez-vous")


class Unknown(Exception):
    """No token of ours, or one that was revoked."""


class TooMany(Exception):
    """It asked, or guessed, too often in this minute."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def _new_id() -> str:
    return uuid.uuid4().hex


class Token(models.Model):
    """What a program shows with each request; only the digest of its secret is here."""

    id = models.CharField(primary_key=True, max_length=64, default=_new_id)
    """Who did it, in entries: where a staff member's id would be."""
    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, related_name="tokens")
    name = models.CharField(_("nom"), max_length=LONGEST_NAME)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256, hex: the secret is random and long, no slower hash protects it better."""
    last4 = models.CharField(max_length=4)
    may = models.CharField(max_length=400)
    """Words of `May`, a blank between them."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    minute = models.BigIntegerField(default=0)
    """Since 1970: the one that the two counters are of."""
    asked = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-made_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def allowed(self) -> list[May]:
        """What it may do, in the order of the list that it was chosen from."""
        words = self.may.split()
        return [one for one in May if one.value in words]


def make(merchant_id: str, name: str, may: Collection[May], *, by_id: int) -> tuple[Token, str]:
    """Make a token; its secret is given here, once, and nowhere kept."""
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        merchant_id=merchant_id,
        name=name,
        digest=_digest(secret),
        last4=secret[-4:],
        may=" ".join(one.value for one in May if one in may),
        made_at=timezone.now(),
        made_by_id=by_id,
    )
    return token, secret


def revoke(token: Token, *, by_id: int) -> None:
    """Let nobody use it any more; what was done with it stays, under its name."""
    Token.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by_id=by_id
    )


def admit(secret: str, *, now: datetime | None = None) -> Token:
    """The token of a secret, which has asked once more.

    The counters are in the database: every process of every machine counts in the same ones.

    Raises:
        Unknown: there is none, it was revoked, or its merchant is closed.
        TooMany: it has to wait for the next minute.
    """
    now = now or timezone.now()
    found = Token.objects.select_related("merchant").filter(digest=_digest(secret))
    token = found.filter(revoked_at=None, merchant__closed_at=None).first()
    if token is None:
        raise Unknown
    minute, second = divmod(int(now.timestamp()), MINUTE_S)
    row = Token.objects.filter(pk=token.pk)
    with lightly():
        row.exclude(minute=minute).update(minute=minute, asked=0, missed=0)
        more = row.filter(asked__lt=ASKED_A_MINUTE)
        if not more.update(asked=F("asked") + 1, used_at=now):
            raise TooMany(MINUTE_S - second)
    return token


def may_guess(token: Token, *, now: datetime | None = None) -> None:
    """Let it try a gift-card number.

    Raises:
        TooMany: it tried too many that were none.
    """
    now = now or timezone.now()
    minute, second = divmod(int(now.timestamp()), MINUTE_S)
    tried = Token.objects.filter(pk=token.pk, minute=minute, missed__gte=MISSED_A_MINUTE)
    if tried.exists():
        raise TooMany(MINUTE_S - second)


def missed(token: Token) -> None:
    """Count a gift-card number that was none."""
    with lightly():
        Token.objects.filter(pk=token.pk).update(missed=F("missed") + 1)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
