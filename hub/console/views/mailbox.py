# SPDX-License-Identifier: Apache-2.0
"""The mailbox of the demo: what would have been sent, to be read by whoever tries it out."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from hub.console.mailbox import newest
from hub.merchants import factor


@never_cache
@require_GET
def box(request: HttpRequest) -> HttpResponse:
    """Show mails and what phones show; only where the demo says so, for they open accounts."""
    if not settings.HUB_MAILBOX:
        raise Http404
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
    context = {"letters": newest(folder), "codes": factor.demo_codes()}
    return render(request, "console/mailbox.html", context)
