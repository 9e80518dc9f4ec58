# SPDX-License-Identifier: Apache-2.0
"""Keep the made pages of docs/ equal to what the code would make today."""

import re
import tomllib

import pytest

from tests.house import pages, rows


@pytest.mark.parametrize("name", pages.PAGES)
def test_a_made_page_is_current(name: str) -> None:
    assert (pages.ROOT / name).read_text() == pages.PAGES[name](), "run ./run docs"


def test_every_row_mark_names_a_row_of_the_specification() -> None:
    assert rows.tests_by_row().keys() <= rows.row_ids()


def test_the_version_is_the_changelogs() -> None:
    newest = re.search(r"^## (\S+)", (pages.ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    declared = tomllib.loads((pages.ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert newest is not None
    assert newest[1] == declared


def test_the_help_of_run_names_every_verb() -> None:
    script = (pages.ROOT / "run").read_text()
    verbs = re.findall(r"^([a-z |]+)\) ", script.split("case $verb in")[1], re.MULTILINE)
    for verb in (v.strip() for group in verbs for v in group.split("|")):
        assert f"  ./run {verb}" in script, verb
