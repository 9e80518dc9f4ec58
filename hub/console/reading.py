# SPDX-License-Identifier: Apache-2.0
"""Read a list that somebody sent, as CSV of any kind or as a workbook; nothing is believed of it."""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_LINES: Final = 50_000
MOST_UNPACKED: Final = 120 * 1024 * 1024
"""Bytes of a workbook's parts together: fifty thousand lines take about a quarter."""
MOST_PARTS: Final = 500
MOST_COLUMNS: Final = 40
LONGEST_CELL: Final = 2000
TOO_LARGE: Final = "comptoir.too_large"
"""In a request's META once it sent more than that."""
_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_DELIMITERS: Final = (";", ",", "\t")
_QUOTED: Final = re.compile('"[^"]*"')
_RUN_BY_SPREADSHEETS: Final = ("'=", "'+", "'-", "'@", "'\t", "'\r", "'\n")
"""How our own files begin a text that a spreadsheet would run; the sign before it is ours."""
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PIECE: Final = 256 * 1024


class Unreadable(Exception):
    """No list can be made of it; the message says why, to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something, each of its cells as text."""

    n: int
    """As a spreadsheet counts."""
    cells: tuple[str, ...]


class Quota(FileUploadHandler):
    """Lets go of what a file has too much as it comes, so that it fills nothing.

    What came before is kept: a form that got no file at all would take it for none chosen.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand it on to who keeps it, up to the limit."""
        if start + len(raw_data) <= MOST_BYTES:
            return raw_data
        if self.request is not None:
            self.request.META[TOO_LARGE] = "1"
        return None

    def file_complete(self, file_size: int) -> None:
        """Whoever keeps it makes the file."""


def lines(file: BinaryIO) -> Generator[Line]:
    """The lines that say something, the head first; a file of a kind that we don't know has none.

    Raises:
        Unreadable: on the way too.
    """
    begins = file.read(8)
    file.seek(0)
    if not begins:
        raise Unreadable(_("Ce fichier est vide."))
    if begins.startswith(_OLD_WORKBOOK):
        raise Unreadable(_("C’est un ancien classeur .xls : enregistrez-le en .xlsx ou en CSV."))
    # let go of before the file is closed, wherever reading ends
    with closing(_of_workbook(file) if begins.startswith(_ZIP) else _of_text(file)) as found:
        said = (line for line in found if any(line.cells))
        for count, line in enumerate(said):
            if count > MOST_LINES:
                raise Unreadable(_("50 000 lignes au plus : partagez ce fichier en deux."))
            if any(len(cell) > LONGEST_CELL for cell in line.cells):
                words = {"line": line.n}
                raise Unreadable(_("Ligne %(line)s : une case est trop longue.") % words)
            yield line


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────


def _of_text(file: BinaryIO) -> Generator[Line]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        head = text.readline()
        reader = csv.reader(chain([head], text), delimiter=_delimiter(head))
        ended = 0
        for cells in reader:
            # a quoted cell may hold line breaks: a line is where it begins
            yield Line(ended + 1, tuple(map(_cell, islice(cells, MOST_COLUMNS))))
            ended = reader.line_num
    except csv.Error:
        raise Unreadable(_("Ce fichier n’est ni un CSV ni un classeur Excel.")) from None
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 where all of it is; else what spreadsheets of Windows write."""
    begins = file.read(4)
    file.seek(0)
    named = next((name for bom, name in _BOMS.items() if begins.startswith(bom)), "")
    for name in [named] if named else ["utf-8", "cp1252"]:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            while piece := file.read(_PIECE):
                if _UNSEEN.search(decoder.decode(piece)):
                    raise Unreadable(_("Ce fichier n’est ni un CSV ni un classeur Excel."))
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        finally:
            file.seek(0)
        return name
    raise Unreadable(
        _("Ses lettres sont illisibles : enregistrez-le en « CSV UTF-8 » ou en classeur Excel.")
    )


def _delimiter(head: str) -> str:
    plain = _QUOTED.sub("", head)
    return max(_DELIMITERS, key=plain.count)


def _cell(text: str) -> str:
    text = text.strip()
    return text[1:] if text.startswith(_RUN_BY_SPREADSHEETS) else text


# ── workbooks ───────────────────────────────────────────────────────────────────────────────────


def _of_workbook(file: BinaryIO) -> Generator[Line]:
    from openpyxl import load_workbook  # noqa: PLC0415 (as in `sheets`)

    try:
        _weigh(file)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size is not believed
        rows = sheet.iter_rows(max_col=MOST_COLUMNS)
        for n, row in enumerate(rows, 1):
            cells = [_shown(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield Line(n, tuple(cells))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 (whatever a broken file makes of openpyxl)
        raise Unreadable(
            _("Ce classeur ne s’ouvre pas : enregistrez-le de nouveau, ou en CSV.")
        ) from None


def _weigh(file: BinaryIO) -> None:
    """Refuse what would fill the memory before any of it is unpacked."""
    try:
        with ZipFile(file) as packed:
            parts = packed.infolist()
            # the size that is declared holds: unpacking ends there
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
                raise Unreadable(
                    _("Ce classeur est trop grand une fois ouvert : mettez-le en CSV.")
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(2048):
                            raise BadZipFile
    finally:
        file.seek(0)


def _shown(cell: Any) -> str:  # noqa: ANN401 (openpyxl has no types)
    """As a person would have typed it."""
    match cell.value:
        case None:
            return ""
        case bool(is_so):
            return str(int(is_so))
        case datetime() | date() as day:
            return day.strftime("%Y-%m-%d")
        case int() | float() as number:
            number = number * 100 if "%" in (cell.number_format or "") else number
            return f"{round(number, 6):.6f}".rstrip("0").rstrip(".")
        case other:
            return _cell(str(other))


def first(found: Iterator[Line]) -> Line:
    """The head. Raises Unreadable: there is none."""
    if (line := next(found, None)) is None:
        raise Unreadable(_("Ce fichier est vide."))
    return line


def some_at_a_time(found: Iterator[Line], count: int) -> Iterator[Sequence[Line]]:
    """The lines, so many at once."""
    while some := list(islice(found, count)):
        yield some
