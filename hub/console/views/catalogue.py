# SPDX-License-Identifier: Apache-2.0
"""The catalogue: categories alone or with products, as tills show and scan them (SPEC D1, D2)."""

import re
from typing import Final

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.filters import read_filters
from hub.console.forms.articles import FIELDS, BoughtField
from hub.console.forms.catalogue import CategoryForm, ProductForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Merchant, Role
from hub.programmes.models import Category, Product, ProductKind
from hub.programmes.names import searched
from hub.programmes.publish import keep_category, keep_product, rules_of

_FIELD: Final = re.compile(r"^[a-z0-9_-]{1,40}\Z")
"""What a field of a form may be called."""


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List products, of all categories or of one; another category is added beside them."""
    form = CategoryForm(request.POST or None, merchant=scope.merchant)
    if request.method == "POST" and form.is_valid():
        last = scope.merchant.categories.count()
        with scope.doing(Did.CATEGORY_KEPT) as deed:
            made = keep_category(scope.merchant.pk, name=form.cleaned_data["name"], rank=last)
            deed.about = made
        messages.success(request, _("Le rayon « %(name)s » est ajouté.") % {"name": made.name})
        return redirect("console:catalogue")
    filters = read_filters(request, scope)
    shelves = _categories(scope.merchant).annotate(
        count=Count("products", filter=Q(products__gone=False))
    )
    chosen = shelves.filter(pk=request.GET.get("category", "")).first()
    found = _products(scope.merchant).select_related("category")
    found = found.filter(category=chosen) if chosen else found
    rows = page_of(
        found.filter(searched(filters.q)).order_by(
            "category__rank", "category__name", "rank", "name", "pk"
        ),
        request.GET.get("page"),
    )
    context = {
        "form": form,
        "page": rows,
        "count": spoken(rows, _("article"), _("articles")),
        "shelves": shelves,
        "chosen": chosen,
        "filters": filters,
        "without_points": set(rules_of(scope.merchant.pk).not_earning),
        "nothing": _nothing(narrowed=bool(filters.q or chosen)),
    }
    return page(request, scope, "catalogue/list.html", section="catalogue", context=context)


@require_POST
@within(Role.MERCHANT, Role.OPERATOR)
def find(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Find articles for a field of some form while somebody types what they are called.

    All that is ticked comes along, which may be more than an address has room for.
    """
    kind = FIELDS.get(request.POST.get("of", ""), BoughtField)
    asked = request.POST.get("field", "")
    name = asked if _FIELD.match(asked) else "article"
    form = forms.Form(initial={name: request.POST.getlist(name)})  # nothing is wrong with it yet
    form.fields[name] = field = kind(required=False)
    field.offer(scope.merchant, name, request.POST)
    return render(request, "console/found.html", {"field": form[name]})


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Put a product into the catalogue."""
    return _edit(request, scope, None)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope, product: str) -> HttpResponse:
    """Change one; sales that named it keep what their receipts say."""
    return _edit(request, scope, get_object_or_404(_products(scope.merchant), pk=product))


@require_POST
@within(Role.MERCHANT)
def stop(request: HttpRequest, scope: Scope, product: str) -> HttpResponse:
    """Sell a product no more."""
    row = get_object_or_404(_products(scope.merchant), pk=product)
    with scope.doing(Did.PRODUCT_DROPPED, about=row):
        keep_product(scope.merchant.pk, id=row.pk, gone=True)
    messages.success(request, _("« %(name)s » n’est plus en vente.") % {"name": row.name})
    return redirect("console:catalogue")


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def category(request: HttpRequest, scope: Scope, category: str) -> HttpResponse:
    """Name a category anew."""
    row = get_object_or_404(_categories(scope.merchant), pk=category)
    form = CategoryForm(request.POST or None, merchant=scope.merchant, category=row)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.CATEGORY_KEPT, about=row):
            keep_category(scope.merchant.pk, id=row.pk, name=form.cleaned_data["name"])
        messages.success(request, _("Le rayon est enregistré."))
        return redirect("console:catalogue")
    context = {"form": form, "category": row, "full": _full(row)}
    return page(request, scope, "catalogue/category.html", section="catalogue", context=context)


@require_POST
@within(Role.MERCHANT)
def drop(request: HttpRequest, scope: Scope, category: str) -> HttpResponse:
    """Take an empty category out; one with products stays."""
    row = get_object_or_404(_categories(scope.merchant), pk=category)
    if _full(row):
        messages.error(request, _("Déplacez ou retirez d’abord ses articles."))
        return redirect("console:category", row.pk)
    with scope.doing(Did.CATEGORY_DROPPED, about=row):
        keep_category(scope.merchant.pk, id=row.pk, gone=True)
    messages.success(request, _("Le rayon « %(name)s » est retiré.") % {"name": row.name})
    return redirect("console:catalogue")


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _edit(request: HttpRequest, scope: Scope, product: Product | None) -> HttpResponse:
    rules = rules_of(scope.merchant.pk)
    asked = request.GET.get("category", "")
    form = ProductForm(
        request.POST or None, merchant=scope.merchant, rules=rules, product=product, category=asked
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        earns, known = given.pop("earns"), {"id": product.pk} if product else {}
        with scope.doing(Did.PRODUCT_KEPT) as deed:
            deed.about = kept = keep_product(scope.merchant.pk, **given, **known)
            turned = earns == (kept.pk in rules.not_earning)
            if turned:
                others = [one for one in rules.not_earning if one != kept.pk]
                rules.not_earning = others if earns else [*others, kept.pk]
                rules.save(update_fields=["not_earning"])
        messages.success(request, _("« %(name)s » est enregistré.") % {"name": kept.name})
        if turned:
            messages.info(request, _("Ce qu’il donne de points vaudra une fois publié."))
        return redirect("console:catalogue")
    context = {
        "form": form,
        "product": product,
        "no_shelf": not _categories(scope.merchant).exists(),
    }
    return page(request, scope, "catalogue/form.html", section="catalogue", context=context)


def _categories(merchant: Merchant) -> QuerySet[Category]:
    return merchant.categories.filter(gone=False)


def _products(merchant: Merchant) -> QuerySet[Product]:
    """Services and classes have their own pages."""
    return merchant.products.filter(gone=False, kind=ProductKind.ARTICLE)


def _full(row: Category) -> bool:
    return row.products.filter(gone=False).exists()


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun article ici"),
            _("Essayez une partie du nom ou du code-barres, ou un autre rayon."),
        )
    return (
        _("Aucun article encore"),
        _("Un rayon suffit pour vendre : la caisse demande alors le montant."),
    )
