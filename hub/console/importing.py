# SPDX-License-Identifier: Apache-2.0
"""Keep a file's lines with what is wrong in each and what each would do, before any counts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Final

from django.core.exceptions import ValidationError
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


def stage(wanted: Import, file: BinaryIO, what: Importable) -> None:
    """Keep every line of a file; of one that can't be read nothing stays.

    Args:
        wanted: the import, not saved yet.
        file: what was sent.
        what: it may say.

    Raises:
        Unreadable: the message says why.
    """
    found = lines(file)
    head = first(found)
    places, unread = what.placed(head.cells)
    if missing := [column for column in what.required if column not in places]:
        words = {"names": ", ".join(f"« {what.heads[column]} »" for column in missing)}
        raise Unreadable(_("Il manque à la première ligne : %(names)s. Partez du modèle.") % words)
    wanted.unread = unread[:MOST_UNREAD]
    wanted.save()
    try:
        _keep(wanted, found, what, places)
    except BaseException:
        wanted.delete()
        raise
    wanted.stage = Stage.READY
    wanted.save(update_fields=["stage", "lines"])


def _keep(
    wanted: Import, found: Iterable[Line], what: Importable, places: Mapping[str, int]
) -> None:
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
    if not wanted.lines:
        raise Unreadable(_("Il n’y a pas de ligne sous les titres des colonnes."))


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
