# SPDX-License-Identifier: Apache-2.0
"""Gift cards for points: the merchant says which, and a customer's points become one (SPEC H4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.console import rulebook
from hub.console.access import Scope, within
from hub.console.forms.giftoffers import ExchangeForm, OfferForm
from hub.console.pages import page
from hub.console.picking import pick
from hub.console.templatetags.console import euros
from hub.ledger import gifting
from hub.ledger.acts import create_gift_card, gift_card_of
from hub.ledger.bonus import free_of
from hub.ledger.giftcards import GiftOffer
from hub.ledger.gifting import BadGiftCard
from hub.ledger.models import Customer
from hub.merchants.deeds import Did
from hub.merchants.doing import deeds_about
from hub.merchants.models import Role, new_id


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List what is offered, and add to it."""
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with scope.doing(Did.GIFT_OFFER_MADE):
            offer = gifting.offer(scope.merchant.pk, cents=given["amount"], points=given["points"])
        said = _("Une carte de %(amount)s s’obtient maintenant contre %(points)s.")
        words = {"amount": euros(offer.cents), "points": rulebook.points(offer.points)}
        messages.success(request, said % words)
        return redirect("console:gift-offers")
    context = {
        "form": form,
        "offers": GiftOffer.objects.filter(merchant=scope.merchant),
        "whole": True,
    }
    return page(request, scope, "giftcards/offers.html", section="giftcards", context=context)


@require_POST
@within(Role.MERCHANT)
def turn(request: HttpRequest, scope: Scope, offer: int) -> HttpResponse:
    """Stop an offer, or let it go on."""
    row = get_object_or_404(GiftOffer, merchant=scope.merchant, pk=offer)
    with scope.doing(Did.GIFT_OFFER_TURNED):
        gifting.turn_offer(row)
    return redirect("console:gift-offers")


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def exchange(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Turn a customer's points into a card; the address may name whose."""
    once = request.POST.get("once", "")
    if made := gift_card_of(scope.merchant, once):
        return redirect("console:giftcard", card=made.pk)
    chosen = pick(request, scope)
    customer = chosen.customer
    form = ExchangeForm(request.POST or None, scope=scope, customer=customer)
    valid = request.method == "POST" and form.is_valid()
    if valid and customer and (done := _exchange(scope, form, customer, once=once)):
        return done
    context = {
        "form": form,
        "once": once or new_id(),
        "pick": chosen,
        "free": free_of(customer, scope.merchant) if customer else None,
        "any": GiftOffer.objects.filter(merchant=scope.merchant, on=True).exists(),
        "whole": scope.shop is None,
        "nothing": (
            _("Aucune carte contre des points"),
            _("Le gérant en propose dans « Contre des points »."),
        ),
    }
    return page(request, scope, "giftcards/exchange.html", section="giftcards", context=context)


def _exchange(
    scope: Scope, form: ExchangeForm, customer: Customer, *, once: str
) -> HttpResponse | None:
    """Make the card; None: the form says why not."""
    given, offer = form.cleaned_data, form.cleaned_data["offer"]
    try:
        with scope.doing(Did.GIFT_CARD_MADE) as deed:
            deed.about = card = create_gift_card(
                scope.shop or given["shop"],
                cents=offer.cents,
                buyer=str(customer),
                recipient=given["recipient"],
                email=given["email"],
                points=offer.points,
                customer=customer,
                person_id=scope.person.pk,
                once=once,
            )
            deed.done = not deeds_about(card).filter(did=Did.GIFT_CARD_MADE).exists()
    except BadGiftCard:
        free = free_of(customer, scope.merchant)
        said = _("Il en faut %(needed)s ; %(free)s peuvent être utilisés maintenant.")
        words = {
            "needed": rulebook.points(offer.points),
            "free": rulebook.points(free.points),
        }
        form.add_error("offer", said % words)
        return None
    return redirect("console:giftcard", card=card.pk)
