# SPDX-License-Identifier: Apache-2.0
"""The rules of earning: how points come, wait and go, for every reward alike."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.example import ORDER_CENTS, earning_rows, sentence
from hub.console.forms.earning import RulesForm
from hub.console.pages import page
from hub.console.views.programmes import PUBLISH, SAVE, next_version
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.publish import draft, has_unpublished, rules_of


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Change them, as a draft."""
    form = _form(request, scope)
    act = request.POST.get("act", SAVE)
    if request.method == "POST" and form.is_valid() and act in (SAVE, PUBLISH):
        rules = rules_of(scope.merchant.pk)
        form.fill(rules)
        with scope.doing(Did.RULES_KEPT):
            rules.save()
        messages.success(request, _("Les règles de gain sont enregistrées."))
        unpublished = act == PUBLISH and has_unpublished(scope.merchant.pk)
        return redirect("console:programme-publish" if unpublished else "console:earning")
    context = {"form": form, "next_version": next_version(scope), **_example(scope, form)}
    return page(request, scope, "programmes/earning.html", section="programmes", context=context)


@require_POST
@within(Role.MERCHANT, Role.OPERATOR)
def example(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Work out the example again while the form is being filled in; nothing is kept."""
    form = _form(request, scope)
    form.is_valid()
    return render(request, "console/programmes/earned.html", _example(scope, form))


def _form(request: HttpRequest, scope: Scope) -> RulesForm:
    posted = request.POST if request.method == "POST" else None
    return RulesForm(posted, merchant=scope.merchant, rules=rules_of(scope.merchant.pk))


def _example(scope: Scope, form: RulesForm) -> dict[str, object]:
    rules, cents = rules_of(scope.merchant.pk), None
    if form.is_bound:
        form.fill(rules)
        cents = form.cleaned_data.get("order")
    offer = draft(scope.merchant.pk, version=0, rules=rules)
    cents = cents or ORDER_CENTS
    return {"rows": list(earning_rows(offer, cents)), "sentence": sentence(offer, cents)}
