# SPDX-License-Identifier: Apache-2.0
"""Give a customer another card, block a lost one, or let one that turned up serve again (E5, E11)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.customers import LOST, CardForm, named_to
from hub.console.forms.reasons import ReasonForm
from hub.console.pages import page
from hub.console.templatetags.console import card as spaced
from hub.console.till.views import back_with
from hub.ledger import codes, groups, listings
from hub.ledger.models import Card
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from loyalty.card import LONGEST_CODE


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def give(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Another code for somebody; their account stays as it is."""
    person = get_object_or_404(listings.customers(scope.merchant, scope.shop), pk=customer)
    cards = person.cards.filter(blocked_at=None).order_by("pk")
    form = CardForm(
        request.POST or None,
        scope=scope,
        has_card=bool(cards),
        code=request.GET.get("code", "")[:LONGEST_CODE],
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with scope.doing(Did.CARD_GIVEN, about=person):
                code = codes.give(
                    person,
                    given["code"],
                    lost=given.get("other") == LOST,
                    note=given["reason"],
                    shop=scope.shop,
                    person_id=scope.person.pk,
                )
        except codes.CodeTaken as taken:
            words = {"name": named_to(scope, taken.owner)}
            form.add_error("code", _("Cette carte est déjà à %(name)s.") % words)
        else:
            words = {"code": spaced(code), "name": str(person)}
            messages.success(request, _("La carte %(code)s est à %(name)s.") % words)
            if at_till := back_with(request, scope, request.GET.get("order", ""), person):
                return at_till
            return redirect("console:customer", customer=person.pk)
    context = {"customer": person, "cards": cards, "form": form}
    return page(request, scope, "customers/card.html", section="customers", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def turn(request: HttpRequest, scope: Scope, card: int) -> HttpResponse:
    """Block one card, or let it lead to its owner again."""
    rows = Card.objects.filter(merchant=scope.merchant).select_related("customer")
    row = get_object_or_404(rows, pk=card)
    ones = groups.ones(scope.merchant.pk, row.customer.uuid)
    people = listings.customers(scope.merchant, scope.shop)
    person = get_object_or_404(people, uuid__in=ones)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        blocked = row.blocked_at is None
        did = Did.CARD_BLOCKED if blocked else Did.CARD_FOUND
        with scope.doing(did, about=person) as deed:
            deed.done = codes.turn(
                row,
                blocked=blocked,
                note=form.cleaned_data["reason"],
                shop=scope.shop,
                person_id=scope.person.pk,
            )
        messages.success(
            request,
            _("La carte est bloquée : les caisses l’apprennent maintenant.")
            if blocked
            else _("La carte peut de nouveau servir."),
        )
        return redirect("console:customer", customer=person.pk)
    context = {"customer": person, "card": row, "form": form}
    return page(request, scope, "customers/turn.html", section="customers", context=context)
