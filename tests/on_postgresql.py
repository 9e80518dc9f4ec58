# SPDX-License-Identifier: Apache-2.0
"""`pytest -p tests.on_postgresql …`: the hub's tests meet a PostgreSQL server instead of SQLite.

The process that was started first makes it; its workers find it in their environment.
"""

import os
from contextlib import ExitStack
from typing import Final

import pytest

SERVER: Final = "COMPTOIR_TEST_SERVER"
"""The environment's word for a database that others can be made beside; empty: SQLite."""

_server = ExitStack()


def pytest_load_initial_conftests() -> None:
    """Start the server before anybody reads the hub's settings."""
    if SERVER not in os.environ:
        from tests import postgres

        os.environ[SERVER] = _server.enter_context(postgres.running()).url()


def pytest_report_header() -> str:
    """Say so."""
    return "hub: PostgreSQL"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop it."""
    _server.close()
