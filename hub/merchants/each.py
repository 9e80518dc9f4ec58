# SPDX-License-Identifier: Apache-2.0
"""Go through merchants so that what breaks at one keeps none of the others waiting."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeAlias

from django.db.models import QuerySet

from hub.merchants.models import Merchant

Guard: TypeAlias = Callable[[str | None], AbstractContextManager[None]]
"""What stands around the work for one merchant; None: for no one in particular."""


def _plainly(_merchant_id: str | None) -> AbstractContextManager[None]:
    return nullcontext()


_guard: ContextVar[Guard] = ContextVar("what stands around each merchant", default=_plainly)


def open_merchants() -> QuerySet[Merchant]:
    """Those that nobody closed, in their order."""
    return Merchant.objects.filter(closed_at=None).order_by("pk")


def apart(merchant_id: str | None) -> AbstractContextManager[None]:
    """Do something for one merchant: what breaks in it is told to the guard, if there is one."""
    return _guard.get()(merchant_id)


def through(merchants: Iterable[Merchant], work: Callable[[Merchant], int]) -> int:
    """Do the work for each merchant, apart; gives how much was done in all."""
    done = 0
    for merchant in merchants:
        with apart(merchant.pk):
            done += work(merchant)
    return done


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """Let that stand around each merchant meanwhile; without it what breaks is raised."""
    before = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(before)
