# SPDX-License-Identifier: Apache-2.0
"""Other people's programs measured on the same machine; optional, and never part of the tests."""
