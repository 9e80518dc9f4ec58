# SPDX-License-Identifier: Apache-2.0
"""Register a customer and change what is known of one (SPEC E5, E6, E7, E9, C15, C22)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.dossier import dossier
from hub.console.filters import number_of
from hub.console.forms.consents import agreed
from hub.console.forms.customers import NewCustomerForm, RecordForm, alike_of, named_to
from hub.console.pages import page
from hub.console.till.views import back_with
from hub.ledger import consenting, listings, records, standing
from hub.ledger.consents import Surface
from hub.ledger.models import Customer
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from loyalty import contact


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def create(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Register somebody; what was searched for in vain is what to begin with."""
    form = NewCustomerForm(
        request.POST or None, scope=scope, known=_sought(request.GET.get("name", ""))
    )
    if request.method == "POST" and form.is_valid():
        customer = _created(scope, form, at_till="order" in request.GET)
        words = {"name": str(customer)}
        messages.success(request, _("%(name)s est inscrit ; les caisses l’apprennent.") % words)
        if at_till := back_with(request, scope, request.GET.get("order", ""), customer):
            return at_till
        return redirect("console:customer", customer=customer.pk)
    context = {"form": form, "groups": _groups(scope), "known": _known(scope, form.alike)}
    return page(request, scope, "customers/add.html", section="customers", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def edit(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Change what is known of somebody; the tills hear of it at once."""
    person = _person(scope, customer)
    if person.stub:
        messages.warning(request, _("Sa fiche s’ouvrira quand son inscription sera arrivée."))
        return redirect("console:customer", customer=person.pk)
    form = RecordForm(request.POST or None, scope=scope, customer=person)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.CUSTOMER_CHANGED, about=person) as deed:
            deed.done = records.change(person, form.record)
        if deed.done:
            messages.success(request, _("La fiche est enregistrée ; les caisses l’apprennent."))
        return redirect("console:customer", customer=person.pk)
    context = {
        "customer": person,
        "form": form,
        "groups": _groups(scope),
        "known": _known(scope, form.alike),
    }
    return page(request, scope, "customers/edit.html", section="customers", context=context)


@require_GET
@never_cache
@within(Role.MERCHANT, Role.SHOP)
def known(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say, while somebody types, who gave that phone or e-mail already."""
    people = Customer.objects.filter(merchant=scope.merchant)
    of = number_of(request.GET.get("of"))
    person = people.filter(pk=of).first() if of is not None else None
    context = {"known": _known(scope, alike_of(scope, request.GET, but=person))}
    return render(request, "console/customers/known.html", context)


@require_POST
@within(Role.MERCHANT, Role.SHOP)
def join(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Let somebody join the programme."""
    person = _person(scope, customer)
    where = scope.shop.name if scope.shop else scope.merchant.name
    proof = consenting.Proof(
        said=_("Dit en rejoignant le programme : %(shop)s.") % {"shop": where},
        surface=Surface.CONSOLE,
        person_id=scope.person.pk,
    )
    with scope.doing(Did.CUSTOMER_JOINED, about=person) as deed:
        deed.done = standing.opt_in(person, shop=scope.shop, person_id=scope.person.pk)
        if deed.done:
            consenting.note(person, agreed(request.POST), proof)
    if deed.done:
        words = {"name": str(person)}
        messages.success(
            request, _("%(name)s a rejoint le programme : ses achats comptent.") % words
        )
    return redirect("console:customer", customer=person.pk)


@require_GET
@never_cache
@within(Role.MERCHANT)
def export(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Give all that is known of somebody as one file that people and programs read."""
    person = _person(scope, customer)
    with scope.doing(Did.EXPORTED, about=person):
        told = dossier(person)
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = _("client-%(number)s.json") % {"number": person.pk}
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _created(scope: Scope, form: NewCustomerForm, *, at_till: bool) -> Customer:
    """Register who was typed, with what they agreed to as they joined."""
    given = form.cleaned_data
    shop = scope.shop or get_object_or_404(scope.merchant.open_shops, pk=given["shop"])
    proof = consenting.Proof(
        said=_("Dit en s’inscrivant : %(shop)s.") % {"shop": shop.name},
        surface=Surface.TILL if at_till else Surface.CONSOLE,
        person_id=scope.person.pk,
    )
    with scope.doing(Did.CUSTOMER_ADDED) as deed:
        deed.about = customer = records.create(
            shop,
            form.record,
            code=given["code"],
            member=given["member"],
            person_id=scope.person.pk,
        )
        consenting.note(customer, agreed(given), proof)
    return customer


def _sought(typed: str) -> dict[str, str]:
    """What somebody typed to find a person who is not there, in the field that it is for."""
    if contact.email(typed):
        return {"email": typed}
    if any(c.isdigit() for c in typed):
        return {"phone" if typed.startswith(("0", "+")) else "code": typed}
    first, _blank, last = typed.strip().partition(" ")
    return {"first_name": first[:60], "last_name": last[:80]}


def _person(scope: Scope, customer: int) -> Customer:
    return get_object_or_404(listings.customers(scope.merchant, scope.shop), pk=customer)


def _groups(scope: Scope) -> list[str]:
    groups = Customer.objects.filter(merchant=scope.merchant).exclude(segment="")
    return list(groups.order_by("segment").values_list("segment", flat=True).distinct())


def _known(scope: Scope, alike: list[Customer]) -> list[tuple[str, int | None]]:
    """Each by the name that the reader may see, with the page that they may open."""
    own = listings.customers(scope.merchant, scope.shop).filter(pk__in=[one.pk for one in alike])
    mine = set(own.values_list("pk", flat=True)) if alike else set()
    return [(str(one), one.pk) if one.pk in mine else (named_to(scope, one), None) for one in alike]
