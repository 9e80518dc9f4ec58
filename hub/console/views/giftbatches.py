# SPDX-License-Identifier: Apache-2.0
"""Gift cards that are printed together: made, listed, printed again by who owns the business."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import cardsheets
from hub.console.access import Scope, within
from hub.console.forms.giftcards import BatchForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger import gifting
from hub.ledger.giftcards import GiftBatch
from hub.merchants.deeds import Did
from hub.merchants.models import Role


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the batches, the newest first."""
    batches = GiftBatch.objects.filter(merchant=scope.merchant).select_related("shop", "person")
    rows = page_of(batches, request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("lot"), _("lots")),
        "whole": True,
        "nothing": (
            _("Aucun lot encore"),
            _("Faites-en un : ses cartes s’impriment sur des feuilles A4, dix par feuille."),
        ),
    }
    return page(request, scope, "giftcards/batches.html", section="giftcards", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def create(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make one."""
    form = BatchForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with scope.doing(Did.GIFT_BATCH_MADE) as deed:
            deed.about = gifting.create_batch(
                get_object_or_404(scope.merchant.shops, pk=given["shop"]),
                count=given["count"],
                cents=given["amount"] or 0,
                buyer=given["buyer"],
                person=scope.person,
            )
        messages.success(request, _("Le lot est prêt à imprimer."))
        return redirect("console:giftcard-batches")
    return page(
        request,
        scope,
        "giftcards/batch.html",
        section="giftcards",
        context={"form": form, "whole": True},
    )


@require_GET
@never_cache
@within(Role.MERCHANT)
def printed(request: HttpRequest, scope: Scope, batch: int) -> HttpResponse:
    """The sheets; whoever has them has the money, so a shop or an operator is not given them."""
    row = get_object_or_404(GiftBatch, merchant=scope.merchant, pk=batch)
    name = _("cartes-cadeaux-%(number)s.pdf") % {"number": row.pk}
    with scope.doing(Did.PRINTED, about=row):
        sheets = cardsheets.gift_cards(row, scope.merchant)
    answer = HttpResponse(sheets, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
