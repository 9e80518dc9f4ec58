# SPDX-License-Identifier: Apache-2.0
"""Say what an incident is about, and which pages settle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub.console.templatetags.console import euros, figure
from hub.console.tills import till_name, tills_of
from hub.ledger import shelf
from hub.ledger.giftcards import GiftCard
from hub.ledger.listings import sales
from hub.ledger.models import Customer, Incident, IncidentKind, Why
from hub.merchants.models import Terminal
from loyalty.account import Kind

UNITS: Final = {
    Kind.POINTS.value: gettext_lazy("points"),
    Kind.VISITS.value: gettext_lazy("visites"),
    Kind.PURSE.value: gettext_lazy("cagnotte"),
    Kind.CARRY.value: gettext_lazy("reporté"),
    Kind.GIFT.value: gettext_lazy("carte cadeau"),
    Kind.REST.value: gettext_lazy("retours possibles"),
}
IN_CENTS: Final = (Kind.PURSE, Kind.CARRY, Kind.GIFT, Kind.REST)


@dataclass(frozen=True, slots=True)
class Step:
    """A page that helps."""

    verb: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the subject of an incident turned out to be."""

    term: str
    words: str
    step: Step | None = None


def amount(kind: str, number: int) -> str:
    """Write an amount of an account in its unit."""
    words = {"n": figure(number)}
    match kind:
        case Kind.POINTS:
            return ngettext("%(n)s point", "%(n)s points", number) % words
        case Kind.VISITS:
            return ngettext("%(n)s visite", "%(n)s visites", number) % words
    return f"{euros(number)} {UNITS.get(kind, kind)}"


def found_of(incident: Incident) -> list[Found]:
    """Everything that an incident names, in words, with the page of each where there is one."""
    found = [*_subject(incident), *_entry(incident)]
    if incident.kind == IncidentKind.UNEQUAL:
        url = f"{reverse('console:equation')}?unit={incident.subject}"
        found.append(Found(_("Page"), _("Équation"), Step(_("Ouvrir l’équation"), url)))
    if terminal := incident.terminal:
        name = till_name(terminal, tills_of(terminal.merchant))
        url = reverse("console:terminal-journal", args=[terminal.pk])
        found.append(Found(_("Caisse"), name, Step(_("Voir le journal de la caisse"), url)))
    return found + [Found(term, words) for term, words in _facts(incident.facts)]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _subject(incident: Incident) -> Iterator[Found]:
    """A customer, a gift card or a shelved entry; ids of anything else say nothing to anybody."""
    merchant, subject = incident.merchant, incident.subject
    if not merchant or not subject:
        return
    if customer := Customer.objects.filter(merchant=merchant, uuid=subject).first():
        step = Step(_("Ouvrir la fiche du client"), _url("customer", customer.pk))
        yield Found(_("Client"), _("sans nom encore") if customer.stub else str(customer), step)
    if card := GiftCard.objects.filter(merchant=merchant, fingerprint=subject).first():
        step = Step(_("Ouvrir la carte cadeau"), _url("giftcard", card.pk))
        yield Found(_("Carte cadeau"), f"n° {card}", step)
    aside = shelf.rows(merchant.pk).filter(terminal=incident.terminal)
    if row := aside.filter(hash=subject).exclude(why=Why.FORK).first():
        step = Step(_("Ouvrir l’écriture mise de côté"), _url("shelf-one", row.pk))
        yield Found(_("Écriture"), f"n° {figure(row.n)}", step)
    if row := aside.filter(segment__uuid=subject, why=Why.FORK, ruling=None).first():
        count = aside.filter(segment__uuid=subject, why=Why.FORK, ruling=None).count()
        step = Step(_("Ouvrir la suite mise de côté"), _url("shelf-one", row.pk))
        yield Found(_("Écritures mises de côté"), figure(count), step)


def _entry(incident: Incident) -> Iterator[Found]:
    """The sale that an incident names, by its id or, among its customer's, by its hash."""
    named = incident.facts.get("entry")
    if not (named and incident.merchant):
        return
    of_merchant = sales(incident.merchant)
    mine = of_merchant.filter(customer=incident.subject, hash=named) if incident.subject else None
    row = of_merchant.filter(event_id=named).first() or (mine and mine.first())
    if row:
        step = Step(_("Ouvrir la transaction"), _url("sale", row.pk))
        yield Found(_("Transaction"), row.receipt or _("sans ticket"), step)


def _facts(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What was noted beside the subject; what this page does not know stays with the operator."""
    unit = str(facts.get("account", ""))
    for name, value in facts.items():
        match name, value:
            case "account", str(kind):
                yield _("Compte"), str(UNITS.get(kind, kind))
            case "amount", int(number):
                yield _("Montant"), amount(unit, number)
            case "cents", [*parts]:
                yield _("Montants"), " + ".join(euros(cents) for cents in parts)
            case "why", str(why) if why in Why.values:
                yield _("Pourquoi"), str(Why(why).label)
            case "code", str(code):
                yield _("Numéro en double"), code
            case "instead", str(code):
                yield _("Nouveau numéro"), code
            case (("n" | "late"), int(n)):
                yield _("À partir de l’écriture"), figure(n)


def _url(page: str, key: int) -> str:
    return reverse(f"console:{page}", args=[key])


def terminal_choices(terminals: list[Terminal]) -> list[tuple[str, str]]:
    """Name terminals for a filter."""
    return [(one.pk, till_name(one, terminals)) for one in terminals]
