# SPDX-License-Identifier: Apache-2.0
"""A shop's own log-in, seen and turned by its merchant; and the end of a shop (SPEC B1, B3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.console.access import Scope, within
from hub.console.views.accounts import link_page
from hub.merchants import accounts, links
from hub.merchants.deeds import Did
from hub.merchants.models import Role, Shop
from hub.merchants.registry import change_shop

AGAIN, IN, OUT = "again", "in", "out"


def invite(request: HttpRequest, shop: Shop) -> None:
    """Make the shop's log-in under its own address; `links.send_soon` mails the link to it.

    Raises:
        Taken: that address has an account already.
    """
    accounts.open_shop_account(
        shop, shop.email, page=link_page(request), language=request.LANGUAGE_CODE
    )


@require_POST
@within(Role.MERCHANT)
def turn(request: HttpRequest, scope: Scope, shop: str) -> HttpResponse:
    """Open the shop's log-in, send its link again, or let it in and out."""
    row = get_object_or_404(Shop, merchant=scope.merchant, pk=shop)
    person = next(iter(accounts.shop_accounts(row)), None)
    if person is None:
        try:
            with scope.doing(Did.LOG_IN_OFFERED, about=row):
                invite(request, row)
        except accounts.Taken:
            said = _("%(email)s a déjà un compte : donnez une autre adresse à la boutique.")
            messages.warning(request, said % {"email": row.email})
        else:
            links.send_soon()
            said = _("Un lien est parti à %(email)s : il ouvre le compte de la boutique.")
            messages.success(request, said % {"email": row.email})
    elif (act := request.POST.get("act")) == AGAIN:
        with scope.doing(Did.LOG_IN_OFFERED, about=row):
            links.invite(person, page=link_page(request), language=request.LANGUAGE_CODE)
        links.send_soon()
        messages.success(request, _("Le lien est renvoyé à %(email)s.") % {"email": person.email})
    elif act in (IN, OUT):
        with scope.doing(Did.LOG_IN_OPENED if act == IN else Did.LOG_IN_SHUT, about=row):
            accounts.let_in(person, allowed=act == IN)
        said = _("Le compte est rouvert.") if person.is_active else _("Le compte est fermé.")
        messages.success(request, said)
    return redirect("console:shop", shop=row.pk)


@require_POST
@within(Role.MERCHANT)
def close(request: HttpRequest, scope: Scope, shop: str) -> HttpResponse:
    """Close a shop whose terminals are out of service, or open it again."""
    row = get_object_or_404(Shop, merchant=scope.merchant, pk=shop)
    if row.closed_at is None and row.terminals.filter(retired_at=None).exists():
        messages.warning(request, _("Retirez d’abord ses terminaux : ils vendent encore."))
        return redirect("console:shop", shop=row.pk)
    with scope.doing(Did.SHOP_REOPENED if row.closed_at else Did.SHOP_CLOSED, about=row):
        change_shop(row, closed_at=None if row.closed_at else timezone.now())
        for person in accounts.shop_accounts(row):
            accounts.let_in(person, allowed=row.closed_at is None)
    said = (
        _("La boutique %(shop)s est fermée ; ce qu’elle a vendu reste.")
        if row.closed_at
        else _("La boutique %(shop)s est rouverte.")
    )
    messages.success(request, said % {"shop": row.name})
    return redirect("console:shops")
