# SPDX-License-Identifier: Apache-2.0
"""What a person should look at: the hub never hides that something did not add up."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.console.access import Scope, operators_only, within
from hub.console.attention import act_of
from hub.console.explained import explained, titles
from hub.console.forms.reasons import NoteForm
from hub.console.lists import Page, page_of, spoken
from hub.console.pages import outer_page, page
from hub.console.tills import till_name, tills_of
from hub.console.traces import amount, found_of, terminal_choices
from hub.ledger import decisions, incidents, listings, missing, shelf
from hub.ledger.models import Incident, IncidentKind
from hub.merchants.deeds import Did
from hub.merchants.models import Role

OPEN, CLOSED, ALL = "", "closed", "all"


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List what is open, newest first; filter by kind, terminal and state."""
    found = incidents.of(scope.merchant.pk)
    tills = tills_of(scope.merchant)
    chosen = request.GET.get("terminal", "")
    if chosen in {till.pk for till in tills}:
        found = found.filter(terminal=chosen)
    context = _listed(request, found) | {
        "terminals": terminal_choices(tills),
        "terminal": chosen,
        "shelved": shelf.waiting_for_somebody(scope.merchant.pk).count(),
    }
    return page(request, scope, "incidents/list.html", section="incidents", context=context)


@require_GET
@operators_only
def everywhere(request: HttpRequest) -> HttpResponse:
    """List what is open at all merchants, and what is nobody's."""
    context = _listed(request, incidents.of(None))
    return outer_page(
        request, "incidents/everywhere.html", section="incidents-all", context=context
    )


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR, operators_write=True)
def one(request: HttpRequest, scope: Scope, incident: int) -> HttpResponse:
    """Explain one, offer what settles it, close it with a note."""
    row = get_object_or_404(incidents.of(scope.merchant.pk), pk=incident)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "resume" and not row.closed_at:
            reason = form.cleaned_data["reason"]
            with scope.doing(Did.RESUMED, about=row):
                decisions.resume(row, reason=reason, person_id=scope.person.pk)
            messages.success(request, _("Les caisses reçoivent à nouveau des droits."))
            return redirect("console:incidents")
        with scope.doing(Did.INCIDENT_CLOSED, about=row) as deed:
            reason, by = form.cleaned_data["reason"], scope.person.pk
            deed.done = bool(incidents.close(row, reason, person_id=by))
        if deed.done:
            messages.success(request, _("C’est classé, avec votre note."))
        else:
            messages.info(request, _("Quelqu’un l’avait classé entre-temps : sa note est gardée."))
        return redirect("console:incidents")
    found = found_of(row)
    context = {
        "incident": row,
        "words": explained(row.kind),
        "found": found,
        "steps": [one.step for one in found if one.step],
        "form": form,
        "ruling": getattr(row, "ruling", None),
        "unheard": _unheard(scope) if row.kind == IncidentKind.RESTORED else [],
    }
    return page(request, scope, "incidents/one.html", section="incidents", context=context)


def _unheard(scope: Scope) -> list[dict[str, object]]:
    """Whom a restored hub waits for, with what each may have been granted and spent."""
    if not scope.merchant.suspended_at:
        return []
    tills = tills_of(scope.merchant)
    return [
        {
            "name": till_name(till, tills),
            "till": till,
            "holds": [amount(kind, n) for kind, n in listings.held_by(till).items()],
        }
        for till in missing.unheard(scope.merchant.pk)
    ]


def _listed(request: HttpRequest, found: QuerySet[Incident]) -> dict[str, object]:
    """Narrow to what the address asks for; what makes no sense narrows nothing."""
    kind, state = request.GET.get("kind", ""), request.GET.get("state", OPEN)
    if kind in titles():
        found = found.filter(kind=kind)
    if state == CLOSED:
        found = found.exclude(closed_at=None)
    elif state != ALL:
        found = found.filter(closed_at=None)
    rows: Page = page_of(found, request.GET.get("page"))
    return {
        "page": rows,
        "incidents": [{"incident": one, "act": act_of(one)} for one in rows.rows],
        "count": spoken(rows, _("point"), _("points")),
        "kind": kind,
        "kinds": [("", _("Tout")), *sorted(titles().items(), key=lambda pair: pair[1])],
        "state": state,
        "states": [(OPEN, _("À voir")), (CLOSED, _("Classés")), (ALL, _("À voir et classés"))],
        "nothing": _nothing(narrowed=bool(kind or state or request.GET.get("terminal"))),
    }


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun point trouvé"),
            _("Élargissez les filtres pour les voir tous."),
        )
    return (_("Rien n’attend"), _("Tout ce que les caisses ont envoyé s’additionne."))
