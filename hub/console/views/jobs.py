# SPDX-License-Identifier: Apache-2.0
"""What falls due by itself, at all merchants: whether it is done, and doing it again now."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console import jobs
from hub.console.access import operators_only
from hub.console.pages import outer_page
from hub.ledger import running
from hub.merchants.deeds import Did
from hub.merchants.doing import doing


@require_http_methods(["GET", "POST"])
@operators_only
def listing(request: HttpRequest) -> HttpResponse:
    """List the jobs, those that broke first; ask for one to run again."""
    if request.method == "POST":
        return _ask(request)
    last = jobs.last_round()
    context = {
        "lines": jobs.lines(),
        "last": last,
        "nobody": jobs.nobody_does_them(last),
    }
    return outer_page(request, "jobs/list.html", section="jobs", context=context)


def _ask(request: HttpRequest) -> HttpResponse:
    job, person = request.POST.get("job", ""), request.user
    if job not in dict(running.JOBS):
        raise Http404
    by: Any = person
    with doing(Did.JOB_ASKED, by=by, about=f"job:{job}"):
        running.ask(job)
    said = _("« %(job)s » est redemandé : il passe dans les secondes qui viennent.")
    messages.success(request, said % {"job": jobs.title_of(job)})
    return redirect("console:jobs")
