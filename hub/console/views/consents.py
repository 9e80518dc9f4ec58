# SPDX-License-Identifier: Apache-2.0
"""Note by what a customer agrees to be written to, and how they said so (SPEC K3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.consents import ConsentForm
from hub.console.pages import page
from hub.ledger import consenting, listings
from hub.ledger.consents import Channel, Surface
from hub.merchants.deeds import Did
from hub.merchants.models import Role


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def edit(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Show what they were asked and answered; keep another answer beside it."""
    person = get_object_or_404(listings.customers(scope.merchant), pk=customer)
    form = ConsentForm(request.POST or None, standing=consenting.standing(person))
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.CONSENT_NOTED, about=person) as deed:
            proof = consenting.Proof(
                said=form.cleaned_data["reason"],
                surface=Surface.CONSOLE,
                person_id=scope.person.pk,
            )
            deed.done = bool(consenting.note(person, form.answers, proof))
        if deed.done:
            messages.success(request, _("C’est noté, avec sa preuve."))
        return redirect("console:customer", customer=person.pk)
    asked = [
        (form[channel.value], consenting.sentence(channel, merchant=scope.merchant.name))
        for channel in Channel
    ]
    context = {"customer": person, "form": form, "asked": asked}
    return page(request, scope, "customers/consents.html", section="customers", context=context)
