# SPDX-License-Identifier: Apache-2.0
"""Tiers as the merchant edits them: what they ask, what they give, and how they look (SPEC J1–J4)."""

from typing import ClassVar, Final

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noted

from hub.merchants.models import ID_LENGTH, Merchant, new_id
from loyalty import tier as rules
from loyalty.programme import PLAIN
from loyalty.tier import PLAIN_PLAN, Criterion, Downgrade, Period, TierPlan

LONGEST_NAME: Final = 30
FIRST: Final = (
    (noted("Bronze"), 1_000_00, "#8A5A2B"),
    (noted("Argent"), 5_000_00, "#5F6B76"),
    (noted("Or"), 10_000_00, "#8A6A00"),
)
"""What a merchant begins with: name, threshold in cents, colour of the name."""


class Tiering(models.Model):
    """How a merchant's customers are classified; nobody's until published."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, primary_key=True)
    criterion = models.CharField(_("critère"), max_length=8, default=PLAIN_PLAN.criterion)
    period = models.CharField(_("période"), max_length=8, default=PLAIN_PLAN.period)
    downgrade = models.CharField(_("perte"), max_length=8, default=PLAIN_PLAN.downgrade)
    warn_days = models.PositiveSmallIntegerField(
        _("jours d’avertissement"), default=PLAIN_PLAN.warn_days
    )

    @property
    def plan(self) -> TierPlan:
        """As a version says it."""
        return TierPlan(
            criterion=Criterion(self.criterion),
            period=Period(self.period),
            downgrade=Downgrade(self.downgrade),
            warn_days=self.warn_days,
        )


class Tier(models.Model):
    """A tier: its rules are nobody's until published, its look is shown at once."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="tiers")
    name = models.CharField(_("nom"), max_length=LONGEST_NAME)
    threshold = models.PositiveBigIntegerField(_("seuil"), default=0)
    """In the criterion's unit."""
    factor_bp = models.PositiveIntegerField(_("points multipliés par"), default=PLAIN)
    segment = models.CharField(_("groupe"), max_length=40, blank=True)
    colour = models.CharField(_("couleur du nom"), max_length=7, default="#1D4A3C")
    description = models.CharField(_("description"), max_length=400, blank=True)
    image = models.BinaryField(blank=True, default=b"")
    image_type = models.CharField(max_length=20, blank=True)
    rank = models.IntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["threshold", "rank", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def frozen(self) -> rules.Tier:
        """As a version says it."""
        return rules.Tier(
            id=self.pk,
            name=self.name,
            threshold=self.threshold,
            factor_bp=self.factor_bp,
            segment=self.segment,
        )


def tiering_of(merchant_id: str) -> Tiering:
    """How the merchant's customers are classified, as it is edited now."""
    return Tiering.objects.filter(merchant=merchant_id).first() or Tiering(merchant_id=merchant_id)


def tiers_of(merchant_id: str) -> tuple[rules.Tier, ...]:
    """The merchant's tiers as they are edited now, from the lowest to the highest."""
    rows = Tier.objects.filter(merchant=merchant_id).defer("image")
    return tuple(row.frozen for row in rows)


def begin(merchant_id: str) -> None:
    """Make bronze, silver and gold, where there is no tier yet."""
    with transaction.atomic():
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        if Tier.objects.filter(merchant=merchant_id).exists():
            return
        for rank, (name, threshold, colour) in enumerate(FIRST):
            Tier.objects.create(
                merchant_id=merchant_id,
                name=gettext(name),
                threshold=threshold,
                colour=colour,
                rank=rank,
            )


def duplicate(tier: Tier) -> Tier:
    """Another one like it, under a name that says so."""
    name = gettext("%(name)s (copie)") % {"name": tier.name}
    tier.pk, tier.name, tier.rank = new_id(), name[:LONGEST_NAME], tier.rank + 1
    tier._state.adding = True  # noqa: SLF001 (Django's own way of copying a row)
    tier.save()
    return tier
