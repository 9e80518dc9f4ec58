# SPDX-License-Identifier: Apache-2.0
"""One stage for the tests of a file, and the hub's own database back for those after them."""

import logging
from collections.abc import Iterator

import pytest

from tests.hub.conftest import django_db_modify_db_settings
from tests.simulation.play import Stage, stage

__all__ = ["django_db_modify_db_settings"]


@pytest.fixture(scope="module")
def here(django_db_blocker) -> Iterator[Stage]:
    """Where worlds are played; what programs log in them is of no interest."""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), stage() as opened:
        yield opened
    logging.disable(logging.NOTSET)
