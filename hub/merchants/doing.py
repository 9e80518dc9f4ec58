# SPDX-License-Identifier: Apache-2.0
"""Write into the log what somebody or a program does, in the transaction that does it: both, or neither."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from hub.merchants.deeds import Deed, Did
from hub.merchants.models import Merchant, Person
from hub.merchants.tokens import Token

_going_on: ContextVar[bool] = ContextVar("a deed is being done", default=False)


@dataclass(slots=True)
class Doing:
    """A deed before it is written: what is only known once it was done is filled in."""

    did: Did
    about: models.Model | str | None = None
    done: bool = True
    """False: nothing was changed after all, and nothing is written."""


@contextmanager
def doing(
    did: Did,
    *,
    by: Person | Token,
    merchant: Merchant | None = None,
    about: models.Model | str | None = None,
    reason: str = "",
) -> Iterator[Doing]:
    """Do something in one transaction with its line of the log; an exception undoes both.

    Args:
        did: what.
        by: who, or which program.
        merchant: in whose space; their own unless given.
        about: what it is done to.
        reason: where what is done keeps no reason itself.
    """
    what = Doing(did, about)
    before = _going_on.set(True)
    try:
        with transaction.atomic():
            yield what
            if what.done:
                note(what.did, by=by, merchant=merchant, about=what.about, reason=reason)
    finally:
        _going_on.reset(before)


def note(
    did: Did,
    *,
    by: Person | Token | None,
    merchant: Merchant | None = None,
    about: models.Model | str | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Deed:
    """Write a line of the log, in the transaction that the caller holds; of now unless `at`."""
    own = by.merchant_id if by else None
    return Deed.objects.create(
        merchant_id=merchant.pk if merchant else own,
        person_id=by.pk if isinstance(by, Person) else None,
        token_id=by.pk if isinstance(by, Token) else None,
        did=did,
        about=reference(about) if about else "",
        reason=reason,
        at=at or timezone.now(),
    )


def going_on() -> bool:
    """Whether the transaction that is open is a deed's."""
    return _going_on.get()


def deeds_about(thing: models.Model) -> models.QuerySet[Deed]:
    """All that was done to something, the newest first."""
    return Deed.objects.filter(about=reference(thing))


def reference(thing: models.Model | str) -> str:
    """How the log names a thing: `customer:12`, or a page whose file was taken: `page:sales`."""
    if isinstance(thing, str):
        return thing
    return f"{thing._meta.model_name}:{thing.pk}"  # noqa: SLF001 (Django's own way)
