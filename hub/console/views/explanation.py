# SPDX-License-Identifier: Apache-2.0
"""The page that explains a programme to anybody: the merchant's words, then what tills apply."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import rulebook
from hub.console.access import Scope, within
from hub.console.pages import page
from hub.console.prose import LONGEST, blocks, clean
from hub.console.themes import either
from hub.console.views.programmes import picture
from hub.merchants.deeds import Did
from hub.merchants.doors import is_shut
from hub.merchants.models import Merchant, Role
from hub.programmes.models import Explanation, Reward
from hub.programmes.publish import published
from loyalty.colour import of_hex
from loyalty.fitting import ON_RAISED, WHITE, emblem, fitted, front_of, raised, words_on
from loyalty.programme import LoyaltyProgramme
from loyalty.rewards import TYPES

PREVIEW: Final = "preview"


class ExplanationForm(forms.Form):
    """The words, with light marks."""

    text = forms.CharField(
        label=gettext_lazy("Vos mots"),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy(
            "Une ligne vide sépare deux paragraphes. « # » au début d’une ligne en fait un titre,"
            " « - » un point d’une liste."
        ),
    )


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Write the page, with a look at it before it is everybody's."""
    row = Explanation.objects.filter(merchant=scope.merchant).first()
    form = ExplanationForm(request.POST or None, initial={"text": row.text if row else ""})
    text = row.text if row else ""
    if request.method == "POST" and form.is_valid():
        text = clean(form.cleaned_data["text"])
        if request.POST.get("act") != PREVIEW:
            with scope.doing(Did.PAGE_WRITTEN):
                Explanation.objects.update_or_create(
                    merchant=scope.merchant, defaults={"text": text, "changed_at": timezone.now()}
                )
            messages.success(request, _("La page est enregistrée : tout le monde peut la lire."))
            return redirect("console:explanation")
    where = reverse("console:public-programme", args=[scope.merchant.pk])
    context = {
        "form": form,
        "row": row,
        "blocks": blocks(text),
        "url": request.build_absolute_uri(where),
    }
    return page(request, scope, "explanation/form.html", section="programmes", context=context)


@require_GET
def public(request: HttpRequest, merchant: str) -> HttpResponse:
    """Show it to whoever asks, without an account."""
    business = get_object_or_404(Merchant, pk=merchant, closed_at=None)
    if is_shut(request, business):
        raise Http404
    row = Explanation.objects.filter(merchant=business).first()
    programme = published(business.pk)
    if programme is None and not (row and row.text):
        raise Http404
    context = {
        "merchant": business,
        "blocks": blocks(row.text) if row else (),
        "programme": programme,
        "rewards": _rewards(business, programme) if programme else [],
        "changed_at": row.changed_at if row and row.text else None,
    }
    return render(request, "console/explanation/public.html", context)


@require_GET
@cache_control(public=True, max_age=300)
def photo(request: HttpRequest, merchant: str, reward: str) -> HttpResponse:
    """The photo of a reward that is offered now."""
    programme = published(merchant)
    if programme is None or programme.reward(reward) is None:
        raise Http404
    return picture(get_object_or_404(Reward, merchant=merchant, pk=reward))


def _rewards(merchant: Merchant, programme: LoyaltyProgramme) -> list[dict[str, object]]:
    """What is offered, what it costs in words, and whether there is a photo."""
    shown = set(
        Reward.objects.filter(merchant=merchant).exclude(photo_type="").values_list("pk", flat=True)
    )
    return [
        {
            "id": reward.id,
            "title": reward.title,
            "cost": rulebook.cost(reward),
            "photo": reward.id in shown,
        }
        for reward in programme.rewards
        if reward.kind in TYPES
    ]


@require_GET
@cache_control(public=True, max_age=300)
def colours(request: HttpRequest, merchant: str) -> HttpResponse:
    """The merchant's colour as a style sheet, fitted for the day and for the night."""
    given = of_hex(get_object_or_404(Merchant, pk=merchant, closed_at=None).colour)
    front, act, night = front_of(given), fitted(given), raised(given)
    words = words_on(front)
    pairs = {
        "front": (front, night),
        "on-front": (words, ON_RAISED),
        "front-ear": (emblem(front, words), emblem(night, ON_RAISED)),
        "shop": (act, night),
        "on-shop": (WHITE, ON_RAISED),
    }
    tokens = (f"--{name}:{either(*pair)}" for name, pair in pairs.items())
    sheet = f":root{{{';'.join(tokens)}}}\n"
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")
