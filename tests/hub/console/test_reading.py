# SPDX-License-Identifier: Apache-2.0
"""Lists as people send them: every kind of CSV, workbooks, and what is neither."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from hub.console import reading
from hub.console.reading import Unreadable, lines

TOLD = [("Nom", "Prix"), ("Éclair", "3,20")]


def read(content: bytes) -> list[tuple[str, ...]]:
    return [line.cells for line in lines(io.BytesIO(content))]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


@pytest.mark.row("D5", "M6")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_kind_of_csv_is_read(encoding: str, mark: str, end: str) -> None:
    price = '"3,20"' if mark == "," else "3,20"
    assert read(end.join([f"Nom{mark}Prix", f"Éclair{mark}{price}"]).encode(encoding)) == TOLD


def test_a_quoted_cell_may_hold_line_breaks_and_lines_count_as_in_the_file() -> None:
    text = 'Nom;Note\n"Pain";"deux\nlignes ; et ""guillemets"""\n\nFlan;fin\n'
    found = list(lines(io.BytesIO(text.encode())))
    assert [line.n for line in found] == [1, 2, 5]
    assert found[1].cells == ("Pain", 'deux\nlignes ; et "guillemets"')


def test_the_sign_before_a_formula_in_our_own_files_is_ours() -> None:
    assert read(b"Nom;Prix\n'=SUM(A1);'quoted\n")[1] == ("=SUM(A1)", "'quoted")


def test_cells_of_a_workbook_read_as_they_would_be_typed() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["EAN", "Prix", "TVA", "Né", "Pro", "Vide"])
    sheet.append([3017620422003, 1.35, 0.055, date(1980, 12, 24), True, None])
    sheet["C2"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue())[1] == ("3017620422003", "1.35", "5.5", "1980-12-24", "1")


def test_a_line_that_says_nothing_is_none() -> None:
    assert read(workbook(("Nom",), (None,), ("Pain",))) == [("Nom",), ("Pain",)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ancien classeur"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ni un CSV ni un classeur"),
        (b"Nom;Prix\n\x81\x8d\x9d;1\n", "lettres sont illisibles"),
        (b"PK\x03\x04 and nothing more", "ne s’ouvre pas"),
        (packed(**{"word/document.xml": b"<w/>"}), "ne s’ouvre pas"),
        (b"Nom\n" + b"x" * 3000 + b"\n", "Ligne 2 : une case est trop longue"),
        (b'Nom\n"' + b"x" * 200_000 + b'"\n', "ni un CSV"),
    ],
)
def test_what_is_no_list_is_said_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    bomb = packed(**{"xl/worksheets/sheet1.xml": b"0" * (reading.MOST_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable, match="trop grand une fois ouvert"):
        read(bomb)


def test_a_zip_that_lies_about_its_size_is_no_more_than_it_says() -> None:
    honest = packed(**{"xl/workbook.xml": b"0" * 1_000_000})
    size = (1_000_000).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(Unreadable, match="ne s’ouvre pas"):
        read(lying)


def test_a_workbook_that_defines_entities_is_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa">]><l>&a;</l>'
    with pytest.raises(Unreadable, match="ne s’ouvre pas"):
        read(packed(**{"xl/workbook.xml": laughs}))


def test_a_cell_far_out_makes_no_row_of_a_thousand_columns() -> None:
    book = Workbook()
    book.active["A1"] = "Nom"
    book.active["XFD2"] = "loin"
    out = io.BytesIO()
    book.save(out)
    assert all(len(cells) <= reading.MOST_COLUMNS for cells in read(out.getvalue()))
