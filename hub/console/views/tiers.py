# SPDX-License-Identifier: Apache-2.0
"""The merchant's tiers: what counts, the tiers from the lowest up, and each one's look (SPEC J)."""

from typing import Final

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.forms.tiers import TierForm, TieringForm
from hub.console.pages import page
from hub.console.standings import counted
from hub.console.themes import either
from hub.ledger import groups
from hub.ledger.models import Customer
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes import tiers
from hub.programmes.publish import has_unpublished, published
from hub.programmes.tiers import Tier
from loyalty.colour import of_hex
from loyalty.fitting import raised
from loyalty.programme import PLAIN
from loyalty.tier import Criterion

DELETE: Final = "delete"
DUPLICATE: Final = "duplicate"


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the tiers with who has them; change what counts."""
    tiering = tiers.tiering_of(scope.merchant.pk)
    form = TieringForm(request.POST or None, instance=tiering)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.TIERING_KEPT):
            form.save()
        messages.success(request, _("Ce qui compte est enregistré.") + " " + _publish())
        return redirect("console:tiers")
    people = groups.persons(Customer.objects.filter(merchant=scope.merchant)).order_by()
    having = dict(people.values_list("tier").annotate(Count("pk")))
    newest = published(scope.merchant.pk)
    live = {tier.id: tier for tier in newest.tiers} if newest else {}
    criterion = Criterion(tiering.criterion)
    rows = [
        {
            "tier": row,
            "threshold": row.segment or "–"
            if criterion is Criterion.SEGMENT
            else counted(criterion, row.threshold),
            "multiplies": row.factor_bp != PLAIN,
            "live": live.get(row.pk) == row.frozen,
            "having": having.get(row.pk, 0),
        }
        for row in Tier.objects.filter(merchant=scope.merchant)
    ]
    context = {
        "rows": rows,
        "form": form,
        "unpublished": has_unpublished(scope.merchant.pk),
        "nothing": (
            _("Aucun statut encore"),
            _("Commencez avec bronze, argent et or : tout s’y change."),
        ),
    }
    return page(request, scope, "tiers/list.html", section="tiers", context=context)


@require_POST
@within(Role.MERCHANT)
def begin(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make bronze, silver and gold (SPEC J2)."""
    with scope.doing(Did.TIERS_BEGUN):
        tiers.begin(scope.merchant.pk)
    return redirect("console:tiers")


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make a tier."""
    return _edit(request, scope, Tier(merchant=scope.merchant))


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope, tier: str) -> HttpResponse:
    """Change, duplicate or delete a tier."""
    row = get_object_or_404(Tier, merchant=scope.merchant, pk=tier)
    match request.POST.get("act"):
        case act if act == DELETE:
            with scope.doing(Did.TIER_DROPPED, about=f"tier:{row.pk}"):
                row.delete()
            words = {"name": row.name}
            messages.success(request, _("« %(name)s » est supprimé.") % words + " " + _publish())
            return redirect("console:tiers")
        case act if act == DUPLICATE:
            with scope.doing(Did.TIER_KEPT) as deed:
                deed.about = made = tiers.duplicate(row)
            return redirect("console:tier", tier=made.pk)
        case _act:
            return _edit(request, scope, row)


@require_GET
@cache_control(private=True, max_age=300)
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def image(_request: HttpRequest, scope: Scope, tier: str) -> HttpResponse:
    """A tier's picture."""
    row = get_object_or_404(Tier, merchant=scope.merchant, pk=tier)
    if not row.image:
        raise Http404
    answer = HttpResponse(bytes(row.image), content_type=row.image_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def colours(_request: HttpRequest, scope: Scope) -> HttpResponse:
    """The colours of the tiers' names as a style sheet."""
    rows = Tier.objects.filter(merchant=scope.merchant).values_list("pk", "colour")
    colours = ((pk, of_hex(colour)) for pk, colour in rows)
    sheet = "".join(f".tier-{pk}{{color:{either(day, raised(day))}}}\n" for pk, day in colours)
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


def _edit(request: HttpRequest, scope: Scope, tier: Tier) -> HttpResponse:
    criterion = Criterion(tiers.tiering_of(scope.merchant.pk).criterion)
    known = not tier._state.adding  # noqa: SLF001 (Django's own word for a row that is not there)
    form = TierForm(request.POST or None, request.FILES or None, criterion=criterion, tier=tier)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.TIER_KEPT) as deed:
            deed.about = saved = form.save()
        words = {"name": saved.name}
        messages.success(request, _("« %(name)s » est enregistré.") % words + " " + _publish())
        return redirect("console:tiers")
    units = {
        Criterion.AMOUNT: "€",
        Criterion.POINTS: _("points"),
        Criterion.VISITS: _("visites"),
        Criterion.ORDERS: _("commandes"),
    }
    context = {
        "form": form,
        "tier": tier,
        "known": known,
        "counts_in": units.get(criterion, ""),
        "heading": tier.name if known else _("Nouveau statut"),
    }
    return page(request, scope, "tiers/form.html", section="tiers", context=context)


def _publish() -> str:
    return _("Publiez pour que les caisses l’appliquent.")
