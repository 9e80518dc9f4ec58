# SPDX-License-Identifier: Apache-2.0
"""Write a file's lines, some at a time: after a cut they go on where they were, each once."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import DataError, IntegrityError
from django.utils import timezone

from hub.ledger.imports.members import Members
from hub.ledger.imports.products import Products
from hub.ledger.imports.verdict import Importer
from hub.ledger.staging import Act, Import, ImportLine, Kind, Stage
from hub.merchants import each, feed

AT_ONCE: Final = 40
"""Lines in one transaction: a till that saves meanwhile waits for no more."""
SPELL_S: Final = 20.0
"""Then the other jobs have their turn."""
KEPT: Final = timedelta(days=7)
"""What a file said of people, after which its lines go."""
DELETED_AT_ONCE: Final = 2000
_WRITES: Final = frozenset({Act.ADD, Act.CHANGE})

_log = logging.getLogger(__name__)


def importer_of(wanted: Import) -> Importer:
    """What judges and writes lines of its kind."""
    return Members(wanted) if wanted.kind == Kind.MEMBERS else Products(wanted)


def begin(wanted: Import) -> bool:
    """Let a file count that somebody has looked at; False: it is past that."""
    stages = (Stage.READY, Stage.STOPPED)
    begun = Import.objects.filter(pk=wanted.pk, stage__in=stages).update(stage=Stage.APPLYING)
    return bool(begun)


def keep_on(wanted: Import) -> bool:
    """Note how many of its lines are read; False: it was dropped meanwhile, and they go."""
    still = Import.objects.filter(pk=wanted.pk, stage=Stage.READING)
    if still.update(lines=wanted.lines):
        return True
    _forget(wanted.pk)
    return False


def ready(wanted: Import) -> None:
    """All of it is read: a person may look."""
    still = Import.objects.filter(pk=wanted.pk, stage=Stage.READING)
    still.update(stage=Stage.READY, lines=wanted.lines)


def refuse(wanted: Import, why: str) -> None:
    """It can't be read to its end."""
    still = Import.objects.filter(pk=wanted.pk, stage=Stage.READING)
    still.update(stage=Stage.DROPPED, refused=why[:200])
    _forget(wanted.pk)


def drop(wanted: Import) -> bool:
    """Let a file that does not count yet never do; its lines go."""
    stages = (Stage.READING, Stage.READY)
    dropped = Import.objects.filter(pk=wanted.pk, stage__in=stages).update(stage=Stage.DROPPED)
    if dropped:
        _forget(wanted.pk)
    return bool(dropped)


def apply_some(wanted: Import, importer: Importer) -> int:
    """Write the next lines, and that they are written, in one transaction.

    Returns:
        how many; 0: none is left, or it is not this import's turn.
    """
    try:
        with feed.writing(wanted.merchant_id) as out:
            now = Import.objects.get(pk=wanted.pk)
            if now.stage != Stage.APPLYING:
                return 0
            left = now.rows.filter(n__gt=now.applied).exclude(act=Act.WRONG).order_by("n")
            lines = list(left[:AT_ONCE])
            if lines:
                verdicts = importer.judge([line.facts for line in lines])
                judged = list(zip([line.facts for line in lines], verdicts, strict=True))
                importer.write(
                    out, [(f, verdict) for f, verdict in judged if verdict.act in _WRITES]
                )
                now.applied = lines[-1].n
                acts = Counter(str(verdict.act) for verdict in verdicts)
                now.counts = dict(Counter(now.counts) + acts)
            else:
                now.stage, now.done_at = Stage.DONE, timezone.now()
            now.save(update_fields=["applied", "counts", "stage", "done_at"])
            return len(lines)
    except (DataError, IntegrityError, ValueError):
        # nothing of these lines was written; a person looks, and may go on
        _log.exception("import %s stopped", wanted.pk)
        Import.objects.filter(pk=wanted.pk, stage=Stage.APPLYING).update(stage=Stage.STOPPED)
        return 0


def apply_for(wanted: Import, spell_s: float, *, rest: Callable[[float], None] = time.sleep) -> int:
    """Write lines for so long, at least some of them; gives how many.

    Args:
        wanted: the import.
        spell_s: how long at most, about.
        rest: between two transactions, for as long as one took: tills are served meanwhile.
    """
    importer, count, until = importer_of(wanted), 0, time.monotonic() + spell_s
    while True:
        begun = time.monotonic()
        done = apply_some(wanted, importer)
        count += done
        if not done or time.monotonic() > until:
            return count
        rest(time.monotonic() - begun)


def apply_due(*, rest: Callable[[float], None] = time.sleep) -> int:
    """Go on with every import that somebody began, for some seconds each; gives how many lines."""
    due = Import.objects.filter(stage=Stage.APPLYING, merchant__closed_at=None)
    done = 0
    for wanted in due.select_related("merchant", "shop"):
        with each.apart(wanted.merchant_id):
            done += apply_for(wanted, SPELL_S, rest=rest)
    return done


def tidy() -> int:
    """Forget the lines of files that are some days old; gives how many files."""
    old = Import.objects.filter(made_at__lt=timezone.now() - KEPT)
    old.filter(stage__in=(Stage.READING, Stage.READY)).update(stage=Stage.DROPPED)
    settled = old.filter(stage__in=(Stage.DONE, Stage.DROPPED), rows__isnull=False)
    keys = list(settled.values_list("pk", flat=True).distinct())
    for key in keys:
        _forget(key)
    return len(keys)


def _forget(key: int) -> None:
    while some := list(
        ImportLine.objects.filter(of_id=key).values_list("pk", flat=True)[:DELETED_AT_ONCE]
    ):
        ImportLine.objects.filter(pk__in=some).delete()
