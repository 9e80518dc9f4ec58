# SPDX-License-Identifier: Apache-2.0
"""The merchant's segments: who fits each now, and what each asks (SPEC K1, D4)."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.campaigns import audiences
from hub.campaigns.models import Audience
from hub.console.access import Scope, within
from hub.console.forms.segments import Editor
from hub.console.lists import Column, heads, page_of, sorted_by, spoken
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from loyalty.module import Module

DELETE: Final = "delete"
DUPLICATE: Final = "duplicate"
_SORTS: Final = {"name": "search", "points": "points", "visits": "visits", "seen": "seen_at"}


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List them with how many fit each now."""
    rows = list(Audience.objects.filter(merchant=scope.merchant))
    trees = {row.pk: row.tree for row in rows}
    fit = audiences.numbers(trees, audiences.today_of(scope.merchant)) if rows else {}
    names = audiences.names_of(scope.merchant, *trees.values()) if rows else {}
    context = {
        "rows": [
            {"segment": row, "fit": fit[row.pk], "said": audiences.said(trees[row.pk], names)}
            for row in rows
        ],
        "full": len(rows) >= audiences.MOST,
        "most": audiences.MOST,
        "nothing": (
            _("Aucun segment encore"),
            _("« Pas venus depuis 6 mois », « achètent du pain » : dites-le, leur nombre suit."),
        ),
    }
    return page(request, scope, "segments/list.html", section="segments", context=context)


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, segment: str) -> HttpResponse:
    """Who fits it now, page by page."""
    row = get_object_or_404(Audience, merchant=scope.merchant, pk=segment)
    day = audiences.today_of(scope.merchant)
    fit = audiences.number(row.tree, day)
    sort, order = sorted_by(request.GET.get("sort"), _SORTS, default="-seen")
    found = audiences.members(row.tree, day).order_by(*order)
    rows = page_of(found, request.GET.get("page"), total=fit)
    context = {
        "segment": row,
        "said": audiences.said(row.tree, audiences.names_of(scope.merchant, row.tree)),
        "page": rows,
        "count": spoken(rows, _("client"), _("clients")),
        "columns": heads(_columns(scope), sort),
        "day": day.today,
        "full": audiences.is_full(scope.merchant),
        "nothing": (
            _("Personne aujourd’hui"),
            _("Qui remplira ces conditions y sera de lui-même."),
        ),
    }
    return page(request, scope, "segments/one.html", section="segments", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make one."""
    return _no_room(request, scope) or _edit(request, scope, Audience(merchant=scope.merchant))


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def edit(request: HttpRequest, scope: Scope, segment: str) -> HttpResponse:
    """Change, duplicate or delete one."""
    row = get_object_or_404(Audience, merchant=scope.merchant, pk=segment)
    match request.POST.get("act"):
        case act if act == DELETE:
            with scope.doing(Did.AUDIENCE_DROPPED, about=f"audience:{row.pk}"):
                row.delete()
            messages.success(request, _("« %(name)s » est supprimé.") % {"name": row.name})
            return redirect("console:segments")
        case act if act == DUPLICATE:
            if full := _no_room(request, scope):
                return full
            with scope.doing(Did.AUDIENCE_KEPT) as deed:
                deed.about = made = audiences.duplicate(row)
            return redirect("console:segment-edit", segment=made.pk)
        case _act:
            return _edit(request, scope, row)


@require_POST
@within(Role.MERCHANT)
def count(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say how many fit while conditions are being filled in; nothing is kept."""
    editor = Editor.typed(request.POST, scope.merchant)
    return render(request, "console/segments/count.html", _counted(scope, editor))


def _no_room(request: HttpRequest, scope: Scope) -> HttpResponse | None:
    """Say that there are as many as can be; None: there is room for another."""
    if not audiences.is_full(scope.merchant):
        return None
    words = {"most": audiences.MOST}
    messages.warning(request, _("Il y a déjà %(most)s segments : supprimez-en un.") % words)
    return redirect("console:segments")


def _edit(request: HttpRequest, scope: Scope, audience: Audience) -> HttpResponse:
    known = bool(audience.asks)
    if request.method != "POST":
        editor = Editor.of(audience)
    else:
        editor = Editor.typed(request.POST, scope.merchant)
        if not editor.act(request.POST.get("act", ""), request.POST):
            if editor.is_valid() and _keep(scope, audience, editor):
                words = {"name": audience.name}
                messages.success(request, _("« %(name)s » est enregistré.") % words)
                return redirect("console:segment", segment=audience.pk)
            return _form(request, scope, audience, editor, known=known, refused=True)
    return _form(request, scope, audience, editor, known=known)


def _form(
    request: HttpRequest,
    scope: Scope,
    audience: Audience,
    editor: Editor,
    *,
    known: bool,
    refused: bool = False,
) -> HttpResponse:
    counted = _counted(scope, editor if editor.form.is_bound else None, audience)
    if not refused:
        editor.calm()
    context = {
        "editor": editor,
        "form": editor.form,
        "segment": audience,
        "known": known,
        "refused": refused,
        "heading": audience.name if known else _("Nouveau segment"),
        **counted,
    }
    return page(request, scope, "segments/form.html", section="segments", context=context)


def _keep(scope: Scope, audience: Audience, editor: Editor) -> bool:
    """Write it; a name that another has is said beside it."""
    with scope.doing(Did.AUDIENCE_KEPT) as deed:
        name = editor.form.cleaned_data["name"]
        deed.done = audiences.keep(audience, name=name, tree=editor.tree)
        deed.about = audience
    if not deed.done:
        editor.form.add_error("name", _("Un autre segment s’appelle déjà ainsi."))
    return deed.done


def _counted(
    scope: Scope, editor: Editor | None, audience: Audience | None = None
) -> dict[str, object]:
    """How many fit what is asked, in words; nothing where it can't be told yet."""
    tree = audience.tree if editor is None and audience and audience.asks else None
    if editor and editor.is_valid(named=False):
        tree = editor.tree
    if tree is None:
        return {"fit": None}
    day = audiences.today_of(scope.merchant)
    names = audiences.names_of(scope.merchant, tree)
    return {"fit": audiences.number(tree, day), "said": audiences.said(tree, names)}


def _columns(scope: Scope) -> list[Column]:
    points = Column(name=_("Points"), key="points", right=True, falls=True)
    return [
        Column(name=_("Nom"), key="name"),
        *([points] if Module.LOYALTY not in scope.merchant.without else []),
        Column(name=_("Visites"), key="visits", right=True, falls=True),
        Column(name=_("Dernière visite"), key="seen", falls=True),
        Column(name=_("Boutique")),
    ]
