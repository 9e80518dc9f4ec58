# SPDX-License-Identifier: Apache-2.0
"""Tell which rows of the specification a test shows, and which none does yet."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Chapter:
    letter: str
    title: str
    rows: tuple[Row, ...]


def chapters() -> tuple[Chapter, ...]:
    """Read rows.txt: `A Accounts` opens a chapter, `A1 …` is a row of it."""
    lines = [line.split(" ", 1) for line in (HERE / "rows.txt").read_text().splitlines()]
    return tuple(
        Chapter(
            letter,
            title,
            tuple(Row(i, t) for i, t in lines if i[0] == letter and len(i) > 1),
        )
        for letter, title in lines
        if len(letter) == 1
    )


def row_ids() -> frozenset[str]:
    return frozenset(row.id for chapter in chapters() for row in chapter.rows)


def tests_by_row() -> dict[str, list[str]]:
    """Map a row's id to the tests that carry its mark, as `path::name`."""
    shown: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        where = path.relative_to(ROOT).as_posix()
        for row_id, name in _marks(ast.parse(path.read_text())):
            shown.setdefault(row_id, []).append(f"{where}::{name}")
    return shown


def page() -> str:
    """Render docs/rows.md."""
    shown = tests_by_row()
    every = row_ids()
    parts = [
        "# The rows of the specification, and the tests that show them",
        "Made by `./run docs` from the `@pytest.mark.row` marks; do not edit by hand.",
        "A row is done when a test shows it through the surface its user touches.",
        f"**{len(every & shown.keys())} of {len(every)} rows have a test.**",
    ]
    for chapter in chapters():
        lines = ["| row | what | shown by |", "|---|---|---|"]
        lines += [
            f"| {row.id} | {row.title} | {_cell(shown.get(row.id, []))} |" for row in chapter.rows
        ]
        parts += [f"## {chapter.letter} · {chapter.title}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (row id, name of the test, its class or its module) for each mark."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                for decorator in node.decorator_list:
                    yield from ((row_id, node.name) for row_id in _ids(decorator))
            case ast.Assign(targets=[ast.Name(id="pytestmark")]):
                for value in ast.walk(node.value):
                    yield from ((row_id, "(all)") for row_id in _ids(value))


def _ids(node: ast.AST) -> list[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="row", value=ast.Attribute(attr="mark")), args=args):
            return [arg.value for arg in args if isinstance(arg, ast.Constant)]
    return []


def _cell(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or "no test yet"
