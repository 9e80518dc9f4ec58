# SPDX-License-Identifier: Apache-2.0
"""The pages of the till in a browser: one for an order that begins, one for each that is open."""

from contextlib import suppress
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.filters import read_filters
from hub.console.pages import page
from hub.console.templatetags.console import at_till
from hub.console.till import acts, entry, words
from hub.console.till.forms import LineForm
from hub.console.till.receipts import FRESH
from hub.console.till.shown import shown
from hub.ledger import counter, listings
from hub.ledger.models import Customer
from hub.ledger.orders import OpenOrder
from hub.ledger.selling import Posted
from hub.merchants.deeds import Did
from hub.merchants.models import Role, Shop, new_id
from hub.programmes.models import Product
from loyalty.refusal import Refusal

KEYS: Final = 12
"""Articles that have a key of their own."""


@require_http_methods(["GET", "POST"])
@never_cache
@within(Role.MERCHANT, Role.SHOP)
def start(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Begin an order in a shop: a shop's account in its own, a merchant in one they choose."""
    shops = scope.open_shops
    shop = scope.choose_shop(request.GET.get("shop")) or (shops[0] if len(shops) == 1 else None)
    if shop is None or shop.closed_at:
        return page(request, scope, "till/shops.html", section="till", context={"shops": shops})
    if request.method == "POST":
        order = counter.begin(shop, scope.person, order_id=request.POST.get("order", ""))
        return _pressed(request, scope, order)
    return _page(request, scope, OpenOrder(merchant=scope.merchant, shop=shop, id=new_id()))


@require_http_methods(["GET", "POST"])
@never_cache
@within(Role.MERCHANT, Role.SHOP)
def one(request: HttpRequest, scope: Scope, order: str) -> HttpResponse:
    """Put an order together, and save it; one that was sold shows its receipt."""
    row = _open(scope, order)
    if row is None:
        return _sold(request, scope, order)
    if request.method == "POST":
        return _pressed(request, scope, row)
    return _page(request, scope, row)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _pressed(request: HttpRequest, scope: Scope, order: OpenOrder) -> HttpResponse:
    """Do what was pressed, then show the order as it is: going back or reloading does nothing."""
    posted, line = request.POST, None
    here = redirect("console:till-order", order=order.pk)
    match posted.get("act"):
        case "save":
            return _save(request, scope, order)
        case "drop":
            counter.drop(order)
            return redirect(_begin_at(order.shop))
        case "line":
            form = LineForm(posted, merchant=scope.merchant)
            if not form.is_valid():
                return _page(request, scope, order, form=form)
            line = form.line
    try:
        with counter.changing(order, pressed=acts.digest(posted)) as (out, row):
            press = acts.Press(out=out, order=row, person=scope.person, posted=posted, line=line)
            acts.do(press)
    except counter.Again:
        return here
    except counter.Stale:
        return _sold(request, scope, order.pk)
    if press.waits:
        counter.wait_for_others(row)
    for sentence in press.said:
        messages.warning(request, sentence)
    if press.search:
        return redirect(f"{here.url}?{urlencode({'q': press.search})}")
    return here


def _save(request: HttpRequest, scope: Scope, order: OpenOrder) -> HttpResponse:
    turn, to_pay = (acts.number(request.POST.get(name)) for name in ("turn", "to_pay"))
    try:
        with scope.doing(Did.SOLD) as deed:
            done = counter.save(order, person_id=scope.person.pk, turn=turn, to_pay_cents=to_pay)
            deed.done = isinstance(done, Posted)
            if sale := counter.sold_as(scope.merchant, order.pk):
                deed.about = f"sale:{sale.pk}"
    except counter.Stale:
        if counter.sold_as(scope.merchant, order.pk):
            return _sold(request, scope, order.pk)
        messages.warning(
            request, _("La vente a changé entre-temps : regardez-la, puis enregistrez.")
        )
    else:
        if isinstance(done, Posted):
            request.session[FRESH] = order.pk
            return _sold(request, scope, order.pk)
        messages.warning(
            request,
            _("Rien n’est enregistré, rien n’est perdu. %(why)s") % {"why": words.refused(done)},
        )
    return redirect("console:till-order", order=order.pk)


def _sold(request: HttpRequest, scope: Scope, order_id: str) -> HttpResponse:
    """The receipt of an order that was sold; one that nobody knows is no address."""
    sale = counter.sold_as(scope.merchant, order_id)
    if sale is None or (scope.shop and sale.shop_id != scope.shop.pk):
        raise Http404
    return redirect("console:receipt", sale=sale.pk)


def _page(
    request: HttpRequest, scope: Scope, order: OpenOrder, *, form: LineForm | None = None
) -> HttpResponse:
    told = shown(scope.merchant, order)
    q = read_filters(request, scope).q
    begun = bool(order.turn)
    theirs = listings.customers(scope.merchant, scope.shop)
    served = None if isinstance(told, Refusal) else told.served
    goods = Product.objects.filter(merchant=scope.merchant, gone=False)
    context = {
        "order": order,
        "shop": order.shop,
        "here": reverse("console:till-order", args=[order.pk]) if begun else _begin_at(order.shop),
        "begin": _begin_at(order.shop),
        "begun": begun,
        "choice": len(scope.open_shops) > 1,
        "shown": told,
        "closed": words.refused(told) if isinstance(told, Refusal) else "",
        "known": bool(served and theirs.filter(pk=served.customer.pk).exists()),
        "form": form or LineForm(merchant=scope.merchant),
        "keys": list(goods.order_by("rank", "name", "pk")[:KEYS]),
        "q": q,
        "found": entry.search(scope.merchant, q) if q else None,
        "others": [] if begun else _others(order.shop),
    }
    return page(request, scope, "till/order.html", section="till", context=context)


def back_with(
    request: HttpRequest, scope: Scope, order_id: str, customer: Customer
) -> HttpResponse | None:
    """Go on with the order for which somebody was registered; None: there is none."""
    order, refused = _open(scope, order_id), None
    if order is None:
        return None
    with suppress(counter.Stale), counter.changing(order, pressed=new_id()) as (out, row):
        code = entry.code_of(customer)
        refused = counter.serve(out, row, customer, code=code, person_id=scope.person.pk)
    if refused:
        messages.warning(request, words.refused(refused))
    return redirect("console:till-order", order=order.pk)


def _open(scope: Scope, order_id: str) -> OpenOrder | None:
    """An order that is put together at a till of theirs."""
    found = OpenOrder.objects.filter(merchant=scope.merchant, shop__closed_at=None, pk=order_id)
    return (found.filter(shop=scope.shop) if scope.shop else found).select_related("shop").first()


def _others(shop: Shop) -> list[dict[str, object]]:
    """Orders that wait at the shop's till, by whose they are."""
    return [
        {"order": one, "customer": at_till(who) if (who := counter.customer_of(one)) else ""}
        for one in counter.waiting(shop)
    ]


def _begin_at(shop: Shop) -> str:
    return f"{reverse('console:till')}?{urlencode({'shop': shop.pk})}"
