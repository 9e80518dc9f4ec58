# SPDX-License-Identifier: Apache-2.0
"""The merchant's rewards: listed, edited as drafts that no till knows, archived."""

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console import rulebook
from hub.console.access import Scope, within
from hub.console.example import ORDER_CENTS, Example, example_of
from hub.console.forms.rewards import RewardForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger import stock
from hub.merchants import feed
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes import photos
from hub.programmes.models import LoyaltyProduct, LoyaltyProgramme, Reward
from hub.programmes.publish import digest, draft, frozen, has_unpublished, published, rules_of
from loyalty.rewards.points import POINTS

SAVE: Final = "save"
PUBLISH: Final = "publish"
ARCHIVE: Final = "archive"


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the rewards, in the merchant's order; archived ones on demand."""
    archived = request.GET.get("archived") == "1"
    merchant = scope.merchant
    rewards = Reward.objects.filter(merchant=merchant, archived=archived).defer("photo", "tile")
    rows = page_of(rewards.prefetch_related("not_in_shops"), request.GET.get("page"))
    newest = published(merchant.pk)
    live = {reward.id: reward for reward in newest.rewards} if newest else {}
    offer = draft(merchant.pk, version=0)
    edited = {reward.id: reward for reward in offer.rewards}
    context = {
        "rewards": [
            {
                "reward": reward,
                "cost": rulebook.cost(frozen(reward)),
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
        "rules": rulebook.chapters(offer, rulebook.names_of(merchant, offer))[0],
        "unpublished": has_unpublished(merchant.pk),
        "next_version": next_version(scope),
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
        with feed.writing(row.merchant_id) as out:
            row.archived = not row.archived
            row.save(update_fields=["archived"])
            if row.tile:
                out.say(photos.item(row))
        done = (
            _("« %(title)s » est archivée.") if row.archived else _("« %(title)s » est de retour.")
        )
        messages.success(request, done % {"title": row.title} + " " + _needs_publishing())
        return redirect("console:programmes")
    return _edit(request, scope, row)


@require_GET
@cache_control(private=True, max_age=300)
@within(Role.MERCHANT, Role.OPERATOR)
def photo(request: HttpRequest, scope: Scope, reward: str) -> HttpResponse:
    """A reward's photo, published or not."""
    return picture(get_object_or_404(Reward, merchant=scope.merchant, pk=reward))


def picture(row: Reward) -> HttpResponse:
    """Answer with a reward's photo."""
    if not row.photo:
        raise Http404
    answer = HttpResponse(bytes(row.photo), content_type=row.photo_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@within(Role.MERCHANT, Role.OPERATOR)
def example(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Work out the example again while the form is being filled in; nothing is kept."""
    form = _form(scope, request, None)
    form.is_valid()
    context = {"form": form, "example": _example(scope, form, None)}
    return render(request, "console/programmes/example.html", context)


def next_version(scope: Scope) -> int:
    """The number that the draft will have."""
    newest = published(scope.merchant.pk)
    return newest.version + 1 if newest else 1


def _form(scope: Scope, request: HttpRequest, reward: Reward | None) -> RewardForm:
    merchant = scope.merchant
    return RewardForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        merchant=merchant,
        reward=reward,
        rules=rules_of(merchant.pk),
        tiers=draft(merchant.pk, version=0).tiers,
        stock=stock.left_of(merchant, reward.pk) if reward else 0,
    )


def _edit(request: HttpRequest, scope: Scope, reward: Reward | None) -> HttpResponse:
    form = _form(scope, request, reward)
    act = request.POST.get("act", SAVE)
    seen = _state(scope, reward)
    if request.method == "POST" and form.is_valid() and act in (SAVE, PUBLISH):
        if request.POST.get("seen", seen) != seen:
            form.add_error(None, _("Quelqu’un l’a changée depuis que vous l’avez ouverte."))
        elif title := _keep(scope, form, reward):
            messages.success(request, _("« %(title)s » est enregistrée.") % {"title": title})
            unpublished = act == PUBLISH and has_unpublished(scope.merchant.pk)
            return redirect("console:programme-publish" if unpublished else "console:programmes")
    context = {
        "form": form,
        "reward": reward,
        "heading": reward.title if reward else _("Nouvelle récompense"),
        "example": _example(scope, form, reward),
        "next_version": next_version(scope),
        "seen": seen,
    }
    return page(request, scope, "programmes/form.html", section="programmes", context=context)


def _state(scope: Scope, reward: Reward | None) -> str:
    """Tells what the form edits from what it was when it was opened."""
    offer = draft(scope.merchant.pk, version=0)
    rewards = (offer.reward(reward.pk),) if reward else ()
    return digest(replace(offer, rewards=tuple(one for one in rewards if one)))


def _keep(scope: Scope, form: RewardForm, reward: Reward | None) -> str:
    """Save the draft, whole or not at all; empty: the form says what is wrong."""
    merchant = scope.merchant
    row = form.fill(
        reward or Reward(merchant=merchant, rank=Reward.objects.filter(merchant=merchant).count())
    )
    form.fill_earning(form.rules)
    left = form.cleaned_data["stock"]
    try:
        with scope.doing(Did.REWARD_KEPT, about=row), feed.writing(merchant.pk) as out:
            row.save()
            if row.kind == POINTS.kind:  # what the customer reads is a product of that name
                LoyaltyProduct.objects.get_or_create(merchant=merchant, name=row.title)
            if "photo" in form.changed_data or "no_photo" in form.changed_data:
                photos.make(out, row)
            row.not_in_shops.set(merchant.shops.filter(pk__in=form.not_in_shops))
            form.rules.save()
            if left is not None and "stock" in form.changed_data:
                # last: where it can't be, nothing of the form is kept
                stock.count(out, row.pk, left, person_id=scope.person.pk)
    except stock.HeldByTills as error:
        said = _("Les caisses en gardent %(n)s à donner : %(n)s au moins.")
        form.add_error("stock", said % {"n": error.held})
        return ""
    return row.title


def _example(scope: Scope, form: RewardForm, reward: Reward | None) -> Example:
    """Work it out with what the form holds; what is missing or wrong takes a plain value."""
    rules = rules_of(scope.merchant.pk)
    if form.is_bound:
        form.fill_earning(rules)
        row, cents = form.fill(Reward(id="example")), form.cleaned_data.get("order")
    else:
        row, cents = reward or Reward(id="example", kind=form.initial["kind"]), None
        row.title = row.title or _("Votre récompense")
    offer = draft(scope.merchant.pk, version=0, rules=rules)
    return example_of(offer, frozen(row), cents or ORDER_CENTS)


def _needs_publishing() -> str:
    return _("Les caisses le sauront quand vous publierez.")


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
        _(
            "Créez la première : une remise, un cadeau, une carte à tampons, des points ou du cashback."
        ),
    )
