# SPDX-License-Identifier: Apache-2.0
"""Which other programs may speak for the merchant: make a token, see its use, revoke it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.tokens import TokenForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.merchants import tokens
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.merchants.tokens import Token


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the tokens, those in use first."""
    found = Token.objects.filter(merchant=scope.merchant).order_by("revoked_at", "name", "pk")
    in_use = found.filter(revoked_at=None)
    rows = page_of([*in_use, *found.exclude(revoked_at=None)], request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("logiciel"), _("logiciels")),
        "nothing": (
            _("Aucun autre logiciel"),
            _("Une caisse, un site ou un agenda peut se servir de Comptoir : donnez-lui un jeton."),
        ),
    }
    return page(request, scope, "tokens/list.html", section="terminals", context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def make(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make a token, whose secret is shown this once."""
    form = TokenForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with scope.doing(Did.TOKEN_MADE) as deed:
            token, secret = tokens.make(
                scope.merchant.pk, given["name"], given["may"], by_id=scope.person.pk
            )
            deed.about = token
        docs = request.build_absolute_uri(reverse("api:openapi-view"))
        context = {"token": token, "secret": secret, "docs": docs}
    return page(request, scope, "tokens/make.html", section="terminals", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, token: str) -> HttpResponse:
    """Show one token, and revoke it."""
    row = get_object_or_404(Token, merchant=scope.merchant, pk=token)
    if request.method == "POST":
        with scope.doing(Did.TOKEN_REVOKED, about=row):
            tokens.revoke(row, by_id=scope.person.pk)
        messages.success(request, _("Le jeton de %(name)s ne vaut plus rien.") % {"name": row.name})
        return redirect("console:tokens")
    context = {"token": row}
    return page(request, scope, "tokens/one.html", section="terminals", context=context)
