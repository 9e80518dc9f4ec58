# SPDX-License-Identifier: Apache-2.0
"""What a merchant who begins has still to do before the first sale, in the order that works."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hub.console.access import Scope
from hub.console.attention import Act
from hub.programmes.models import Reward
from loyalty.module import Module


def first_steps(scope: Scope) -> list[Act]:
    """Lead who has no terminal yet to each thing that one needs; an operator only looks."""
    merchant = scope.merchant
    if not scope.may_change:
        return []
    has_shop = merchant.shops.exists()
    rewarded = Module.LOYALTY in merchant.without or Reward.objects.filter(merchant=merchant)
    shop = Act(
        icon="shop",
        what=_("Ouvrez votre première boutique"),
        detail=_("son adresse sera sur les tickets"),
        verb=_("Ajouter"),
        url=reverse("console:shop-add"),
    )
    reward = Act(
        icon="gift",
        what=_("Composez une récompense"),
        detail=_("ce que vos clients gagnent à revenir"),
        verb=_("Créer"),
        url=reverse("console:programme-add"),
    )
    team = Act(
        icon="badge",
        what=_("Nommez qui sert vos clients"),
        detail=_("sans son code, personne n’ouvre une caisse"),
        verb=_("Ajouter"),
        url=reverse("console:staff-add"),
    )
    terminal = Act(
        icon="terminal",
        what=_("Enrôlez votre première caisse"),
        detail=_("avec un code, en une minute"),
        verb=_("Enrôler"),
        url=reverse("console:terminal-enrol"),
    )
    wanted = (
        (shop, not has_shop),
        (reward, not rewarded),
        (team, not merchant.staff.exists()),
        (terminal, has_shop),
    )
    return [act for act, due in wanted if due]
