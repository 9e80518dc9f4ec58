# SPDX-License-Identifier: Apache-2.0
"""Tests of the house itself: sizes, words, doors, and pages that may not go stale."""
