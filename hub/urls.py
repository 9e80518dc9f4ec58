# SPDX-License-Identifier: Apache-2.0
"""Every address of the hub: pages are the console's, programs ask below /api/."""

from django.urls import include, path

from hub.api.enrol import enrol

urlpatterns = [
    path("api/1/enrol", enrol, name="enrol"),
    path("", include("hub.console.urls")),
]
