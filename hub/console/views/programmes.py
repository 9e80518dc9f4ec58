# SPDX-License-Identifier: Apache-2.0
"""The merchant's rewards and earning rule: edited as a draft, published as a version."""

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.example import example_of
from hub.console.forms.programmes import ProgrammeForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.merchants.models import Role
from hub.programmes.models import LoyaltyProgramme, Reward, Rules
from hub.programmes.publish import draft, has_unpublished, publish, published, rules_of

SAVE: Final = "save"
PUBLISH: Final = "publish"
ARCHIVE: Final = "archive"


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the rewards, in the merchant's order; archived ones on demand."""
    archived = request.GET.get("archived") == "1"
    merchant = scope.merchant
    rewards = Reward.objects.filter(merchant=merchant, archived=archived)
    rows = page_of(rewards.prefetch_related("not_in_shops"), request.GET.get("page"))
    newest = published(merchant.pk)
    live = {reward.id: reward for reward in newest.rewards} if newest else {}
    edited = {reward.id: reward for reward in draft(merchant.pk, version=0).rewards}
    context = {
        "rewards": [
            {
                "reward": reward,
                "shops": _shops(scope, reward),
                "live": reward.pk in live,
                "edited": live.get(reward.pk) != edited.get(reward.pk),
            }
            for reward in rows.rows
        ],
        "page": rows,
        "count": spoken(rows, _("récompense"), _("récompenses")),
        "archived": archived,
        "any_archived": Reward.objects.filter(merchant=merchant, archived=True).exists(),
        "rules": rules_of(merchant.pk),
        "unpublished": has_unpublished(merchant.pk),
        "next_version": _next_version(scope),
        "versions": list(LoyaltyProgramme.objects.filter(merchant=merchant)[:5]),
        "nothing": _nothing(archived=archived),
    }
    return page(request, scope, "programmes/list.html", section="programmes", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make a reward."""
    return _edit(request, scope, None)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope, reward: str) -> HttpResponse:
    """Change or archive a reward."""
    row = get_object_or_404(Reward, merchant=scope.merchant, pk=reward)
    if request.POST.get("act") == ARCHIVE:
        row.archived = not row.archived
        row.save(update_fields=["archived"])
        done = (
            _("« %(title)s » est archivée.") if row.archived else _("« %(title)s » est de retour.")
        )
        messages.success(request, done % {"title": row.title} + " " + _needs_publishing())
        return redirect("console:programmes")
    return _edit(request, scope, row)


@require_POST
@within(Role.MERCHANT)
def publish_all(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Publish what was saved, as the next version."""
    if has_unpublished(scope.merchant.pk):
        _say_published(request, publish(scope.merchant.pk).version)
    return redirect("console:programmes")


@require_POST
@within(Role.MERCHANT, Role.OPERATOR)
def example(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Work out the example again while the form is being filled in; nothing is kept."""
    form = ProgrammeForm(
        request.POST, merchant=scope.merchant, reward=None, rules=rules_of(scope.merchant.pk)
    )
    form.is_valid()
    context = {"form": form, "example": example_of(form.cleaned_data)}
    return render(request, "console/programmes/example.html", context)


def _edit(request: HttpRequest, scope: Scope, reward: Reward | None) -> HttpResponse:
    rules = rules_of(scope.merchant.pk)
    posted = request.POST if request.method == "POST" else None
    form = ProgrammeForm(posted, merchant=scope.merchant, reward=reward, rules=rules)
    act = request.POST.get("act", SAVE)
    values = form.initial
    if posted is not None:
        valid = form.is_valid()
        values = form.cleaned_data
        if valid and act in (SAVE, PUBLISH):
            title = _keep(scope, form, reward, rules)
            messages.success(request, _("« %(title)s » est enregistrée.") % {"title": title})
            if act == PUBLISH and has_unpublished(scope.merchant.pk):
                _say_published(request, publish(scope.merchant.pk).version)
            return redirect("console:programmes")
    context = {
        "form": form,
        "reward": reward,
        "heading": reward.title if reward else _("Nouvelle récompense"),
        "example": example_of(values),
        "next_version": _next_version(scope),
    }
    return page(request, scope, "programmes/form.html", section="programmes", context=context)


def _keep(scope: Scope, form: ProgrammeForm, reward: Reward | None, rules: Rules) -> str:
    """Save the draft, whole or not at all."""
    given = form.cleaned_data
    row = reward or Reward(
        merchant=scope.merchant, rank=Reward.objects.filter(merchant=scope.merchant).count()
    )
    row.kind, row.title, row.cost = given["kind"], given["title"], given["cost"]
    row.rate_bp, row.gift_title = given["percentage"] or 0, given["gift_title"]
    rules.earn_points, rules.earn_per_cents = given["earn_points"], given["earn_per"]
    rules.point_value_cents = given["point_value"]
    with transaction.atomic():
        row.save()
        row.not_in_shops.set(scope.merchant.shops.filter(pk__in=form.not_in_shops))
        rules.save()
    return row.title


def _say_published(request: HttpRequest, version: int) -> None:
    words = _("La version %(version)s est publiée : les caisses la reçoivent maintenant.")
    messages.success(request, words % {"version": version})


def _needs_publishing() -> str:
    return _("Les caisses le sauront quand vous publierez.")


def _next_version(scope: Scope) -> int:
    newest = published(scope.merchant.pk)
    return newest.version + 1 if newest else 1


def _shops(scope: Scope, reward: Reward) -> str:
    without = {shop.pk for shop in reward.not_in_shops.all()}
    if not without:
        return _("toutes")
    names = [shop.name for shop in scope.merchant.shops.all() if shop.pk not in without]
    return ", ".join(names) or _("aucune")


def _nothing(*, archived: bool) -> tuple[str, str]:
    if archived:
        return _("Rien n’est archivé"), _("Une récompense archivée garde son histoire ici.")
    return (
        _("Aucune récompense encore"),
        _("Créez la première : une remise, un cadeau ou du cashback."),
    )
