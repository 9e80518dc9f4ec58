# SPDX-License-Identifier: Apache-2.0
"""Every address of the hub: pages are the console's, programs ask below /api/."""

from django.urls import include, path

from hub.api.enrol import enrol
from hub.api.interface import api

urlpatterns = [
    path("api/1/enrol", enrol, name="enrol"),
    path("api/1/", api.urls),
    path("", include("hub.console.urls")),
]
