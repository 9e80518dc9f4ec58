# SPDX-License-Identifier: Apache-2.0
"""Two customers become one person, or stay two: preview both, decide with a reason, undo it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.filters import number_of, read_filters
from hub.console.forms.reasons import ReasonForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger import history, listings, lookalikes, merging
from hub.ledger.history import Balances
from hub.ledger.merges import Merge
from hub.ledger.merging import Why
from hub.ledger.models import Card, Customer
from hub.merchants.deeds import Did
from hub.merchants.models import Role

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def merge(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Search the other one, show both beside each other, make them one."""
    people = listings.customers(scope.merchant)
    one = get_object_or_404(people, pk=customer)
    asked = request.POST.get("other") or request.GET.get("other") or ""
    other = _customer(scope, asked) if asked else None
    form = ReasonForm(request.POST or None)
    refused = _words(merging.refusal(one, other)) if other else ""
    if request.method == "POST" and other and not refused and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            with scope.doing(Did.MERGED, about=one):
                merging.merge(one, other, reason=reason, person_id=scope.person.pk)
        except merging.CannotMerge as cannot:  # somebody was faster
            messages.info(request, _words(cannot.why))
        else:
            names = {"one": str(one), "other": str(other)}
            messages.success(request, _("%(one)s et %(other)s ne font plus qu’un client.") % names)
        return redirect("console:customer", customer=one.pk)
    q = read_filters(request, scope).q
    others = people.exclude(pk=one.pk)
    named = listings.customers_named(others, scope.merchant, q) if q else people.none()
    sides = _sides(one, other) if other and not refused else []
    context = {
        "customer": one,
        "other": other,
        "refused": refused,
        "sides": sides,
        "together": sum((side.balances for side in sides), Balances()),
        "form": form,
        "q": q,
        "found": named.order_by("search", "pk")[:MOST_FOUND],
        "nothing": (_("Personne d’autre à ce nom"), _("Essayez un numéro de carte ou un e-mail.")),
    }
    return page(request, scope, "customers/merge.html", section="customers", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def part(request: HttpRequest, scope: Scope, merge: int) -> HttpResponse:
    """Say what parting two merged customers does, and do it."""
    merges = Merge.objects.filter(member__merchant=scope.merchant).select_related("into", "member")
    done = get_object_or_404(merges, pk=merge)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        person = scope.person.pk
        with scope.doing(Did.PARTED, about=done.into) as deed:
            merchant = scope.merchant.pk
            deed.done = merging.undo(done.pk, merchant, reason=reason, person_id=person)
        if deed.done:
            names = {"one": str(done.into), "other": str(done.member)}
            messages.success(request, _("%(one)s et %(other)s sont de nouveau deux.") % names)
        else:
            messages.info(request, _("Quelqu’un les avait déjà séparés."))
        return redirect("console:customer", customer=done.into.pk)
    context = {
        "merge": done,
        "sides": [
            _Side(who, history.own_balances(who), list(who.cards.order_by("pk")))
            for who in (done.into, done.member)
        ],
        "form": form,
    }
    return page(request, scope, "customers/part.html", section="customers", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def alike(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List customers who gave the same phone or e-mail; note who are two people."""
    if request.method == "POST":
        pair = [_customer(scope, request.POST.get(name, "")) for name in ("one", "other")]
        with scope.doing(Did.TOLD_APART, about=pair[0]):
            lookalikes.tell_apart(*pair, person_id=scope.person.pk)
        names = {"one": str(pair[0]), "other": str(pair[1])}
        messages.success(request, _("%(one)s et %(other)s restent deux clients.") % names)
        return redirect("console:lookalikes")
    rows = page_of(lookalikes.pairs(scope.merchant), request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("doublon possible"), _("doublons possibles")),
        "nothing": (
            _("Aucun doublon"),
            _("Personne n’a donné le téléphone ou l’e-mail de quelqu’un d’autre."),
        ),
    }
    return page(request, scope, "customers/alike.html", section="customers", context=context)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _customer(scope: Scope, asked: str) -> Customer:
    """Find the customer that a form or an address names."""
    return get_object_or_404(Customer, merchant=scope.merchant, pk=number_of(asked))


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two, as the page shows them beside each other."""

    customer: Customer
    balances: Balances
    cards: list[Card]


def _sides(one: Customer, other: Customer) -> list[_Side]:
    return [_Side(who, history.balances(who), history.cards(who)) for who in (one, other)]


def _words(why: Why | None) -> str:
    """Why two customers can't become one, for people."""
    match why:
        case Why.SAME:
            return _("C’est déjà le même client.")
        case Why.UNNAMED:
            return _("L’un des deux n’a pas encore de nom : attendez que son inscription arrive.")
        case Why.ELSEWHERE:
            return _("Ce client est celui d’un autre commerce.")
        case None:
            return ""
