# SPDX-License-Identifier: Apache-2.0
"""What a list holds comes back from its file as it was, and no spreadsheet runs any of it."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hub.console import sheets

PARIS = ZoneInfo("Europe/Paris")
HEADS = ("Client", "Points", "Montant", "Le", "À")
NASTY = ("=1+1", "+33 6 12", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x";"y")', 'a;b"c\nd')


def as_csv(rows: list[tuple[sheets.Cell, ...]]) -> list[list[str]]:
    whole = "".join(sheets.text(HEADS, rows, zone=PARIS))
    assert whole.startswith(sheets.BOM)
    return list(csv.reader(io.StringIO(whole.removeprefix(sheets.BOM), newline=""), delimiter=";"))


def as_excel(rows: list[tuple[sheets.Cell, ...]], **more: int) -> list[list[tuple[object, ...]]]:
    with sheets.workbook(HEADS, rows, zone=PARIS, **more) as file:
        book = load_workbook(io.BytesIO(file.read()))
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


ROW = (
    "Élodie", -12, Decimal("4812.40"), date(2026, 11, 21), datetime(2026, 7, 1, 22, 5, tzinfo=UTC)
)  # fmt: skip


def test_a_french_spreadsheet_reads_the_csv() -> None:
    heads, row = as_csv([ROW])
    assert heads == list(HEADS)
    assert row == ["Élodie", "-12", "4812,40", "2026-11-21", "2026-07-02 00:05"]


def test_a_workbook_keeps_figures_dates_and_moments_as_such() -> None:
    ((heads, row),) = as_excel([ROW])
    assert heads == HEADS
    midnight = datetime(2026, 11, 21)  # noqa: DTZ001 (a workbook knows no zone)
    assert row == ("Élodie", -12, 4812.4, midnight, datetime(2026, 7, 2, 0, 5))  # noqa: DTZ001


@pytest.mark.parametrize("typed", NASTY)
def test_what_somebody_typed_is_never_run(typed: str) -> None:
    ((_, (cell,)),) = ([as_csv([(typed,)])[0], as_csv([(typed,)])[1]],)
    assert cell[0] not in "=+-@\t\r\n"
    assert cell.removeprefix("'") == typed
    with sheets.workbook(HEADS, [(typed,)], zone=PARIS) as file:
        found = load_workbook(io.BytesIO(file.read())).worksheets[0]["A2"]
    assert found.data_type == "s"
    assert found.value == typed


@example([("Ana\uffff\ufffe", 1)])
@given(st.lists(st.tuples(st.text(max_size=40), st.integers(-(10**9), 10**9)), max_size=8))
def test_any_text_and_any_figure_come_back(rows: list[tuple[str, int]]) -> None:
    read = as_csv(rows)[1:]
    assert [int(figure) for _, figure in read] == [figure for _, figure in rows]
    texts = [text for text, _ in read]
    for (given_, _), text in zip(rows, texts, strict=True):
        assert text in (given_, f"'{given_}")
    (sheet,) = as_excel(rows)
    assert [row[1] for row in sheet[1:]] == [figure for _, figure in rows]


def test_a_workbook_goes_on_to_another_sheet_where_one_is_full() -> None:
    first, second = as_excel([(f"{i}",) for i in range(5)], most_rows=4)
    assert [row[0] for row in first] == ["Client", "0", "1", "2"]
    assert [row[0] for row in second] == ["Client", "3", "4"]


def test_an_empty_list_has_its_heads() -> None:
    assert as_csv([]) == [list(HEADS)]
    assert as_excel([]) == [[HEADS]]


def test_rows_are_read_while_the_file_is_sent() -> None:
    read: list[int] = []

    def rows():
        for i in range(3 * sheets.AT_ONCE):
            read.append(i)
            yield (i,)

    parts = sheets.text(("n",), rows(), zone=PARIS)
    next(parts)
    assert read == []
    next(parts)
    assert len(read) == sheets.AT_ONCE
