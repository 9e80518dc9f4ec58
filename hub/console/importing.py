# SPDX-License-Identifier: Apache-2.0
"""Keep a file's lines with what is wrong in each and what each would do, before any counts."""

import logging
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from tempfile import TemporaryFile
from threading import Thread
from typing import Any, BinaryIO, Final

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.console.importable import Importable
from hub.console.reading import Line, Unreadable, first, lines, some_at_a_time
from hub.ledger.imports import work
from hub.ledger.imports.verdict import Verdict
from hub.ledger.staging import Act, Import, ImportLine, Stage
from hub.merchants.words import plain

AT_ONCE: Final = 500
"""Lines kept in one transaction."""
MOST_UNREAD: Final = 20
WAITED_S: Final = 2.0
"""By whoever sends a file; of a longer one the page shows how far it is."""
LONGEST: Final = timedelta(minutes=10)
"""That reading fifty thousand lines may take, on a machine that does other things."""

_log = logging.getLogger(__name__)


def stage(wanted: Import, file: BinaryIO, what: Importable) -> None:
    """Keep every line of a file; of one that can't be read nothing stays.

    A long one is read on beside the answer: what serves pages gives one up after half a minute.

    Args:
        wanted: the import, not saved yet.
        file: what was sent.
        what: it may say.

    Raises:
        Unreadable: the message says why; of one that is read on, its row does.
    """
    with ExitStack() as ending:
        # whoever answers closes what was sent
        kept = ending.enter_context(TemporaryFile())
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        found = ending.enter_context(closing(lines(kept)))
        head = first(found)
        places, unread = what.placed(head.cells)
        if missing := [column for column in what.required if column not in places]:
            words = {"names": ", ".join(f"« {what.heads[column]} »" for column in missing)}
            raise Unreadable(
                _("Il manque à la première ligne : %(names)s. Partez du modèle.") % words
            )
        wanted.unread = unread[:MOST_UNREAD]
        wanted.save()
        read = partial(_read_through, wanted, found, what, places, ending.pop_all())
    done = beside(partial(_in_words, get_language(), read))
    try:
        done.result(WAITED_S)
    except TimeoutError:
        return
    except Exception:
        wanted.delete()
        raise


def beside(act: Callable[[], None]) -> Future[None]:
    """Do something in a thread and over a connection of its own."""
    done: Future[None] = Future()

    def alone() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (whoever waits is told)
            done.set_exception(error)
        else:
            done.set_result(None)
        finally:
            connection.close()

    Thread(target=alone, name="import", daemon=True).start()
    return done


def left_half_read(wanted: Import) -> bool:
    """Whether nobody reads it any more: what served the page has ended meanwhile."""
    return wanted.stage == Stage.READING and timezone.now() - wanted.made_at > LONGEST


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _in_words(language: str, act: Callable[[], None]) -> None:
    with translation.override(language):
        act()


def _read_through(
    wanted: Import,
    found: Iterable[Line],
    what: Importable,
    places: Mapping[str, int],
    ending: ExitStack,
) -> None:
    with ending:
        try:
            if _keep(wanted, found, what, places):
                work.ready(wanted)
        except Unreadable as refused:
            work.refuse(wanted, str(refused))
            raise
        except BaseException:
            _log.exception("import %s was not read", wanted.pk)
            work.refuse(wanted, _("La lecture s’est arrêtée en route : renvoyez ce fichier."))
            raise


def _keep(
    wanted: Import, found: Iterable[Line], what: Importable, places: Mapping[str, int]
) -> bool:
    """Keep what is read, some at a time; False: somebody dropped it meanwhile."""
    importer = work.importer_of(wanted)
    taken: dict[tuple[str, ...], int] = {}
    for some in some_at_a_time(iter(found), AT_ONCE):
        read = [_read(line, what, places) for line in some]
        for row in read:
            if not row.wrong:
                _told_twice(row, what, taken)
        right = [row for row in read if not row.wrong]
        for row, verdict in zip(right, importer.judge([r.facts for r in right]), strict=True):
            _judged(row, verdict, what)
        for row in read:
            row.of = wanted
        ImportLine.objects.bulk_create(read)
        wanted.lines += len(read)
        if not work.keep_on(wanted):
            return False
    if not wanted.lines:
        raise Unreadable(_("Il n’y a pas de ligne sous les titres des colonnes."))
    return True


def _read(line: Line, what: Importable, places: Mapping[str, int]) -> ImportLine:
    row = ImportLine(n=line.n, act=Act.WRONG)
    for column, place in places.items():
        said = line.cells[place] if place < len(line.cells) else ""
        try:
            value = what.fields[column].clean(said)
        except ValidationError as refused:
            row.wrong.append([str(what.heads[column]), " ".join(refused.messages)])
        else:
            if value not in ("", None):
                row.facts[str(column)] = value
    for column, words in what.wrong(row.facts).items():
        if words:
            row.wrong.append([str(what.heads[column]), str(words)])
    row.named = what.named(row.facts)[:150]
    return row


def _told_twice(row: ImportLine, what: Importable, taken: dict[tuple[str, ...], int]) -> None:
    """Two lines of one file about the same: nobody could say which is meant."""
    for columns in what.same:
        said = [row.facts.get(column, "") for column in columns]
        if not all(said):
            continue
        key = (*columns, *(plain(str(value)) for value in said))
        if (before := taken.setdefault(key, row.n)) != row.n:
            head = " + ".join(str(what.heads[column]) for column in columns)
            row.wrong.append([head, _("Déjà à la ligne %(line)s.") % {"line": before}])


def _judged(row: ImportLine, verdict: Verdict, what: Importable) -> None:
    row.act, row.changes = verdict.act, [str(change) for change in verdict.changes]
    column, whose = verdict.clash
    if column:
        words = _("C’est déjà celui de « %(name)s », et ce n’est pas la même fiche.")
        row.wrong.append([str(what.heads[column]), words % {"name": whose}])


def names_of(changes: Sequence[str], heads: Mapping[str, Any]) -> list[str]:
    """The heads of the columns that a line changes."""
    return [str(heads[change]) for change in changes if change in heads]
