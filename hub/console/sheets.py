# SPDX-License-Identifier: Apache-2.0
"""Give any list as a file for a spreadsheet: CSV as French ones open it, or an Excel workbook."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet as Sheet

from hub.console.access import Scope
from hub.merchants.deeds import Did
from hub.merchants.doing import note

Cell = str | int | Decimal | date | datetime | None
"""A moment is written on the reader's clock, an amount of money as a Decimal of euros."""

CSV: Final = "csv"
XLSX: Final = "xlsx"
BOM: Final = "\ufeff"
AT_ONCE: Final = 500
"""Rows that are worked out before any is sent."""
MOST_ROWS: Final = 1_048_576
"""On one sheet of a workbook, its head included; the rest goes on to another."""
LONGEST_CELL: Final = 32_767
"""Characters that a cell of a workbook takes."""
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text may not start with: a spreadsheet would run it."""
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no workbook may hold."""
_IN_EXCEL: Final = {
    date: "yyyy-mm-dd",
    datetime: "yyyy-mm-dd hh:mm",
    Decimal: "#,##0.00",
}


def asked(request: HttpRequest) -> str:
    """Which file the address asks for; empty: none."""
    form = request.GET.get("format", "")
    return form if form in (CSV, XLSX) else ""


def answer(
    request: HttpRequest,
    name: str,
    *,
    scope: Scope,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
) -> HttpResponseBase:
    """Answer with the file that a list was asked for, and note that it was taken; as in `file`."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    note(Did.EXPORTED, by=scope.person, merchant=scope.merchant, about=f"page:{page}")
    return file(request, name, heads=heads, rows=rows, zone=scope.zone)


def file(
    request: HttpRequest,
    name: str,
    *,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    zone: ZoneInfo,
) -> HttpResponseBase:
    """Answer with a file whose rows are read as they are sent.

    Args:
        request: says in its address which kind of file.
        name: of the file, without its ending.
        heads: of the columns.
        rows: cells in the order of the heads.
        zone: whose clock moments are written on.
    """
    whole = f"{name}-{timezone.localdate().isoformat()}.{asked(request)}"
    if asked(request) == XLSX:
        return FileResponse(
            workbook(heads, rows, zone=zone),
            as_attachment=True,
            filename=whole,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    sent = StreamingHttpResponse(
        _in_turn(text(heads, rows, zone=zone), zone), content_type="text/csv; charset=utf-8"
    )
    sent.headers["Content-Disposition"] = f'attachment; filename="{whole}"'
    return sent


def text(heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: ZoneInfo) -> Iterator[str]:
    """The rows as CSV, some hundred at a time: a BOM, semicolons, decimal commas."""
    yield BOM + _lines([heads], zone)
    every = iter(rows)
    while some := list(islice(every, AT_ONCE)):
        yield _lines(some, zone)


def workbook(
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    zone: ZoneInfo,
    most_rows: int = MOST_ROWS,
) -> io.BufferedIOBase:
    """The rows as an Excel workbook, in a file that goes when it is closed."""
    # a second of every start of the hub, for what is asked for once a day
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet, room = None, 0
    for row in rows:
        if sheet is None or not room:
            sheet, room = _sheet(book, heads), most_rows - 1
        made_of = partial(WriteOnlyCell, sheet)
        sheet.append([_excel(made_of, cell, zone) for cell in row])
        room -= 1
    if sheet is None:
        _sheet(book, heads)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    book.save(file)
    file.seek(0)
    return file


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _in_turn(parts: Iterator[str], zone: ZoneInfo) -> Iterator[str]:
    """Work out each part in the reader's words and on their clock: the view is long over."""
    language = translation.get_language()
    while True:
        with _spoken(language, zone):
            part = next(parts, None)
        if part is None:
            return
        yield part


@contextmanager
def _spoken(language: str | None, zone: ZoneInfo) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(translation.override(language))
        stack.enter_context(timezone.override(zone))
        yield


def _lines(rows: Iterable[Sequence[Cell]], zone: ZoneInfo) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([_plain(cell, zone) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: Cell, zone: ZoneInfo) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(_STARTS) else cell
        case datetime():
            return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        case Decimal():
            return f"{cell:.2f}".replace(".", ",")
    return str(cell)


def _sheet(book: "Workbook", heads: Sequence[str]) -> "Sheet":
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (as above)
    from openpyxl.styles import Font  # noqa: PLC0415

    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    cells = []
    for head in heads:
        cell = WriteOnlyCell(sheet, value=head)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    return sheet


def _excel(made_of: Callable[[object], Any], cell: Cell, zone: ZoneInfo) -> object:
    match cell:
        case None | int():
            return cell
        case str():
            # a text is a text, whatever it starts with
            made = made_of(_UNSEEN.sub("", cell)[:LONGEST_CELL])
            made.data_type = "s"
        case datetime():
            made = made_of(cell.astimezone(zone).replace(tzinfo=None))
        case _:
            made = made_of(cell)
    if number_format := _IN_EXCEL.get(type(cell)):
        made.number_format = number_format
    return made
