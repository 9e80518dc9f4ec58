# SPDX-License-Identifier: Apache-2.0
"""A store of a terminal that has just started."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.firmware.store.shelf import Shelf, closing_quietly


@pytest.fixture
def shelf(ram: Path) -> Iterator[Shelf]:
    opened = Shelf(ram)
    yield opened
    closing_quietly(opened)
