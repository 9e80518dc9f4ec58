# SPDX-License-Identifier: Apache-2.0
"""The shelf: what could not be posted, and what a person decides about each entry."""

from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hub.console.access import Scope, operators_only, within
from hub.console.aside import aside, asides, obstacle_words, why_choices
from hub.console.forms.reasons import ReasonForm
from hub.console.forms.shelf import CorrectionForm
from hub.console.lists import page_of, spoken
from hub.console.pages import outer_page, page
from hub.console.templatetags.console import figure
from hub.ledger import shelf
from hub.ledger.corrections import corrected
from hub.ledger.models import JournalEntry, Why
from hub.ledger.shelf import AlreadyRuled, CannotPost
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.publish import published
from loyalty.programme import EarnRule

OPEN, RULED, ALL = "", "ruled", "all"
SHOWN: Final = 4096
"""Bytes of an entry on its page; the rest is in the file to take along."""


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List what waits for a decision, newest first; filter by reason and state."""
    context = _listed(request, shelf.rows(scope.merchant.pk))
    return page(request, scope, "shelf/list.html", section="incidents", context=context)


@require_GET
@operators_only
def everywhere(request: HttpRequest) -> HttpResponse:
    """List what waits for a decision at all merchants."""
    context = _listed(request, shelf.rows())
    return outer_page(request, "shelf/everywhere.html", section="shelf-all", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR, operators_write=True)
def one(request: HttpRequest, scope: Scope, entry: int) -> HttpResponse:
    """Show one, and take the decision: post it, post its branch, or refuse it."""
    row = get_object_or_404(shelf.rows(scope.merchant.pk), pk=entry)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, scope, row, form.cleaned_data["reason"])
    (shelved,) = shelf.read([row])
    branch = shelf.waiting_for_somebody(scope.merchant.pk).filter(segment=row.segment, why=Why.FORK)
    context = {
        "row": row,
        "aside": aside(shelved),
        "form": form,
        "branch": branch.count() if row.why == Why.FORK else 0,
        "ruling": getattr(row, "ruling", None),
        "bytes": bytes(row.raw)[:SHOWN].decode(errors="backslashreplace"),
        "size": len(row.raw),
    }
    return page(request, scope, "shelf/one.html", section="incidents", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR, operators_write=True)
def correct(request: HttpRequest, scope: Scope, entry: int) -> HttpResponse:
    """Post it with what the receipt says."""
    row = get_object_or_404(shelf.rows(scope.merchant.pk), pk=entry)
    (shelved,) = shelf.read([row])
    if not aside(shelved).correctable:
        return redirect("console:shelf-one", entry=row.pk)
    form = CorrectionForm(request.POST or None, shelved=shelved)
    if request.method == "POST" and form.is_valid():
        programme = published(scope.merchant.pk)
        facts = corrected(
            form.facts, form.receipt(), earn=programme.earn if programme else EarnRule()
        )
        reason = form.cleaned_data["reason"]
        try:
            with scope.doing(Did.SHELVED_CORRECTED, about=row):
                shelf.post_corrected(row, facts, reason=reason, person_id=scope.person.pk)
        except CannotPost as error:
            form.add_error(None, obstacle_words(error.obstacle))
        except AlreadyRuled:
            messages.info(request, _too_late())
            return redirect("console:shelf-one", entry=row.pk)
        else:
            messages.success(request, _("L’écriture corrigée est enregistrée."))
            return redirect("console:shelf")
    context = {"row": row, "aside": aside(shelved), "form": form}
    return page(request, scope, "shelf/correct.html", section="incidents", context=context)


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def original(request: HttpRequest, scope: Scope, entry: int) -> HttpResponse:
    """Give the bytes as they came, in a file."""
    row = get_object_or_404(shelf.rows(scope.merchant.pk), pk=entry)
    name = f"ecriture-{row.pk}.bin"
    return HttpResponse(
        bytes(row.raw),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _decide(request: HttpRequest, scope: Scope, row: JournalEntry, reason: str) -> HttpResponse:
    posting = scope.doing(Did.SHELVED_POSTED, about=row)
    refusing = scope.doing(Did.SHELVED_REFUSED, about=row)
    person_id = scope.person.pk
    try:
        match request.POST.get("act"):
            case "post":
                with posting:
                    shelf.post_as_it_is(row, reason=reason, person_id=person_id)
                messages.success(request, _("L’écriture est enregistrée."))
            case "branch":
                with posting:
                    count = shelf.post_branch(row, reason=reason, person_id=person_id)
                words = ngettext(
                    "%(n)s écriture est enregistrée.", "%(n)s écritures sont enregistrées.", count
                )
                messages.success(request, words % {"n": figure(count)})
            case "refuse_branch":
                with refusing:
                    shelf.refuse_branch(row, reason=reason, person_id=person_id)
                messages.success(request, _("La suite est refusée. Ses octets restent gardés."))
            case "refuse":
                with refusing:
                    shelf.refuse(row, reason=reason, person_id=person_id)
                messages.success(request, _("L’écriture est refusée. Ses octets restent gardés."))
    except CannotPost as error:
        messages.error(request, obstacle_words(error.obstacle))
        return redirect("console:shelf-one", entry=row.pk)
    except AlreadyRuled:
        messages.info(request, _too_late())
        return redirect("console:shelf-one", entry=row.pk)
    return redirect("console:shelf")


def _too_late() -> str:
    return _("Quelqu’un a décidé entre-temps : voyez ci-dessous.")


def _listed(request: HttpRequest, found: QuerySet[JournalEntry]) -> dict[str, object]:
    why, state = request.GET.get("why", ""), request.GET.get("state", OPEN)
    if why in Why.values:
        found = found.filter(why=why)
    if state == RULED:
        found = found.exclude(ruling=None)
    elif state != ALL:
        found = found.filter(ruling=None)
    rows = page_of(found, request.GET.get("page"))
    return {
        "page": rows,
        "rows": asides(shelf.read(rows.rows)),
        "count": spoken(rows, _("écriture"), _("écritures")),
        "why": why,
        "whys": [("", _("Toutes les raisons")), *why_choices()],
        "state": state,
        "states": [(OPEN, _("À décider")), (RULED, _("Décidées")), (ALL, _("Toutes"))],
        "nothing": _nothing(narrowed=bool(why or state)),
    }


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucune écriture trouvée"),
            _("Élargissez les filtres pour les voir toutes."),
        )
    return (
        _("Rien n’est mis de côté"),
        _("Tout ce que les caisses ont envoyé est enregistré."),
    )
