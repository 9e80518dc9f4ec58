# SPDX-License-Identifier: Apache-2.0
"""The front of a merchant's tills: the colour given, and what it is fitted to, side by side (LOOK 3)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.fields import COLOUR
from hub.console.forms.fronts import FrontForm
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.merchants.registry import change_merchant
from loyalty.colour import Rgb, contrast, hexed, of_hex
from loyalty.fitting import (
    INK,
    ON_RAISED,
    WHITE,
    YELLOW,
    fitted,
    front_of,
    is_near_yellow,
    raised,
    words_on,
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The merchant's colour in one of its places, with the words that stand on it."""

    where: str
    ground: str
    words: str
    ratio: float
    """Between the two, 1 to 21."""
    as_given: bool


@dataclass(frozen=True, slots=True)
class Front:
    """A till's waiting screen in small."""

    name: str
    ground: str
    words: str
    sign: str
    on_sign: str


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Choose the colour and the line of words; the tills take them at once.

    Asked with a colour in its address, it shows that one and keeps nothing.
    """
    merchant = scope.merchant
    known = {"colour": merchant.colour, "pitch_fr": merchant.pitch_fr}
    form = FrontForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.FRONT_KEPT):
            change_merchant(merchant.pk, **form.cleaned_data)
        messages.success(request, _("La vitrine est enregistrée ; les caisses la prennent."))
        return redirect("console:till-front")
    asked = request.POST.get("colour") or request.GET.get("colour", "")
    given = of_hex(asked if COLOUR.match(asked) else merchant.colour)
    context = {"form": form, "given": hexed(given), "fits": _fits(given), "fronts": _fronts(given)}
    return page(request, scope, "terminals/front.html", section="terminals", context=context)


def _fits(given: Rgb) -> list[Fitted]:
    front = front_of(given)
    places = (
        (_("Boutons et repères, le jour"), fitted(given), WHITE),
        (_("Écran d’attente, le jour"), front, words_on(front)),
        (_("Tout, la nuit"), raised(given), ON_RAISED),
    )
    return [
        Fitted(where, hexed(ground), hexed(words), contrast(ground, words), ground == given)
        for where, ground, words in places
    ]


def _fronts(given: Rgb) -> list[Front]:
    day, night = front_of(given), raised(given)
    return [
        _front(_("Le jour"), day, words_on(day)),
        _front(_("La nuit"), night, ON_RAISED),
    ]


def _front(name: str, ground: Rgb, words: Rgb) -> Front:
    # a sign as yellow as the front around it would be lost
    signs = (INK, YELLOW) if is_near_yellow(ground) else (YELLOW, INK)
    shown = (ground, words, *signs)
    return Front(name, *map(hexed, shown))
