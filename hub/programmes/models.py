# SPDX-License-Identifier: Apache-2.0
"""The catalogue, the offer as the merchant edits it, and the versions that were published."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import ID_LENGTH, Merchant, Shop, new_id
from hub.programmes.tiers import Tier, Tiering  # noqa: F401 (known to Django by being here)
from loyalty.calendar import ExpiryKind
from loyalty.programme import EarnRule


class Category(models.Model):
    """A part of the catalogue."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="categories")
    name = models.CharField(_("nom"), max_length=40)
    rank = models.IntegerField(default=0)
    gone = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class ProductKind(models.TextChoices):
    """What a product is."""

    ARTICLE = "article", _("Article")
    SERVICE = "service", _("Prestation")
    CLASS = "class", _("Cours")
    """For many at once."""


class Product(models.Model):
    """Something sold at a price; a service or class takes time, and its booking may earn points."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    name = models.CharField(_("nom"), max_length=60)
    cents = models.PositiveIntegerField(_("prix"))
    vat_bp = models.PositiveIntegerField(_("taux de TVA"), null=True)
    """Hundredths of a percent; None: nobody has said it."""
    ean = models.CharField(max_length=14, blank=True)
    search = models.CharField(max_length=100, blank=True)
    """Name and barcode as they are searched."""
    kind = models.CharField(
        _("type"), max_length=8, choices=ProductKind, default=ProductKind.ARTICLE
    )
    minutes = models.PositiveSmallIntegerField(_("durée"), default=0)
    """0: it is an article."""
    earns = models.BooleanField(_("donne des points"), default=False)
    booking_points = models.PositiveIntegerField(_("points par rendez-vous"), default=0)
    rank = models.IntegerField(default=0)
    gone = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class Rules(models.Model):
    """A merchant's earning rule and delays as they are edited; nobody's until published."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    earn_points = models.PositiveIntegerField(_("points"), default=1)
    earn_per_cents = models.PositiveIntegerField(_("montant payé"), default=100)
    point_value_cents = models.PositiveIntegerField(_("valeur d’un point"), default=1)
    visit_delay_s = models.PositiveIntegerField(_("délai entre deux visites"), default=3600)
    not_earning = models.JSONField(default=list)
    """Ids of categories and products (SPEC C21)."""
    windows = models.JSONField(default=list)
    """The fields of each `loyalty.calendar.Window`."""
    pending_days = models.PositiveSmallIntegerField(_("jours d’attente"), default=0)
    expiry = models.CharField(_("expiration"), max_length=8, default=ExpiryKind.NEVER)
    expiry_months = models.PositiveSmallIntegerField(_("mois"), default=0)
    birthday_days = models.PositiveSmallIntegerField(_("jours d’anniversaire"), default=0)
    gift_months = models.PositiveSmallIntegerField(_("mois"), default=0)
    gift_single_purpose = models.BooleanField(default=False)
    gift_vat_bp = models.PositiveIntegerField(default=0)
    expected_use_bp = models.PositiveIntegerField(_("utilisation attendue"), default=10_000)
    """Of the points that customers have: for the books, no till asks for it."""
    cents_per_100_points = models.PositiveIntegerField(_("coût de 100 points"), default=100)

    @property
    def earn(self) -> EarnRule:
        """So many points for each so many cents."""
        return EarnRule(self.earn_points, self.earn_per_cents)


class Reward(models.Model):
    """A reward as it is edited; nobody's until published."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="rewards")
    kind = models.CharField(_("type"), max_length=20)
    """One of `loyalty.rewards.TYPES`."""
    title = models.CharField(_("titre lu par le client"), max_length=60)
    cost = models.PositiveIntegerField(_("coût en points"), default=0)
    rate_bp = models.PositiveIntegerField(_("pourcentage"), default=0)
    """Hundredths of a percent."""
    gift_title = models.CharField(_("cadeau"), max_length=60, blank=True)
    terms = models.JSONField(default=dict)
    """Whatever else its type wants to be told, by name."""
    options = models.JSONField(default=dict)
    """The fields of `loyalty.programme.Options` that say something."""
    photo = models.BinaryField(blank=True, default=b"")
    """Of no version: nothing is decided by it."""
    photo_type = models.CharField(max_length=20, blank=True)
    tile = models.BinaryField(blank=True, default=b"")
    """What tills show of the photo; empty: nothing."""
    tiled = models.BooleanField(default=False)
    """Whether the photo was made into a tile, or can't be."""
    not_in_shops = models.ManyToManyField(Shop, blank=True, related_name="+")
    archived = models.BooleanField(default=False)
    rank = models.IntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["rank", "title"]

    def __str__(self) -> str:
        return self.title


class LoyaltyProduct(models.Model):
    """What a line that is paid in points is called; no article, so that nothing can sell it (C10).

    Its price is what a point is worth, turned round; its category is the technical one.
    """

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="loyalty_products")
    name = models.CharField(_("nom"), max_length=60)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "name"], name="loyalty_product_once")
        ]

    def __str__(self) -> str:
        return self.name


class LoyaltyProgramme(models.Model):
    """One published version of a merchant's rules: frozen."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="programmes")
    version = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    body = models.BinaryField()
    """The feed item that told terminals of it."""
    whole = models.BinaryField(blank=True, default=b"")
    """The same with the modules that it leaves out; empty: it leaves out nothing."""

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "version"], name="version_once")
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} v{self.version}"


class Explanation(models.Model):
    """The merchant's own words about the programme, for everybody to read (SPEC C16)."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    text = models.TextField(_("texte"), blank=True)
    changed_at = models.DateTimeField()
