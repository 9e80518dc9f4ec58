# SPDX-License-Identifier: Apache-2.0
"""Merchants with their shops, people and terminals, and the feed their terminals read."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.merchants.deeds import Deed, Stay  # noqa: F401 (known to Django by being here)
from hub.merchants.mailed import Link  # noqa: F401 (known to Django by being here)
from hub.merchants.signing import (  # noqa: F401 (known to Django by being here)
    OpenSession,
    RecoveryCode,
    Try,
)
from hub.merchants.tokens import Token  # noqa: F401 (known to Django by being here)
from loyalty.module import Module

ID_LENGTH = 64
KEY_LENGTH = 64
"""Of what an account is kept by, beside its kind and owner."""


def new_id() -> str:
    """A random id of 32 hex digits."""
    return uuid.uuid4().hex


class Merchant(models.Model):
    """A business. Its row is the lock under which its ledger and its feed are written."""

    id = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(_("nom"), max_length=80)
    zone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Paris")
    card_prefix = models.CharField(max_length=11)
    """First digits of its card numbers; starts with 2."""
    next_serial = models.BigIntegerField(default=0)
    """Serials below it are given to a terminal or a card."""
    colour = models.CharField(max_length=7, default="#1D4A3C")
    pitch_fr = models.CharField(max_length=120, blank=True)
    pitch_en = models.CharField(max_length=120, blank=True)
    lookup_key = models.CharField(max_length=64)
    """Hex; keys the hashes by which terminals find phones, e-mails and gift cards."""
    hub_key = models.CharField(max_length=64)
    """Base64 public key that terminals seal personal data to."""
    feed_position = models.BigIntegerField(default=0)
    """Of the newest feed item."""
    card_cents = models.PositiveIntegerField(default=10_00)
    """Of each customer, what may rest at a till for when the network is away."""
    terminal_cents = models.PositiveIntegerField(default=200_00)
    """Of all customers; it is also what a till may spend after a boot not heard of yet."""
    unheard_cents = models.PositiveIntegerField(default=200_00)
    """Redemptions of a till that the hub has not acknowledged."""
    refunds_anywhere = models.BooleanField(default=False)
    """A sale may be paid back at another shop than its own (SPEC F5)."""
    credit_after_min = models.PositiveSmallIntegerField(default=180)
    """Minutes from the end of an appointment to its points, 180 to 240 (SPEC C17)."""
    retention_months = models.PositiveSmallIntegerField(default=36)
    """Who has not come for so long is warned, then forgotten (SPEC M7)."""
    kept_on = models.DateField(null=True)
    """The last day on which it was looked who that is."""
    proved_on = models.DateField(null=True)
    """The last day on which its equation was worked out by itself (SPEC I7)."""
    suspended_at = models.DateTimeField(null=True)
    """Set: the hub was restored, and nothing is free until its terminals have said what they hold."""
    modules_closed = models.CharField(max_length=80, blank=True)
    """Words: the modules that the operator did not open, or closed again (SPEC A7)."""
    modules_off = models.CharField(max_length=80, blank=True)
    """Words: those that the merchant switched off (SPEC A8)."""
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    """Set: its people and programs are not let in, and its tills leave."""

    def __str__(self) -> str:
        return self.name

    @property
    def closed(self) -> frozenset[Module]:
        """Modules that are not open to it."""
        return _modules(self.modules_closed)

    @property
    def opened(self) -> list[Module]:
        """Modules that it may switch on and off."""
        return [module for module in Module if module not in self.closed]

    @property
    def switched_off(self) -> frozenset[Module]:
        """Modules that it does not want, open or not."""
        return _modules(self.modules_off)

    @property
    def without(self) -> frozenset[Module]:
        """Modules that are not there, whoever closed or switched them off."""
        return self.closed | self.switched_off

    @property
    def open_shops(self) -> "models.QuerySet[Shop]":
        """Shops that something new may be of; what a closed one had keeps its name."""
        return self.shops.filter(closed_at=None)


def _modules(words: str) -> frozenset[Module]:
    return frozenset(map(Module, words.split()))


class Shop(models.Model):
    """A place where a merchant sells."""

    id = models.SlugField(primary_key=True, max_length=40, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="shops")
    name = models.CharField(_("nom"), max_length=80)
    street = models.CharField(_("adresse"), max_length=120, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=80, blank=True)
    phone = models.CharField(_("téléphone"), max_length=24, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    zone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Paris")
    closed_at = models.DateTimeField(null=True)
    """Set: nothing is sold there any more, and its log-in is shut."""
    web_receipts = models.PositiveIntegerField(default=0)
    """Given at its till on the web; terminals count their own."""

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Kinds of account (SPEC A3)."""

    OPERATOR = "operator", _("opérateur")
    MERCHANT = "merchant", _("gérant")
    SHOP = "shop", _("boutique")


class Theme(models.TextChoices):
    """How an account's pages look, whatever its system says."""

    LIGHT = "light", _("clair")
    DARK = "dark", _("sombre")


class People(BaseUserManager["Person"]):
    """Makes accounts."""

    def open_account(
        self,
        email: str,
        password: str,
        *,
        name: str,
        role: Role,
        merchant: Merchant | None = None,
        shop: Shop | None = None,
    ) -> "Person":
        """Make an account; a shop's account is given its shop's merchant."""
        person = Person(
            email=self.normalize_email(email).lower(),
            name=name,
            role=role,
            merchant=shop.merchant if shop else merchant,
            shop=shop,
        )
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody who logs in on the web."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nom"), max_length=80)
    role = models.CharField(max_length=10, choices=Role)
    merchant = models.ForeignKey(Merchant, models.PROTECT, null=True, blank=True)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=5, choices=Theme, blank=True)
    """Empty: as the system."""
    explained = models.JSONField(default=list)
    """Names of the sections whose first-run help this person has closed (SPEC A5)."""
    factor = models.CharField(max_length=120, blank=True)
    """Secret of the second factor, sealed (`hub.merchants.resting`); empty: has none."""
    factor_step = models.BigIntegerField(default=0)
    """Of the last code that was taken: none is taken twice."""

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="person_belongs_where_its_role_says",
                condition=(
                    models.Q(role="operator", merchant=None, shop=None)
                    | models.Q(role="merchant", merchant__isnull=False, shop=None)
                    | models.Q(role="shop", merchant__isnull=False, shop__isnull=False)
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_enter(self) -> bool:
        """Whether their account is open, and their merchant's business."""
        return self.is_active and (self.merchant is None or self.merchant.closed_at is None)


class Staff(models.Model):
    """Somebody who serves customers and unlocks the till with a PIN or a badge (SPEC A10)."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="staff")
    name = models.CharField(_("nom"), max_length=40)
    pin = models.CharField(max_length=160, blank=True)
    """`scrypt$salt hex$key hex`; empty: has none. Neither PIN nor badge: gone."""
    badge = models.CharField(max_length=64, blank=True)
    """Keyed hash of its code."""
    badge_last4 = models.CharField(max_length=4, blank=True)
    manager = models.BooleanField(default=False)
    """Their PIN or badge allows refunds and voids (SPEC F7)."""

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        """Whether they may unlock a till."""
        return bool(self.pin or self.badge)


class Terminal(models.Model):
    """An appliance in a shop, and what it last said of itself."""

    id = models.CharField(primary_key=True, max_length=40)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="terminals")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="terminals")
    gen = models.PositiveIntegerField(default=1)
    """Rises at each enrolment; frames of older generations are not heard."""
    frozen = models.BooleanField(default=False)
    """It earns and gives back, and spends nothing."""
    leaving = models.BooleanField(default=False)
    """It is to stop selling, give everything back and sign off."""
    signed_off_at = models.DateTimeField(null=True)
    """When the hub had its last entry: it left in good order."""
    retired_at = models.DateTimeField(null=True)
    """Out of service, dead, lost or stolen: nothing it says is heard any more."""
    retired_gen = models.PositiveIntegerField(default=0)
    """The last generation that was: what turns up of it is the loss reserve's to pay."""
    waits = models.BooleanField(default=False)
    """Some of its entries wait for a hub that knows their kind."""
    enrolled_at = models.DateTimeField(auto_now_add=True)
    online = models.BooleanField(default=False)
    last_contact = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)
    """Entries it had still to send."""
    cursor = models.BigIntegerField(default=0)
    printer = models.CharField(max_length=40, blank=True)
    """`ok`, or the fault's name."""
    printer_since = models.DateTimeField(null=True)
    """When the printer's state last changed."""
    scanner = models.CharField(max_length=40, blank=True)
    kiosk = models.BooleanField(default=True)
    """Whether the till's loop was alive."""
    disk = models.PositiveSmallIntegerField(default=0)
    """Percent of its disk in use; 0: ample room, or it did not say."""
    software = models.CharField(max_length=40, blank=True)
    hw_id = models.CharField(max_length=64, blank=True)
    """The board it lives on: the first one that was heard since it was enrolled."""

    class Meta:
        ordering: ClassVar = ["shop__name", "id"]

    def __str__(self) -> str:
        return self.id


class Claim(models.Model):
    """A code that lets one board become a terminal, once and soon; the code itself is not here."""

    name = models.CharField(primary_key=True, max_length=32)
    key = models.BinaryField()
    """Stretched from the code; seals what passes between board and hub (`loyalty.claim`)."""
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")
    terminal = models.CharField(max_length=40)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_by = models.CharField(max_length=64, blank=True)
    """Digest of what the board sent: the same again is answered again."""
    gen = models.PositiveIntegerField(default=0)
    """The terminal's, once the board is it."""


class CardBlock(models.Model):
    """Serials of card numbers that a terminal may give out, first to last inclusive."""

    terminal = models.ForeignKey(Terminal, models.CASCADE, related_name="blocks")
    first = models.BigIntegerField()
    last = models.BigIntegerField()


class HubEpoch(models.Model):
    """One row: the random word that changes when this database was restored."""

    word = models.CharField(max_length=32)
    grants = models.BigIntegerField(default=0)
    """Rights granted so far; a file beside the database must never know of more."""


class FeedItem(models.Model):
    """One item of a merchant's feed, in commit order."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, db_index=False)
    position = models.BigIntegerField()
    end = models.BigIntegerField()
    """Last position of the hub transaction it belongs to: no page ends before it."""
    audience = models.CharField(max_length=80, blank=True)
    """Empty for all, `shop:<id>` or `terminal:<id>`."""
    word = models.CharField(max_length=16, blank=True)
    """Drawn at random for that transaction: a restored hub would draw others."""
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "position"], name="feed_position_once")
        ]
