# SPDX-License-Identifier: Apache-2.0
"""One terminal in one bakery for each test."""

from collections.abc import Iterator

import pytest

from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import Bakery, bakery

__all__ = ["bakery", "glass"]


@pytest.fixture
def glass(bakery: Bakery) -> Iterator[Glass]:
    bench = Glass(bakery)
    yield bench
    bench.close()
