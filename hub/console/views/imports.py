# SPDX-License-Identifier: Apache-2.0
"""Import a catalogue or members: send a file, look at what it will change, let it count (D5, M6)."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.forms.imports import UPDATE, ImportForm
from hub.console.importable import importable
from hub.console.importing import left_half_read, names_of, stage
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.console.reading import Unreadable
from hub.ledger.imports import work
from hub.ledger.staging import Act, Import, Kind, Stage
from hub.merchants.deeds import Did
from hub.merchants.doing import note
from hub.merchants.models import Role
from hub.merchants.words import plain

_SECTIONS = {Kind.PRODUCTS: "catalogue", Kind.MEMBERS: "customers"}
_MOST_BEFORE = 8
WAITED_S = 1.0
"""By whoever lets a file count."""


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def of_products(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Send a file of the catalogue, or take the sample of one."""
    return _send(request, scope, Kind.PRODUCTS)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def of_members(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Send a file of members, or take the sample of one."""
    return _send(request, scope, Kind.MEMBERS)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def one(request: HttpRequest, scope: Scope, wanted: int) -> HttpResponse:
    """Show what a file will change, let it count or not, and show how far it is."""
    row = get_object_or_404(
        Import.objects.select_related("shop", "merchant"), pk=wanted, merchant=scope.merchant
    )
    if request.method == "POST":
        _decide(scope, request.POST.get("act"), row)
        return redirect("console:import", row.pk)
    acts = dict(row.rows.values_list("act").order_by("act").annotate(Count("pk")))
    chosen = request.GET.get("act", "")
    chosen = chosen if chosen in acts else ""
    lines = row.rows.filter(act=chosen) if chosen else row.rows.all()
    rows = page_of(lines.order_by("n"), request.GET.get("page"))
    what = importable(row.kind, scope.merchant)
    for line in rows.rows:
        line.changed = ", ".join(names_of(line.changes, what.heads))
        line.does = Act(line.act).label
    right = row.lines - acts.get(Act.WRONG, 0) if acts else row.finished
    shown = acts if row.stage == Stage.READY else row.counts
    context = {
        "one": row,
        "half_read": left_half_read(row),
        "members": row.kind == Kind.MEMBERS,
        "page": rows,
        "count": spoken(rows, _("ligne"), _("lignes")),
        "acts": [(act, act.label, acts[act]) for act in Act if acts.get(act)],
        "figures": [(act.label, shown[act]) for act in Act if shown.get(act)],
        "chosen": chosen,
        "wrong": acts.get(Act.WRONG, 0),
        "right": right,
        "writes": acts.get(Act.ADD, 0) + acts.get(Act.CHANGE, 0),
        "share": 100 * row.finished // right if right else 100,
        "new_shelves": _new_shelves(row) if row.stage == Stage.READY else [],
        "nothing": (_("Aucune ligne à montrer"), _("Elles ne sont gardées que sept jours.")),
    }
    section = _SECTIONS[Kind(row.kind)]
    return page(request, scope, "imports/one.html", section=section, context=context)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _send(request: HttpRequest, scope: Scope, kind: Kind) -> HttpResponseBase:
    what = importable(kind, scope.merchant)
    if sheets.asked(request):
        heads = [str(head) for head in what.heads.values()]
        name = _("modele-clients") if kind == Kind.MEMBERS else _("modele-articles")
        return sheets.file(request, name, heads=heads, rows=what.sample, zone=scope.zone)
    form = ImportForm(request, scope=scope, with_shop=kind == Kind.MEMBERS)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = Import(
            merchant=scope.merchant,
            kind=kind,
            shop=get_object_or_404(scope.merchant.shops, pk=given["shop"])
            if "shop" in given
            else None,
            person=scope.person,
            file_name=given["file"].name[-100:],
            updates=given["known"] == UPDATE,
        )
        try:
            stage(wanted, given["file"].file, what)
        except Unreadable as refused:
            form.add_error("file", str(refused))
        else:
            # reading changes nothing yet, and may take longer than a till can wait
            note(Did.FILE_SENT, by=scope.person, merchant=scope.merchant, about=wanted)
            return redirect("console:import", wanted.pk)
    before = Import.objects.filter(merchant=scope.merchant, kind=kind)
    context = {
        "form": form,
        "members": kind == Kind.MEMBERS,
        "columns": [(str(head), column in what.required) for column, head in what.heads.items()],
        "before": [(one, Stage(one.stage).label) for one in before[:_MOST_BEFORE]],
    }
    return page(request, scope, "imports/send.html", section=_SECTIONS[kind], context=context)


def _decide(scope: Scope, act: str | None, row: Import) -> None:
    match act:
        case "apply":
            with scope.doing(Did.FILE_APPLIED, about=row) as deed:
                deed.done = work.begin(row)
            if deed.done:
                # a short file counts at once; of a long one the jobs do the rest
                work.apply_for(row, WAITED_S)
        case "drop":
            with scope.doing(Did.FILE_DROPPED, about=row) as deed:
                deed.done = work.drop(row)


def _new_shelves(row: Import) -> list[str]:
    """Categories that the file will add."""
    if row.kind != Kind.PRODUCTS:
        return []
    there = {plain(one.name) for one in row.merchant.categories.filter(gone=False)}
    asked = row.rows.filter(act__in=(Act.ADD, Act.CHANGE)).values_list("facts__category", flat=True)
    named = {plain(name): name for name in asked.order_by().distinct() if name}
    return sorted(name for key, name in named.items() if key not in there)
