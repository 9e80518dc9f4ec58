# SPDX-License-Identifier: Apache-2.0
"""A board asks to become a terminal: it shows by a sealed message that it knows a claim code."""

import logging
from http import HTTPStatus
from typing import Final

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.merchants import claims
from hub.merchants.claims import Reason, Refused
from loyalty import claim

log = logging.getLogger(__name__)

TRIES: Final = {"username": "enrol"}
"""Wrong codes count, for each address they come from, as wrong passwords of one account do."""


@csrf_exempt  # no cookie is read here
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Answer a board, or say in one word why not: unknown, used, unfit, slow."""
    if not AxesProxyHandler.is_allowed(request, TRIES):
        return _refused("slow", HTTPStatus.TOO_MANY_REQUESTS)
    asked = request.read(claim.LARGEST + 1)
    try:
        answer = claims.answer(asked)
    except Refused as refused:
        log.warning(
            "board turned away address=%s why=%s", request.META["REMOTE_ADDR"], refused.reason
        )
        if refused.reason is Reason.UNKNOWN:
            AxesProxyHandler.user_login_failed(__name__, TRIES, request)
        return _refused(refused.reason, HTTPStatus.FORBIDDEN)
    return HttpResponse(answer, content_type="application/octet-stream")


def _refused(why: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"refused": why}, status=status)
