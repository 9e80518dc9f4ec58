# SPDX-License-Identifier: Apache-2.0
"""Every address of the hub: pages are the console's, programs ask below /api/."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views import defaults

from hub.api import problems
from hub.api.enrol import enrol
from hub.api.interface import api

_PROGRAMS: Final = "/api/"

urlpatterns = [
    path("api/1/enrol", enrol, name="enrol"),
    path("api/1/", api.urls),
    path("", include("hub.console.urls")),
]


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request can't be read, to whoever sent it: a person, or a program."""
    if request.path_info.startswith(_PROGRAMS):
        return problems.unreadable().answer()
    return defaults.bad_request(request, exception)
