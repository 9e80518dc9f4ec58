# SPDX-License-Identifier: Apache-2.0
"""The merchant's shops: where they are and how much they sold today."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.shops import ShopForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.console.tills import tills_of
from hub.console.views.shopaccounts import invite
from hub.ledger.statements import figures
from hub.merchants import links
from hub.merchants.accounts import Taken, shop_accounts
from hub.merchants.deeds import Did
from hub.merchants.models import Person, Role, Shop
from hub.merchants.registry import change_shop, open_shop


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the shops with today's sales."""
    days = figures.shops(scope.merchant, timezone.localdate())
    tills = Counter(till.shop_id for till in tills_of(scope.merchant))
    rows = page_of(
        [{"day": day, "tills": tills[day.shop.pk]} for day in days], request.GET.get("page")
    )
    context = {
        "page": rows,
        "count": spoken(rows, _("boutique"), _("boutiques")),
        "nothing": (
            _("Aucune boutique"),
            _("Ajoutez la première : chaque terminal appartient à une boutique."),
        ),
    }
    return page(request, scope, "shops/list.html", section="shops", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Open a shop."""
    form = ShopForm(request.POST or None, merchant=scope.merchant, initial={"zone": scope.zone.key})
    if request.method == "POST" and form.is_valid():
        try:
            shop = _opened(request, scope, form)
        except Taken:
            form.add_error("email", _("Cette adresse a déjà un compte : donnez-en une autre."))
        else:
            said = _("La boutique %(shop)s est ouverte. Un lien est parti à %(email)s.")
            messages.success(request, said % {"shop": shop.name, "email": shop.email})
            return redirect("console:shops")
    return _form_page(request, scope, form, _("Ajouter une boutique"))


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope, shop: str) -> HttpResponse:
    """Change a shop; its terminals show it at once."""
    row = get_object_or_404(Shop, merchant=scope.merchant, pk=shop)
    name = row.name
    form = ShopForm(request.POST or None, merchant=scope.merchant, instance=row)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.SHOP_CHANGED, about=row):
            change_shop(row, **form.cleaned_data)
        messages.success(request, _("La boutique %(shop)s est enregistrée.") % {"shop": row.name})
        return redirect("console:shops")
    return _form_page(request, scope, form, name)


def _opened(request: HttpRequest, scope: Scope, form: ShopForm) -> Shop:
    """The shop and its log-in, or neither."""
    if Person.objects.filter(email=form.cleaned_data["email"].lower()).exists():
        raise Taken
    with scope.doing(Did.SHOP_OPENED) as deed:
        deed.about = shop = open_shop(scope.merchant.pk, **form.cleaned_data)
        invite(request, shop)
    links.send_soon()
    return shop


def _form_page(request: HttpRequest, scope: Scope, form: ShopForm, heading: str) -> HttpResponse:
    shop = None if form.instance._state.adding else form.instance  # noqa: SLF001 (Django's own way)
    account = next(iter(shop_accounts(shop)), None) if shop else None
    context = {"form": form, "heading": heading, "shop": shop, "account": account}
    return page(request, scope, "shops/form.html", section="shops", context=context)
