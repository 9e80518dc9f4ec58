# SPDX-License-Identifier: Apache-2.0
"""Tests of the hub, on a database file of their own."""
