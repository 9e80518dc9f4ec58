# SPDX-License-Identifier: Apache-2.0
"""A terminal's journal, boot by boot, in words that say what happened to its card."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.reasons import ReasonForm, RetireForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.console.templatetags.console import figure
from hub.console.tills import at_risk_cents, till_name, tills_of
from hub.console.traces import amount
from hub.ledger import decisions, listings
from hub.ledger.boots import Boot, Story, boots
from hub.merchants.deeds import Did
from hub.merchants.models import Role, Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One boot as the page says it."""

    boot: Boot
    board: str
    """Which machine wrote it: A is the newest one's, B another."""
    title: str
    sentence: str
    dot: str
    """Shape of its mark: filled is fine, `open` is to come, `brick` is to be looked at."""
    holds: list[str]
    """What may still be spent in it."""


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR, operators_write=True)
def one(request: HttpRequest, scope: Scope, terminal: str) -> HttpResponse:
    """List the boots of a terminal, newest first, each with what it followed; decide about it."""
    till = get_object_or_404(scope.merchant.terminals.select_related("shop"), pk=terminal)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, scope, till, form.cleaned_data["reason"])
    rows = page_of(till.segments.order_by("-pk"), request.GET.get("page"))
    found, held = boots(till, rows.rows), listings.held_in(till)
    context = {
        "till": till,
        "name": till_name(till, tills_of(scope.merchant)),
        "boots": _told(found, till, held),
        "holds": [amount(kind, n) for kind, n in listings.together_held(held).items()],
        "at_risk_cents": at_risk_cents(scope.merchant),
        "form": form,
        "strangers": _strangers(till),
        "rulings": till.rulings.select_related("person").order_by("-at"),
        "page": rows,
        "count": spoken(rows, _("démarrage"), _("démarrages")),
        "nothing": (
            _("Aucun démarrage encore"),
            _("Le premier apparaîtra dès que la caisse aura parlé au hub."),
        ),
    }
    return page(request, scope, "terminals/journal.html", section="terminals", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR, operators_write=True)
def retire(request: HttpRequest, scope: Scope, terminal: str) -> HttpResponse:
    """Say what retiring a terminal does, and do it: there is no way back."""
    till = get_object_or_404(scope.merchant.terminals.select_related("shop"), pk=terminal)
    if till.signed_off_at:
        return redirect("console:terminal-journal", terminal=till.pk)
    form = RetireForm(request.POST or None, waiting=till.waiting)
    name = till_name(till, tills_of(scope.merchant))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with scope.doing(Did.RETIRED, about=till):
            decisions.retire(till, reason=reason, person_id=scope.person.pk)
        messages.success(request, _("%(till)s est retirée.") % {"till": name})
        return redirect("console:terminal-journal", terminal=till.pk)
    context = {
        "till": till,
        "name": name,
        "holds": [amount(kind, total) for kind, total in listings.held_by(till).items()],
        "form": form,
    }
    return page(request, scope, "terminals/retire.html", section="terminals", context=context)


def _decide(request: HttpRequest, scope: Scope, till: Terminal, reason: str) -> HttpResponse:
    person_id = scope.person.pk
    match request.POST.get("act", "").partition(":"):
        case "freeze", _, _:
            with scope.doing(Did.FROZEN, about=till):
                decisions.freeze(till, reason=reason, person_id=person_id)
            messages.success(request, _("La caisse est gelée : elle gagne et ne dépense rien."))
        case "thaw", _, _:
            with scope.doing(Did.THAWED, about=till):
                decisions.thaw(till, reason=reason, person_id=person_id)
            messages.success(request, _("La caisse peut à nouveau dépenser."))
        case "leave", _, _ if not till.signed_off_at:
            with scope.doing(Did.LEAVING, about=till):
                decisions.leave(till, reason=reason, person_id=person_id)
            messages.success(request, _("La caisse s’arrête dès qu’elle l’entend, et rend tout."))
        case "stay", _, _ if not till.signed_off_at:
            with scope.doing(Did.STAYING, about=till):
                decisions.stay(till, reason=reason, person_id=person_id)
            messages.success(request, _("La caisse reste en service."))
        case "adopt", _, board if board in _strangers(till):
            with scope.doing(Did.ADOPTED, about=till):
                decisions.adopt(till, board, reason=reason, person_id=person_id)
            messages.success(request, _("La caisse vit désormais dans cette machine."))
    return redirect("console:terminal-journal", terminal=till.pk)


def _strangers(till: Terminal) -> list[str]:
    """Other machines in which its card has started and may be alive."""
    if not till.hw_id:
        return []
    alive = till.segments.filter(dead=False, opened_at__isnull=False).exclude(hw_id=till.hw_id)
    return sorted(set(alive.values_list("hw_id", flat=True)) - {""})


def _told(found: list[Boot], till: Terminal, held: dict[int, dict[str, int]]) -> list[Told]:
    boards = [till.hw_id] if till.hw_id else []
    told = []
    for boot in found:
        hw_id = boot.header.hw_id if boot.header else ""
        if hw_id and hw_id not in boards:
            boards.append(hw_id)
        title, sentence, dot = WORDS[boot.story]
        told.append(
            Told(
                boot=boot,
                board=_letter(boards.index(hw_id)) if hw_id else "–",
                title=str(title),
                sentence=" ".join(filter(None, (str(sentence), *_figures(boot)))),
                dot="brick" if boot.forked or boot.segment.lost else dot,
                holds=[amount(kind, n) for kind, n in held.get(boot.segment.pk, {}).items()],
            )
        )
    return told


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else str(index + 1)  # noqa: PLR2004 - letters


def _figures(boot: Boot) -> list[str]:
    """What can be counted about it."""
    said = []
    if boot.forgotten:
        words = ngettext(
            "%(n)s écriture oubliée par la caisse est gardée au hub.",
            "%(n)s écritures oubliées par la caisse sont gardées au hub.",
            boot.forgotten,
        )
        said.append(words % {"n": figure(boot.forgotten)})
    if boot.missing:
        words = ngettext(
            "%(n)s écriture d’avant n’est pas au hub.",
            "%(n)s écritures d’avant ne sont pas au hub.",
            boot.missing,
        )
        said.append(words % {"n": figure(boot.missing)})
    if lost := boot.segment.lost:
        words = ngettext(
            "%(n)s écriture n’existe plus sur la caisse et n’est jamais arrivée.",
            "%(n)s écritures n’existent plus sur la caisse et ne sont jamais arrivées.",
            lost,
        )
        said.append(words % {"n": figure(lost)})
    if boot.segment.retired:
        said.append(_("Retirée : ce qui en arrive encore ne coûte rien aux clients."))
    elif boot.segment.dead:
        said.append(_("Terminé : plus rien ne peut y être dépensé."))
    if boot.forked:
        words = ngettext(
            "Une autre suite de %(n)s écriture est venue sous les mêmes numéros : deux programmes"
            " ont écrit sur des copies du fichier. Elle est mise de côté.",
            "Une autre suite de %(n)s écritures est venue sous les mêmes numéros : deux programmes"
            " ont écrit sur des copies du fichier. Elle est mise de côté.",
            boot.forked,
        )
        said.append(words % {"n": figure(boot.forked)})
    return said


WORDS = {
    Story.FIRST: (
        gettext_lazy("Premier journal"),
        gettext_lazy("La caisse était neuve, ou son fichier l’était."),
        "",
    ),
    Story.FOLLOWS: (
        gettext_lazy("Suite normale"),
        gettext_lazy("Commence là où le précédent finit : rien n’a été oublié."),
        "",
    ),
    Story.ENROLLED: (
        gettext_lazy("Nouvelle inscription"),
        gettext_lazy("La caisse a été inscrite à nouveau et a gardé son journal."),
        "",
    ),
    Story.BEHIND: (
        gettext_lazy("Carte remise dans un état ancien"),
        gettext_lazy(
            "La caisse est repartie d’une copie plus ancienne de sa carte ou de son fichier. Ses"
            " ventes d’avant sont au hub ; par prudence, ce qu’elle pouvait encore dépenser lui a"
            " été retiré."
        ),
        "brick",
    ),
    Story.SWAPPED: (
        gettext_lazy("Fichier remplacé en marche"),
        gettext_lazy(
            "Pendant que la caisse tournait, quelqu’un a remis à sa place un fichier plus ancien."
            " Ne restaurez jamais le fichier d’une caisse : le hub est sa sauvegarde."
        ),
        "brick",
    ),
    Story.CLONED: (
        gettext_lazy("Carte copiée"),
        gettext_lazy(
            "Une autre machine a continué le même journal : la carte mémoire a été copiée ou"
            " déplacée. Les ventes des deux sont gardées. Laissez tourner une seule machine, et"
            " inscrivez l’autre comme une caisse à part."
        ),
        "brick",
    ),
    Story.TWICE: (
        gettext_lazy("Deux suites du même journal"),
        gettext_lazy(
            "La même machine a continué deux fois le même journal : sa carte a été remise dans un"
            " état ancien entre les deux. Les ventes des deux sont gardées."
        ),
        "brick",
    ),
    Story.BRANCHED: (
        gettext_lazy("Continue l’autre suite du journal"),
        gettext_lazy(
            "Le journal d’avant avait deux suites : la caisse continue celle que le hub a mise de"
            " côté. Décidez des écritures mises de côté ; celles d’ici sont enregistrées."
        ),
        "brick",
    ),
    Story.AHEAD: (
        gettext_lazy("Suit plus que ce que le hub a"),
        gettext_lazy(
            "Les écritures d’avant sont encore en route, ou le hub a été remis depuis une"
            " sauvegarde : dans les deux cas, la caisse les renvoie d’elle-même."
        ),
        "open",
    ),
    Story.UNKNOWN: (
        gettext_lazy("Suit un journal que ce hub n’a pas"),
        gettext_lazy(
            "Le hub a été remis depuis une sauvegarde, ou la carte vient d’un autre hub. Si la"
            " caisse a encore l’ancien journal, elle le renvoie d’elle-même."
        ),
        "open",
    ),
    Story.UNREADABLE: (
        gettext_lazy("Début illisible"),
        gettext_lazy("La première écriture de ce journal ne se lit pas : elle est mise de côté."),
        "brick",
    ),
}
