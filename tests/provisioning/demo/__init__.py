# SPDX-License-Identifier: Apache-2.0
"""Tests of the demo: what it makes up, and what it starts and stops."""
