# SPDX-License-Identifier: Apache-2.0
"""What a person settles of the pages themselves: light, dark, or as the system says."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hub.merchants.models import Theme


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme of an account, and go back to where it was chosen."""
    asked, person = request.POST.get("theme"), _person(request)
    if asked not in ("", *Theme.values):
        return HttpResponseBadRequest()
    person.theme = asked
    person.save(update_fields=["theme"])
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """Where `next` says, if that is a page of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(page if ours else "console:home")


def _person(request: HttpRequest) -> Any:  # noqa: ANN401 (Django's own type knows no theme)
    return request.user
