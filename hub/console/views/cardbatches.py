# SPDX-License-Identifier: Apache-2.0
"""Blank cards to print and give out: made, listed, printed again (SPEC E4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import cardsheets
from hub.console.access import Scope, within
from hub.console.forms.customers import BlankCardsForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger import codes
from hub.ledger.cardbatches import CardBatch
from hub.ledger.models import Card
from hub.merchants.deeds import Did
from hub.merchants.models import Role


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the batches, the newest first, with how many of each are given; make another."""
    form = BlankCardsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.CARDS_RESERVED) as deed:
            count = form.cleaned_data["count"]
            deed.about = codes.reserve(scope.merchant, count=count, person=scope.person)
        messages.success(request, _("Les cartes sont prêtes à imprimer."))
        return redirect("console:card-batches")
    batches = CardBatch.objects.filter(merchant=scope.merchant).select_related("person")
    rows = page_of(batches, request.GET.get("page"))
    numbers = [code for batch in rows.rows for code in batch.codes]
    cards = Card.objects.filter(merchant=scope.merchant, code__in=numbers)
    given = set(cards.values_list("code", flat=True))
    context = {
        "form": form,
        "page": rows,
        "lines": [(batch, len(given.intersection(batch.codes))) for batch in rows.rows],
        "count": spoken(rows, _("lot"), _("lots")),
        "nothing": (
            _("Aucune carte imprimée encore"),
            _("Dites combien il en faut : elles s’impriment sur des feuilles A4."),
        ),
    }
    return page(request, scope, "customers/blanks.html", section="customers", context=context)


@require_GET
@never_cache
@within(Role.MERCHANT)
def printed(request: HttpRequest, scope: Scope, batch: int) -> HttpResponse:
    """The sheets."""
    row = get_object_or_404(CardBatch, merchant=scope.merchant, pk=batch)
    name = _("cartes-%(number)s.pdf") % {"number": row.pk}
    with scope.doing(Did.PRINTED, about=row):
        sheets = cardsheets.blank_cards(row, scope.merchant)
    answer = HttpResponse(sheets, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
