# SPDX-License-Identifier: Apache-2.0
"""Every address of the hub: its pages are the console's."""

from django.urls import include, path

urlpatterns = [path("", include("hub.console.urls"))]
