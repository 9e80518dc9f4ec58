# SPDX-License-Identifier: Apache-2.0
"""A board asks to become a terminal: it shows by a sealed message that it knows a claim code."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.merchants import claims, tries
from hub.merchants.claims import Reason, Refused
from loyalty import claim

log = logging.getLogger(__name__)


@csrf_exempt  # no cookie is read here
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Answer a board, or say in one word why not: unknown, used, unfit, slow."""
    address = tries.address_of(request)
    try:
        tried = tries.attempt(tries.What.ENROL, address=address)
    except tries.TooMany:
        return _refused("slow", HTTPStatus.TOO_MANY_REQUESTS)
    asked = request.read(claim.LARGEST + 1)
    try:
        answer = claims.answer(asked)
    except Refused as refused:
        log.warning("board turned away address=%s why=%s", address, refused.reason)
        if refused.reason is not Reason.UNKNOWN:
            tried.undo()
        return _refused(refused.reason, HTTPStatus.FORBIDDEN)
    tried.undo()
    return HttpResponse(answer, content_type="application/octet-stream")


def _refused(why: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"refused": why}, status=status)
