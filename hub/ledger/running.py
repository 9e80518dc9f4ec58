# SPDX-License-Identifier: Apache-2.0
"""Run the jobs in their order, each merchant apart, and write down what came of it.

What breaks at one merchant is noted, tried again the next time, and keeps no other merchant and no
other job waiting. Where not even that can be noted, there is no database: the program ends, and
systemd starts it again.
"""

import logging
import re
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hub.ledger import (
    awards,
    birthdays,
    counter,
    counting,
    crediting,
    expiring,
    gift_expiring,
    gifting,
    maturing,
    notices,
    proving,
    purchasing,
    retention,
    sizing,
    summing,
    tiering,
)
from hub.ledger.imports import work
from hub.ledger.jobs import LONGEST_MESSAGE, JobFailure, JobRun
from hub.merchants import each, links, sessions, stays, tries
from hub.programmes import photos

JOBS: Final[tuple[tuple[str, Callable[[], int]], ...]] = (
    ("rendez-vous", crediting.credit_due),
    ("points", maturing.mature_due),
    ("anniversaires", birthdays.celebrate_due),
    ("lues", awards.read_due),
    ("expirés", expiring.expire_due),
    ("cartes-expirées", gift_expiring.expire_gifts_due),
    ("chiffres", lambda: counting.count_due() + summing.sum_due()),
    ("équation", proving.prove_due),
    ("achats", purchasing.keep_due),
    ("statuts", tiering.evaluate_due),
    ("offres", gifting.tell_offers_due),
    ("photos", photos.make_due),
    ("cartes", notices.send_due),
    ("mots", notices.send_points_due),
    ("absents", retention.keep_due),
    ("rappels", notices.send_reminders_due),
    ("liens", links.send_due),
    ("importées", work.apply_due),
    ("oubliées", work.tidy),
    ("abandonnées", counter.tidy),
    ("essais", tries.tidy),
    ("sessions", sessions.tidy),
    ("visites", stays.close_lapsed),
    (sizing.JOB, sizing.look_due),
)
"""What is done, in this order: what matures or opens may be used before anything expires."""
ROOT: Final = Path(__file__).parent.parent.parent
_SOMEBODYS: Final = re.compile(r"\S+@\S+|«[^»]*»|'[^']*'|\"[^\"]*\"|\d{4,}")
"""In a message: addresses, what is quoted, long numbers."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Ended:
    """A job that came to its end."""

    job: str
    at: datetime
    lasted_ms: int
    done: int


def run(names: Collection[str] | None = None) -> dict[str, int]:
    """Run jobs once, in their order; gives how much each did.

    Args:
        names: which; all unless given.
    """
    ended = [_run(name, job) for name, job in JOBS if names is None or name in names]
    _keep(ended)
    return {one.job: one.done for one in ended}


def ask(name: str, *, now: datetime | None = None) -> None:
    """Let a job run as soon as its program looks: within seconds, where that is running."""
    JobRun.objects.update_or_create(job=name, defaults={"wanted_at": now or timezone.now()})


def asked() -> list[str]:
    """The jobs that somebody waits for."""
    return list(JobRun.objects.filter(wanted_at__isnull=False).values_list("job", flat=True))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _run(name: str, job: Callable[[], int]) -> _Ended:
    began_at, began_s = timezone.now(), monotonic()
    done = 0
    with each.guarded(lambda merchant_id: _around(name, merchant_id)), each.apart(None):
        done = job()
    # what did not break this time is over
    JobFailure.objects.filter(job=name, last_at__lt=began_at).delete()
    return _Ended(name, began_at, int((monotonic() - began_s) * 1000), done)


@contextmanager
def _around(job: str, merchant_id: str | None) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        log.exception("job broke job=%s merchant=%s", job, merchant_id)
        _note(job, merchant_id, error)


def _note(job: str, merchant_id: str | None, error: Exception) -> None:
    now = timezone.now()
    facts = {
        "last_at": now,
        "error": type(error).__name__[:60],
        "place": _place(error),
        "message": _message(error),
    }
    with transaction.atomic():
        same = JobFailure.objects.filter(job=job, merchant=merchant_id)
        if not same.update(times=F("times") + 1, **facts):
            JobFailure.objects.create(job=job, merchant_id=merchant_id, since=now, **facts)


def _place(error: Exception) -> str:
    """The last line of ours that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        f"{Path(frame.filename).relative_to(ROOT).as_posix()}:{frame.lineno}"
        for frame in frames
        if Path(frame.filename).is_relative_to(ROOT / "hub")
    ]
    return ours[-1][-80:] if ours else ""


def _message(error: Exception) -> str:
    """Its first line; a database says behind it whose row it was."""
    first = str(error).strip().partition("\n")[0].strip("'\"")
    return _SOMEBODYS.sub("…", first)[:LONGEST_MESSAGE]


def _keep(ended: list[_Ended]) -> None:
    """Write down that they ran: once for all of them, since each is a commit."""
    before = JobRun.objects.in_bulk([one.job for one in ended])
    rows = []
    for one in ended:
        row = before.get(one.job) or JobRun(job=one.job)
        row.ended_at, row.lasted_ms = one.at, one.lasted_ms
        if one.done:
            row.done, row.done_at = one.done, one.at
        rows.append(row)
    with transaction.atomic():
        JobRun.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["job"],
            update_fields=["ended_at", "lasted_ms", "done", "done_at"],
        )
        for one in ended:
            if (was := before.get(one.job)) and was.wanted_at:
                # who asked meanwhile still waits
                JobRun.objects.filter(job=one.job, wanted_at__lte=one.at).update(wanted_at=None)
