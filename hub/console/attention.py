# SPDX-License-Identifier: Apache-2.0
"""List what waits for the merchant: only true things, each with the page that settles it."""

from collections import Counter
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from hub.console.access import Scope
from hub.console.explained import explained
from hub.console.pages import rules_page
from hub.console.templatetags.console import euros, figure, since_when, when, when_seen
from hub.console.tills import faults, till_name, tills_of
from hub.ledger import incidents, stock
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Incident, IncidentKind, Why
from hub.merchants.models import Terminal
from hub.programmes.models import Reward
from hub.programmes.publish import has_unpublished, published


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something to do: what, since when, and where; brick is for what must be repaired."""

    icon: str
    what: str
    detail: str
    verb: str
    url: str
    brick: bool = False


def acts_of(scope: Scope) -> list[Act]:
    """Give what waits, what must be repaired first."""
    tills = tills_of(scope.merchant, scope.shop)
    acts = [act for till in tills if (act := _of_till(till, tills))]
    acts.sort(key=lambda act: not act.brick)
    acts += _of_incidents(scope)
    acts += [_of_stock(reward, left) for reward, left in stock.running_out(scope.merchant)]
    if has_unpublished(scope.merchant.pk):
        acts.append(_unpublished(scope))
    return acts


def _of_incidents(scope: Scope) -> list[Act]:
    """One act for each kind of incident: the latest of it, and how many more there are."""
    found = list(incidents.still_open(scope.merchant.pk))
    kinds = Counter(incident.kind for incident in found)
    newest = {incident.kind: incident for incident in reversed(found)}
    acts = []
    for kind, count in kinds.items():
        act = act_of(newest[kind])
        if count > 1:
            more = _("%(n)s fois, la dernière : %(detail)s") % {"n": count, "detail": act.detail}
            act = replace(act, detail=more, url=reverse("console:incidents"))
        acts.append(act)
    return acts


def act_of(incident: Incident) -> Act:
    """Say an incident in words."""
    words, detail = explained(incident.kind), when(incident.last_at)
    if incident.terminal:
        detail = f"{incident.terminal.shop.name}, {detail}"
    if incident.kind == IncidentKind.SHELVED and incident.facts.get("why") in Why.values:
        detail = f"{Why(incident.facts['why']).label}, {detail}"
    if incident.kind == IncidentKind.GIFT_TWICE:
        cards = GiftCard.objects.filter(merchant=incident.merchant, fingerprint=incident.subject)
        if card := cards.first():
            facts = {"last4": card.last4, "amount": euros(card.cents)}
            detail = _("n° …%(last4)s, %(amount)s en tout") % facts
    return Act(
        icon=words.icon,
        what=words.title,
        detail=detail,
        verb=_("Ouvrir"),
        url=reverse("console:incident", args=[incident.pk]),
    )


def _of_till(till: Terminal, among: list[Terminal]) -> Act | None:
    name, url = till_name(till, among), reverse("console:terminals")
    if till.retired_at:
        return None
    if till.frozen:
        return Act(
            icon="stop",
            what=_("%(till)s est gelée") % {"till": name},
            detail=_("elle vend et ne dépense rien, jusqu’à ce que vous décidiez"),
            verb=_("Décider"),
            url=reverse("console:terminal-journal", args=[till.pk]),
        )
    if not till.online:
        if till.last_contact is None:
            return Act(
                icon="terminal",
                what=_("%(till)s n’a jamais été connectée") % {"till": name},
                detail=_("elle vend, mais le hub ne le sait pas"),
                verb=_("Voir"),
                url=url,
            )
        return Act(
            icon="offline",
            what=_("%(till)s est hors ligne") % {"till": name},
            detail=_("vue %(when)s, elle garde ses ventes")
            % {"when": when_seen(till.last_contact)},
            verb=_("Voir"),
            url=url,
        )
    if wrong := faults(till):
        since = till.printer_since if till.printer not in ("", "ok") else None
        return Act(
            icon="ticket",
            what=_("%(till)s : %(fault)s") % {"till": name, "fault": ", ".join(wrong)},
            detail=_("depuis %(when)s") % {"when": since_when(since)}
            if since
            else _("en ce moment"),
            verb=_("Voir"),
            url=url,
            brick=True,
        )
    return None


def _of_stock(reward: Reward, left: int) -> Act:
    words = {"n": figure(left), "title": reward.title}
    return Act(
        icon="gift",
        what=_("Reste %(n)s : %(title)s") % words if left else _("Épuisée : %(title)s") % words,
        detail=_("bientôt, les caisses ne l’offriront plus")
        if left
        else _("les caisses ne l’offrent plus"),
        verb=_("Compter"),
        url=reverse("console:programme", args=[reward.pk]),
    )


def _unpublished(scope: Scope) -> Act:
    newest = published(scope.merchant.pk)
    version = newest.version + 1 if newest else 1
    return Act(
        icon="pencil",
        what=_("Programme à publier"),
        detail=_("version %(n)s, les caisses ne l’ont pas encore") % {"n": version},
        verb=_("Publier"),
        url=rules_page(scope),
    )
