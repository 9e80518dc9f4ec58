# SPDX-License-Identifier: Apache-2.0
"""The loyalty product: what the line of an order is called that points pay (SPEC C10, C11)."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.filters import number_of, read_filters
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.models import LoyaltyProduct, Product, Reward
from hub.programmes.publish import rules_of
from loyalty.rewards.points import POINTS

CHOOSE: Final = "choose"


class LoyaltyProductForm(forms.Form):
    """Its name; all else of it is settled."""

    name = forms.CharField(
        label=gettext_lazy("Nom lu par le client"),
        max_length=60,
        error_messages={"required": gettext_lazy("Le client lit ce nom : donnez-en un.")},
    )


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def pick(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Search the technical category, choose one of it, or make one."""
    merchant = scope.merchant
    products = LoyaltyProduct.objects.filter(merchant=merchant)
    form = LoyaltyProductForm(request.POST if "name" in request.POST else None)
    chosen = Reward.objects.filter(merchant=merchant, kind=POINTS.kind, archived=False).first()
    if request.method == "POST" and request.POST.get("act") == CHOOSE:
        number = number_of(request.POST.get("product"))
        return _choose(request, scope, get_object_or_404(products, pk=number), chosen)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        made = products.filter(name=name).first() or LoyaltyProduct(merchant=merchant, name=name)
        return _choose(request, scope, made, chosen)
    q = read_filters(request, scope).q
    found = products.filter(name__icontains=q)
    context = {
        "q": q,
        "products": found,
        "chosen": chosen.title if chosen else "",
        "reward": chosen,
        "value": -rules_of(merchant.pk).point_value_cents,
        "form": form,
        "nothing": _nothing(scope, q),
    }
    return page(request, scope, "programmes/product.html", section="programmes", context=context)


def _choose(
    request: HttpRequest, scope: Scope, product: LoyaltyProduct, reward: Reward | None
) -> HttpResponse:
    """Let points be paid under that name from the next version on."""
    merchant = scope.merchant
    if reward is None:
        rank = Reward.objects.filter(merchant=merchant).count()
        reward = Reward(merchant=merchant, kind=POINTS.kind, rank=rank)
    reward.title = product.name
    with scope.doing(Did.LOYALTY_PRODUCT_CHOSEN, about=reward):
        product.save()
        reward.save()
    said = _("Les points se paient sous le nom « %(name)s » dès que vous publiez.")
    messages.success(request, said % {"name": product.name})
    return redirect("console:programme", reward=reward.pk)


def _nothing(scope: Scope, q: str) -> tuple[str, str]:
    """Why nothing was found."""
    article = Product.objects.filter(merchant=scope.merchant, gone=False, name__icontains=q).first()
    if q and article:
        said = _(
            "« %(name)s » est un article du catalogue. Ici ne se trouvent que les produits de la"
            " catégorie technique « Fidélité »."
        )
        return _("Aucun produit de fidélité trouvé"), said % {"name": article.name}
    if q:
        said = _("La catégorie technique « Fidélité » n’a pas de produit de ce nom : créez-le.")
        return _("Aucun produit de fidélité trouvé"), said
    return (
        _("Aucun produit de fidélité encore"),
        _("Créez-le : son nom est ce que le client lit quand il paie avec ses points."),
    )
