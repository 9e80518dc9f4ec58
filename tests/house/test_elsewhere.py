# SPDX-License-Identifier: Apache-2.0
"""The tests that are said to see what no simulated world can show are there, by these names."""

import ast
from pathlib import Path

import pytest

from tests.simulation.elsewhere import ELSEWHERE

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("test", [one.test for one in ELSEWHERE])
def test_a_test_that_sees_a_broken_rule_elsewhere_exists(test: str) -> None:
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
