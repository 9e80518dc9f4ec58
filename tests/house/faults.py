# SPDX-License-Identifier: Apache-2.0
"""Tell which test shows each numbered fault, and which takes the defence out to see it missed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NAMED = re.compile(r"test_fault_(\d+)_(without_)?")
OUTSIDE = frozenset({"long", "postgresql"})
"""Marks of tests that the shortest run leaves out."""


@dataclass(frozen=True, slots=True)
class Fault:
    number: int
    title: str
    expected: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A test that carries a fault's number in its name."""

    number: int
    test: str
    holds: bool
    """Whether it shows what is expected, and not only what happens without the defence."""
    removes: bool
    """Whether it shows what happens without the defence."""
    always: bool
    """Whether the shortest run has it."""


def faults() -> tuple[Fault, ...]:
    """Read faults.txt: number, what breaks | what is expected; 46 to 48 come with the updates."""
    found = []
    for line in (HERE / "faults.txt").read_text().splitlines():
        number, text = line.split(" ", 1)
        title, expected = text.split(" | ")
        found.append(Fault(int(number), title, expected))
    return tuple(found)


def shown() -> tuple[Shown, ...]:
    """Every test that is named after a fault."""
    found: list[Shown] = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text()
        if "test_fault_" in text:
            found += _of(path.relative_to(ROOT).as_posix(), text)
    return tuple(found)


def page() -> str:
    """Render docs/faults.md."""
    tests = shown()
    parts = [
        "# What breaks, what is expected, and the tests that show it",
        "Made by `./run docs` from the names of the tests (`test_fault_12_…`); do not edit by hand.",
        "In the last column the defence is taken out, to see that the test would notice.",
        "46 to 48 belong to the updates of a terminal's software.",
    ]
    lines = ["| fault | what breaks | expected | shown by | without the defence |"]
    lines.append("|---|---|---|---|---|")
    for fault in faults():
        mine = [one for one in tests if one.number == fault.number]
        cells = [
            str(fault.number),
            fault.title,
            fault.expected,
            _cell([one.test for one in mine if one.holds]),
            _cell([one.test for one in mine if one.removes]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n\n".join([*parts, "\n".join(lines)]) + "\n"


def _of(where: str, text: str) -> Iterator[Shown]:
    tree = ast.parse(text)
    everywhere = _marks([n for n in tree.body if isinstance(n, ast.Assign)])
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and (named := NAMED.match(node.name)):
            body = ast.get_source_segment(text, node) or ""
            yield Shown(
                int(named[1]),
                f"{where}::{node.name}",
                holds=not named[2],
                removes="without" in node.name or "without" in body,
                always=not (_marks(node.decorator_list) | everywhere) & OUTSIDE,
            )


def _marks(nodes: list[ast.Assign] | list[ast.expr]) -> set[str]:
    """The names of pytest's marks that are put on a test, or on its module."""
    return {
        one.attr
        for node in nodes
        if not (isinstance(node, ast.Call) and _is_parametrize(node))
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
    }


def _is_parametrize(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "parametrize"


def _cell(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or "no test yet"
