# SPDX-License-Identifier: Apache-2.0
"""Stories that the hub tells run on the same database as the hub's own tests."""

from tests.hub.conftest import django_db_modify_db_settings

__all__ = ["django_db_modify_db_settings"]
