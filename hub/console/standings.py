# SPDX-License-Identifier: Apache-2.0
"""Put a customer's tier into words: which one, how far the next one is, when it would be lost (J7)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.console.templatetags.console import euros, figure
from hub.ledger.models import Customer
from hub.programmes.publish import published
from hub.programmes.tiers import Tier
from loyalty.tier import Criterion, progress


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStanding:
    """What a page says of somebody's tier."""

    look: Tier | None
    """Of the tier they have; None: they have none yet, or its look was deleted."""
    name: str
    counted: str
    """What counts so far."""
    next: str
    """How far the next one is; empty: there is none above."""
    share: int
    """How full the bar is, in percent."""
    bar: bool
    """Tiers by group have none (J8)."""
    losing_on: date | None


def standing_of(customer: Customer) -> TierStanding | None:
    """Where a customer stands; None: the merchant has no tiers."""
    programme = published(customer.merchant_id)
    if programme is None or not programme.tiers:
        return None
    plan = programme.tiering
    here = progress(programme.tiers, tier=customer.tier, figure=customer.figure)
    tier = programme.tier(customer.tier)
    following = ""
    if here.next and plan.criterion is not Criterion.SEGMENT:
        words = {
            "amount": counted(plan.criterion, here.missing),
            "tier": here.next.name,
            "threshold": counted(plan.criterion, here.next.threshold),
        }
        following = _("Encore %(amount)s jusqu’à « %(tier)s », à %(threshold)s") % words
    return TierStanding(
        look=Tier.objects.filter(merchant=customer.merchant, pk=customer.tier).first(),
        name=tier.name if tier else "",
        counted=counted(plan.criterion, customer.figure),
        next=following,
        share=here.share_bp // 100,
        bar=plan.criterion is not Criterion.SEGMENT,
        losing_on=customer.losing_on,
    )


def counted(criterion: Criterion, figure_: int) -> str:
    """A figure in the words of what is counted."""
    match criterion:
        case Criterion.AMOUNT:
            return euros(figure_)
        case Criterion.POINTS:
            return ngettext("%(n)s point", "%(n)s points", figure_) % {"n": figure(figure_)}
        case Criterion.VISITS:
            return ngettext("%(n)s visite", "%(n)s visites", figure_) % {"n": figure(figure_)}
        case Criterion.ORDERS:
            return ngettext("%(n)s commande", "%(n)s commandes", figure_) % {"n": figure(figure_)}
        case Criterion.SEGMENT:
            return ""
