# SPDX-License-Identifier: Apache-2.0
"""Make every run alike: no window, no luck, and row marks that name real rows."""

import os

import pytest
from hypothesis import settings

from tests.house.rows import row_ids

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

# The same examples at each run; a slow machine is no failure.
settings.register_profile("comptoir", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("comptoir")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a mark of a row that the specification does not have."""
    known = row_ids()
    for item in items:
        for mark in item.iter_markers("row"):
            if unknown := set(mark.args) - known:
                raise pytest.UsageError(f"{item.nodeid}: no such row: {', '.join(sorted(unknown))}")
