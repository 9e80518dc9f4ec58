# SPDX-License-Identifier: Apache-2.0
"""The help page, with every section's explanation, and who has closed which."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from hub.console import helping
from hub.console.access import Scope, stay_of, within
from hub.console.pages import outer_page, page
from hub.console.views.looks import back
from hub.merchants.models import Role


@require_GET
@login_required
def contents(request: HttpRequest) -> HttpResponseBase:
    """Explain every section that the reader has."""
    person: Any = request.user
    if person.role == Role.OPERATOR and stay_of(request) is None:
        return outer_page(request, "help.html", section="help", context={})
    return _inside(request)


@within(*Role)
def _inside(request: HttpRequest, scope: Scope) -> HttpResponse:
    return page(request, scope, "help.html", section="help", context={})


@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """Remember that a person has closed an explanation."""
    section, person = request.POST.get("section"), _person(request)
    if section not in helping.every():
        return HttpResponseBadRequest()
    if section not in person.explained:
        person.explained = [*person.explained, section]
        person.save(update_fields=["explained"])
    return back(request)


def _person(request: HttpRequest) -> Any:  # noqa: ANN401 (Django's own type knows no help)
    return request.user
