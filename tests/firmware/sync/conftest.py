# SPDX-License-Identifier: Apache-2.0
"""Sync stands on the store: its tests use the store's shelf."""

from tests.firmware.store.conftest import shelf

__all__ = ["shelf"]
