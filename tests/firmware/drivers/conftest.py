# SPDX-License-Identifier: Apache-2.0
"""Let the contract explain its failures as a test module does."""

import pytest

pytest.register_assert_rewrite("tests.firmware.drivers.contract")
