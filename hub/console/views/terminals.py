# SPDX-License-Identifier: Apache-2.0
"""How each terminal is, of a merchant or of all; a code with which a board becomes one."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import alltills
from hub.console.access import Scope, operators_only, within
from hub.console.forms.terminals import EnrolForm
from hub.console.lists import page_of, spoken
from hub.console.pages import outer_page, page
from hub.console.tills import tills_of, told
from hub.merchants import claims
from hub.merchants.deeds import Did
from hub.merchants.models import Role

VIRTUAL: Final = "./run virtual --sync"
VIRTUAL_PAGE: Final = "http://127.0.0.1:8780/"
"""Where a virtual terminal is when its command names no port."""


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the terminals by shop."""
    rows = page_of(told(tills_of(scope.merchant)), request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("terminal"), _("terminaux")),
        "latest": scope.merchant.feed_position,
        "nothing": (
            _("Aucun terminal"),
            _("« Enrôler » donne un code : l’appareil qui le reçoit devient une de vos caisses."),
        ),
    }
    return page(request, scope, "terminals/list.html", section="terminals", context=context)


@require_GET
@operators_only
def everywhere(request: HttpRequest) -> HttpResponse:
    """List the terminals of all merchants, those that need somebody first."""
    asked = alltills.asked_of(request)
    rows = page_of(alltills.found(asked), request.GET.get("page"))
    context = {
        "page": rows,
        "tills": alltills.lines(rows.rows),
        "claims": alltills.claims_open(asked),
        "count": spoken(rows, _("terminal"), _("terminaux")),
        "asked": asked,
        "states": alltills.state_choices(alltills.counts(asked)),
        "merchants": alltills.merchant_choices(),
        "shops": alltills.shop_choices(asked),
        "nothing": _nothing(narrowed=asked.any),
    }
    return outer_page(
        request, "terminals/everywhere.html", section="terminals-all", context=context
    )


@never_cache
@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR, operators_write=True)
def enrol(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give a claim code, which is shown this once."""
    known = request.GET.get("terminal", "")
    form = EnrolForm(request.POST or None, merchant=scope.merchant, terminal=known)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        terminal = form.cleaned_data["terminal"]
        with scope.doing(Did.CLAIM_MADE, about=f"terminal:{terminal}"):
            code = claims.make(form.chosen_shop, terminal, by=scope.person)
        context = {
            "code": code,
            "terminal": terminal,
            "minutes": int(claims.LASTS.total_seconds() / 60),
            # the terminal takes a bare name for https
            "hub": request.build_absolute_uri("/").removeprefix("https://").rstrip("/"),
            "command": VIRTUAL,
            "there": VIRTUAL_PAGE,
        }
    return page(request, scope, "terminals/enrol.html", section="terminals", context=context)


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun terminal trouvé"),
            _("Élargissez la recherche ou les filtres pour les voir tous."),
        )
    return (
        _("Aucun terminal"),
        _("Entrez chez un commerce pour donner le code qui fait d’un appareil une de ses caisses."),
    )
