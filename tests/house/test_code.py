# SPDX-License-Identifier: Apache-2.0
"""Hold the code to the house's sizes and words."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("loyalty", "firmware", "hub", "provisioning", "docs", "tests")
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
MODULE_LINES = 400
FUNCTION_LINES = 70
FORBIDDEN_WORDS = ("manager", "helper", "helpers", "util", "utils")


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text())


@pytest.mark.parametrize("name", MODULES)
def test_a_module_fits_in_four_hundred_lines(name: str) -> None:
    assert (ROOT / name).read_text().count("\n") <= MODULE_LINES


@pytest.mark.parametrize("name", MODULES)
def test_a_function_fits_on_one_page(name: str) -> None:
    too_long = {
        node.name: length
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert not too_long


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_why_it_exists(name: str) -> None:
    tree = parsed(name)
    empty_face = name.endswith("__init__.py") and not tree.body
    assert empty_face or ast.get_docstring(tree), "open with one sentence: why it exists"


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_named_after_nothing(name: str) -> None:
    named = [Path(name).stem] + [
        node.name
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    assert not [word for word in named if _words(word) & set(FORBIDDEN_WORDS)]


def test_pages_hold_no_models() -> None:
    for app in ("console", "portal"):
        assert not list((ROOT / "hub" / app).glob("models*"))


def _words(name: str) -> set[str]:
    """Split `LoyaltyHelper` or `loyalty_helper` into its words."""
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name)
    return set(spaced.replace("_", " ").lower().split())
