# SPDX-License-Identifier: Apache-2.0
"""Do what a program asks once: the same key and request again gets the same answer, days later too.

Key, answer and what it did are written in one transaction, under the merchant's row: of two
requests at once the second one waits, then finds the answer of the first.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.db.models import TextField
from django.db.models.functions import Cast
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema
from ninja.responses import NinjaJSONEncoder

from hub.api.access import token_of
from hub.api.models import Asked
from hub.api.problems import Problem, written
from hub.ledger.forgetting import forgotten
from hub.merchants import feed
from hub.merchants.deeds import Did
from hub.merchants.doing import Doing, doing

KEPT: Final = timedelta(days=30)
"""After that a key may be used for something else."""

Act = Callable[[feed.Writing, Doing], Schema]
"""What is done, and to what; it raises a `Problem` before it has changed anything."""


def once(request: HttpRequest, key: str, body: Schema, did: Did, act: Act) -> HttpResponse:
    """Do it with its line of the log, or say again what came of it.

    Args:
        request: names the merchant, and what is asked.
        key: what the program calls this request.
        body: what it says.
        did: what is noted of it.
        act: does it inside `feed.writing`.

    Raises:
        Problem: the key was used for another request.
    """
    token, now, digest = token_of(request), timezone.now(), _digest(request, body)
    merchant = token.merchant
    with doing(did, by=token) as deed, feed.writing(merchant.pk) as out:
        known = Asked.objects.filter(merchant=merchant, key=key, at__gt=now - KEPT).first()
        if known is not None:
            if known.digest != digest:
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key_reused")
            deed.done = False
            return _answer(known)
        Asked.objects.filter(merchant=merchant, at__lte=now - KEPT).delete()
        status, answer = _done(act, out, deed)
        done = Asked(
            merchant=merchant, key=key, digest=digest, status=status, answer=answer, at=now
        )
        done.save()
    return _answer(done)


def forget(merchant_id: str, customer: str) -> int:
    """Empty the answers that tell of a customer whom nobody is to find any more; gives how many.

    The keys stay: what was asked under one is not done again, and its answer is gone.

    Args:
        merchant_id: whose programs asked.
        customer: uuid; inside the transaction that forgets the rest of them.
    """
    gone = Problem(HTTPStatus.GONE, "forgotten")
    told = Asked.objects.filter(merchant=merchant_id).annotate(said=Cast("answer", TextField()))
    return told.filter(said__contains=customer).update(status=gone.status, answer=gone.body)


@receiver(forgotten)
def _forgotten(*, merchant_id: str, customer: str, **_signal: object) -> None:
    forget(merchant_id, customer)


def _done(act: Act, out: feed.Writing, deed: Doing) -> tuple[int, dict[str, Any]]:
    try:
        # written as ninja writes what is not kept
        written = json.dumps(act(out, deed).model_dump(), cls=NinjaJSONEncoder)
        return HTTPStatus.CREATED, json.loads(written)
    except Problem as problem:
        if not problem.final:
            raise  # once what it lacks is there, it may come again under the same key
        deed.done = False
        return problem.status, problem.body


def _answer(asked: Asked) -> HttpResponse:
    return written(asked.answer, asked.status)


def _digest(request: HttpRequest, body: Schema) -> str:
    """Of what is asked, however it was spaced or ordered."""
    said = json.dumps(body.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.path}\n{said}".encode()).hexdigest()
